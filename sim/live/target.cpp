// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/target.h"

#include "sim/http/authorization.h"
#include "sim/http/cookie.h"
#include "sim/live/curl_command.h"
#include "sim/live/sticky_cookie.h"

#include <algorithm>
#include <cctype>

namespace stickyscope::live {

namespace {

bool hasControl(std::string_view text, unsigned char least)
{
    return std::any_of(text.begin(), text.end(),
                       [least](unsigned char octet) { return octet < least || octet == 0x7f; });
}

Outcome<Target> checked(Target target)
{
    if (const std::string fault = faultIn(target); !fault.empty())
        return Outcome<Target>::failure(fault);
    return target;
}

} // namespace

std::string faultIn(const Target& target)
{
    const std::string& method = target.request.method;
    if (method.empty() || !std::all_of(method.begin(), method.end(), [](unsigned char c) {
            return std::isalpha(c);
        }))
        return "the method must be letters, such as GET";
    if (hasControl(target.request.target, 0x21))
        return "the address holds a space or a control character; write it percent-encoded";
    if (hasControl(target.cookies, 0x20))
        return "the cookies hold a control character";
    for (const http::Field& field : target.request.fields) {
        if (hasControl(field.name, 0x21) || hasControl(field.value, 0x20))
            return "the field " + field.name.substr(0, 40) + " holds a control character";
        for (const char* framing :
             {"Transfer-Encoding", "Content-Length", "Connection", "Upgrade"}) {
            if (http::equalIgnoringCase(field.name, framing))
                return "the field " + field.name + " is Stickyscope's own to set";
        }
    }
    return {};
}

Outcome<Target> parseTarget(std::string_view text)
{
    text = http::trimmed(text);
    const std::string_view program = text.substr(0, text.find_first_of(" \t"));
    if (program == "curl" || program.ends_with("/curl")) {
        const auto target = parseCurlCommand(text);
        return target ? checked(*target) : target;
    }
    std::string why;
    const auto url = http::parseUrl(text, &why);
    if (!url)
        return Outcome<Target>::failure(why);
    Target target;
    target.endpoint.url = *url;
    target.request.target = url->target();
    if (!url->userInfo.empty())
        target.request.fields.add("Authorization",
                                  http::basicAuthorization(http::percentDecoded(url->userInfo)));
    target.endpoint.url.userInfo.clear();
    return checked(std::move(target));
}

bool Target::gives(std::string_view cookie) const
{
    const auto given = http::parseCookieField(cookies);
    return std::any_of(given.begin(), given.end(),
                       [cookie](const http::CookiePair& one) { return one.name == cookie; });
}

Target atPath(const Target& target, std::string_view path)
{
    Target other = target;
    other.request.target = path;
    other.request.method = "GET";
    other.body.clear();
    const auto question = path.find('?');
    other.endpoint.url.path = path.substr(0, question);
    other.endpoint.url.query =
        question == std::string_view::npos ? "" : std::string(path.substr(question + 1));
    return other;
}

http::CookieJar jarFor(Target& target, std::string_view sticky)
{
    http::CookieJar jar = target.initialJar;
    std::string others;
    for (const http::CookiePair& pair : http::parseCookieField(target.cookies)) {
        if (pair.name == sticky || fingerprintOf(pair.name, pair.value)) {
            jar.insert({.name = std::string(pair.name),
                        .value = std::string(pair.value),
                        .domain = target.endpoint.url.host,
                        .path = "/"});
            continue;
        }
        others +=
            (others.empty() ? "" : "; ") + std::string(pair.name) + "=" + std::string(pair.value);
    }
    target.cookies = others;
    return jar;
}

http::RequestHead requestFor(const Target& target, const std::string& cookies,
                             const std::string& requestId)
{
    http::RequestHead head = target.request;
    http::Fields fields;
    const std::string* host = head.fields.find("Host");
    fields.add("Host", host ? *host : target.endpoint.url.authority());
    for (const http::Field& field : head.fields) {
        if (!http::equalIgnoringCase(field.name, "Host")
            && !http::equalIgnoringCase(field.name, "User-Agent"))
            fields.add(field.name, field.value);
    }
    // Who is asked shall see who asks.
    fields.add("User-Agent", "Stickyscope/" STICKYSCOPE_VERSION);
    if (!fields.find("Accept"))
        fields.add("Accept", "*/*");
    std::string all = target.cookies;
    if (!cookies.empty())
        all += (all.empty() ? "" : "; ") + cookies;
    if (!all.empty())
        fields.add("Cookie", all);
    if (target.requestId && !requestId.empty())
        fields.add("X-Request-Id", requestId);
    head.fields = std::move(fields);
    return head;
}

} // namespace stickyscope::live
