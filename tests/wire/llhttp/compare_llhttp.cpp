// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Our parser of heads and bodies beside Node's, on generated messages, good and damaged. Whatever
// we take, llhttp takes as the same message; where we refuse what it takes, the reason stands in a
// table below.
#include "tests/wire/llhttp/generated_messages.h"
#include "tests/wire/llhttp/reading.h"

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <algorithm>
#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <map>
#include <regex>

using namespace stickyscope;
using namespace stickyscope::test;
using End = Reading::End;

namespace {

constexpr int messages = 60'000; ///< of each kind; half of them damaged

// What our parser says where it is stricter than llhttp, and why it is.
const std::map<std::string_view, std::string_view>& stricter()
{
    static const std::map<std::string_view, std::string_view> rows {
        {"a line does not end with CR LF",
         "RFC 9112 2.2 lets recipients take a bare LF; some do not"},
        {"a header field is folded over two lines",
         "RFC 9112 5.2: a server rejects it or unfolds it"},
        {"a header field without a proper name", "llhttp lets a colon begin a field"},
        {"a Connection field that is no list, or names what every hop needs",
         "a hop that drops what it names would lose the framing"},
        {"a Content-Length that is no number", "llhttp goes on in the folded line"},
        {"a Transfer-Encoding other than chunked", "no other coding is undone here"},
        {"Transfer-Encoding in HTTP/1.0", "RFC 9112 6.1: its framing is to be taken for faulty"},
        {"a tab in a field that says where a message ends",
         "llhttp takes it for a part of the word"},
        {"a body with a status that has none", "llhttp reads it, RFC 9112 6.3 says there is none"},
        {"its body is too large", "llhttp has no limits"},
        {"a line among the chunks does not end with CR LF", "as in a head"},
        {"a chunk of no proper size", "llhttp lets an extension be empty"},
        {"a trailer field that is none", "as in a head"},
        {"a version other than HTTP/1.1", "llhttp takes 0.9 and 2.0 as well"},
        // Requests.
        {"CONNECT is a proxy's", "a balancer is none"},
        {"a Host field that names no host", "RFC 9112 3.2: 400"},
        {"two Host fields", "RFC 9112 3.2: 400"},
        {"no Host field", "RFC 9112 3.2: 400"},
        {"an address in no known form", "RFC 9112 3.2: * is for OPTIONS, host:port for CONNECT"},
        {"an address without a host", "RFC 3986 3.2.2: or with one of octets that none has"},
        {"an address with octets that no address has", "RFC 9112 3.2: a fragment is never sent"},
        {"an expectation other than 100-continue", "RFC 9110 10.1.1: 417"},
        {"no request line", "llhttp takes a line without a version for HTTP/0.9"},
        // Responses.
        {"it does not begin with HTTP/", "empty lines before a response are forgiven to nobody"},
        {"no status of three digits, or no blank behind it", "RFC 9112 4"},
    };
    return rows;
}

// RFC 9112 3.2.2: we go by an address in absolute form, and put its host in the place of Host;
// 3.2.4: OPTIONS of one without a path is about *.
void toOriginForm(Reading& reading)
{
    const auto target = reading.start.find(' ') + 1;
    const auto scheme = reading.start.find("://");
    if (scheme == std::string::npos || reading.start[target] == '/')
        return;
    const auto path = std::min(reading.start.find_first_of("/?", scheme + 3), reading.start.size());
    reading.fields.set("Host", reading.start.substr(scheme + 3, path - scheme - 3));
    const std::string rest = reading.start.substr(path);
    const bool ofServer = reading.start.starts_with("OPTIONS ") && rest.empty();
    reading.start = reading.start.substr(0, target)
        + (ofServer                    ? "*"
               : rest.starts_with('/') ? ""
                                       : "/")
        + rest;
}

// llhttp 8 takes no second extension behind one with a value ("5;a=b;c"), which RFC 9112 7.1.1
// allows.
bool hasSecondExtension(const std::string& text)
{
    static const std::regex line("\\r\\n[0-9A-Fa-f]+;[^\\r\\n]*=[^\\r\\n]*;");
    return std::regex_search(text, line);
}

bool sameHead(const Reading& ours, const Reading& theirs)
{
    return ours.start == theirs.start && ours.fields == theirs.fields
        && ours.untilClose == theirs.untilClose && ours.keepsAlive == theirs.keepsAlive;
}

// How the two differ where they must not; empty where all is well. `why` is ours where we are
// stricter.
std::string_view differenceOf(const Reading& ours, const Reading& theirs, std::string_view& why)
{
    if (ours.end == End::more)
        return theirs.hasHead() ? "llhttp sees a head where we wait for more of it" : "";
    if (ours.end == End::refused) {
        if (theirs.hasHead())
            why = ours.why;
        return {};
    }
    // Any token may be a method (RFC 9110 9.1); llhttp has a list.
    if (theirs.end == End::refused && theirs.why.starts_with("HPE_INVALID_METHOD"))
        return {};
    if (!theirs.hasHead())
        return "llhttp refuses a head that we take";
    if (!sameHead(ours, theirs))
        return "two heads";
    // RFC 9112 6.3: a 304 has no body, whatever its length tells of another answer; llhttp waits.
    if (ours.start.starts_with("304"))
        return {};
    if (ours.end == End::broken) {
        if (theirs.end != End::broken)
            why = ours.why;
        return {};
    }
    if (ours.end == End::complete)
        return ours == theirs ? "" : "two bodies";
    return theirs.end == End::complete ? "llhttp sees an end where we wait for more" : "";
}

std::string visible(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        std::array<char, 8> code {};
        std::snprintf(code.data(), code.size(), "\\x%02x", static_cast<unsigned char>(letter));
        result += letter >= ' ' && letter <= '~' ? std::string(1, letter) : code.data();
    }
    return result;
}

} // namespace

TEST_CASE("llhttp takes what we take, as the same message; where it takes more, there is a reason")
{
    GeneratedMessages generated(20'260'101);
    std::map<std::string, int> seen;
    int taken = 0;
    for (int number = 0; number < 2 * messages; ++number) {
        const bool request = number % 2 == 0;
        std::string text = request ? generated.request() : generated.response();
        if (number % 4 > 1)
            text = generated.damaged(text);
        const Reading ours = readByUs(text, request);
        Reading theirs = readByLlhttp(text, request);
        if (request && theirs.hasHead())
            toOriginForm(theirs);
        std::string_view why;
        const std::string_view difference = differenceOf(ours, theirs, why);
        if (difference == "two bodies" && hasSecondExtension(text))
            continue;
        if (!difference.empty() || (!why.empty() && !stricter().contains(why))) {
            CAPTURE(visible(text));
            CAPTURE(why);
            CAPTURE(theirs.why);
            FAIL_CHECK(difference);
        }
        taken += ours.end == End::complete ? 1 : 0;
        if (!why.empty())
            ++seen[std::string(why)];
    }
    // Neither side of the comparison is empty, and no reason is there for nothing.
    MESSAGE(taken << " messages are taken by both");
    CHECK(taken > messages / 3);
    for (const auto& rule : stricter()) {
        CAPTURE(rule.first);
        CHECK(seen[std::string(rule.first)] > 0);
    }
}
