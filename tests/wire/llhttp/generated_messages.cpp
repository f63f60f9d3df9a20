// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/wire/llhttp/generated_messages.h"

#include <array>
#include <cstdio>

namespace stickyscope::test {

namespace {

using namespace std::string_view_literals;

constexpr std::array methods {"GET"sv,      "GET"sv,     "POST"sv,  "HEAD"sv,  "PUT"sv,
                              "DELETE"sv,   "OPTIONS"sv, "PATCH"sv, "TRACE"sv, "PROPFIND"sv,
                              "M-SEARCH"sv, "CONNECT"sv, "BREW"sv};
constexpr std::array targets {"/"sv,
                              "/a/b?c=d&e"sv,
                              "/%41/..;x=1"sv,
                              "//x"sv,
                              "/?"sv,
                              "/a:b@c"sv,
                              "*"sv,
                              "http://a.example/x"sv,
                              "HTTPS://a:8443"sv,
                              "http://[::1]:80/?q"sv,
                              "http://a,b/x"sv,
                              "/a#b"sv,
                              "a:443"sv,
                              "/a|b\"<>^`{}"sv};
constexpr std::array reasons {" OK"sv, " Not Found"sv, " "sv, ""sv, " a  b\tc"sv, " caf\xc3\xa9"sv};
constexpr std::array statuses {"200"sv, "200"sv, "204"sv, "304"sv, "404"sv, "500"sv, "100"sv,
                               "103"sv, "999"sv, "101"sv, "099"sv, "20"sv,  "2000"sv};
constexpr std::array versions {"1.1"sv, "1.1"sv, "1.1"sv, "1.1"sv,
                               "1.0"sv, "1.0"sv, "0.9"sv, "2.0"sv};
constexpr std::array connections {
    "close"sv, "keep-alive"sv,          "Close , x"sv,      "Upgrade"sv,
    "x,y"sv,   "keep-alive, Upgrade"sv, "content-length"sv, ""sv};
constexpr std::array hosts {"a"sv, "a.example:80"sv, "[::1]:8000"sv, ""sv, "a b"sv, "u@a"sv};
constexpr std::array lengths {"0"sv,          "5"sv,  "05"sv, "+5"sv,  "5, 5"sv,
                              "5 5"sv,        "-1"sv, ""sv,   "0x5"sv, "18446744073709551616"sv,
                              "99999999999"sv};
constexpr std::array codings {"chunked"sv,  "Chunked"sv,  "gzip, chunked"sv, "chunked, chunked"sv,
                              "identity"sv, "xchunked"sv, "chunked;q=1"sv,   "chunked, gzip"sv};
// What parsers stumble over, each put where chance wants it.
constexpr std::array wedges {"\r"sv,   "\n"sv, "\r\n"sv,  "\n\r"sv, "\0"sv,   " "sv,
                             "\t"sv,   ":"sv,  ";"sv,     ","sv,    "\x7f"sv, "\x80"sv,
                             "\x01"sv, "0"sv,  "\r\n "sv, "\""sv,   "\v"sv,   "a"sv};
constexpr std::string_view tokens = "abcdefgXYZ019!#$%&'*+-.^_`|~";
constexpr std::string_view values = "abc XYZ\t019,;=\"()<>@[]{}?/\\\xc3\xa9\xff";
constexpr std::string_view octets = "hello\r\n\0GET / HTTP/1.1\r\n"sv;

} // namespace

std::string GeneratedMessages::word(std::string_view letters, std::size_t longest)
{
    std::string text(1 + below(longest), ' ');
    for (char& letter : text)
        letter = letters[below(letters.size())];
    return text;
}

std::string GeneratedMessages::field()
{
    switch (below(12)) {
    case 0:
        return "Connection: " + std::string(oneOf(connections)) + "\r\n";
    case 1:
        return "Cookie: a=1; " + word(tokens, 6) + "=" + word(tokens, 6) + "\r\n";
    case 2:
        return "Upgrade: websocket\r\n";
    case 3:
        return "Proxy-Connection: keep-alive\r\n";
    case 4:
        return once(2) ? "Expect: 100-continue\r\n" : "Expect: x\r\n";
    default:
        return word(tokens, 9) + ":" + std::string(below(3), ' ') + word(values, 20)
            + std::string(below(2), '\t') + "\r\n";
    }
}

std::string GeneratedMessages::chunks()
{
    std::string text;
    for (std::size_t count = below(3); count > 0; --count) {
        const std::string data = word(octets, 20);
        std::array<char, 16> size {};
        std::snprintf(size.data(), size.size(), once(2) ? "%zx" : "0%zX", data.size());
        text += size.data();
        if (once(3))
            text += ";" + word(tokens, 4) + (once(2) ? "=" + word(tokens, 4) : "=\"q v\"");
        text += "\r\n" + data + "\r\n";
    }
    text += "0\r\n";
    if (once(3))
        text += (once(12) ? ":T-" : "T-") + word(tokens, 4) + ": " + word(tokens, 8) + "\r\n";
    return text + "\r\n";
}

// The body, and the field that frames it.
std::string GeneratedMessages::framedBody(std::string& fields)
{
    switch (below(8)) {
    case 0:
    case 1: {
        std::string body = word(octets, 30);
        fields += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        return body;
    }
    case 2:
    case 3:
        fields += "Transfer-Encoding: chunked\r\n";
        return chunks();
    case 4:
        fields += "Content-Length: " + std::string(oneOf(lengths)) + "\r\n";
        return "hello";
    case 5:
        fields += "Transfer-Encoding: " + std::string(oneOf(codings)) + "\r\n";
        if (once(4))
            fields += "Content-Length: 5\r\n";
        return chunks();
    default:
        return {};
    }
}

std::string GeneratedMessages::request()
{
    std::string fields =
        once(12) ? "" : "Host: " + std::string(once(4) ? oneOf(hosts) : hosts[0]) + "\r\n";
    for (std::size_t count = below(4); count > 0; --count)
        fields += field();
    const std::string body = framedBody(fields);
    const std::string target(once(3) ? oneOf(targets) : targets[below(4)]);
    const std::string version(once(3) ? oneOf(versions) : versions[0]);
    return std::string(once(20) ? "\r\n" : "") + std::string(oneOf(methods)) + " " + target
        + " HTTP/" + version + "\r\n" + fields + "\r\n" + body
        + (once(3) ? "GET /next HTTP/1.1\r\n" : "");
}

std::string GeneratedMessages::response()
{
    std::string fields;
    for (std::size_t count = below(4); count > 0; --count)
        fields += once(4) ? "Set-Cookie: a=" + word(tokens, 6) + "; Path=/\r\n" : field();
    const std::string body = framedBody(fields);
    const std::string version(once(3) ? oneOf(versions) : versions[0]);
    const std::string status(once(3) ? oneOf(statuses) : statuses[0]);
    return "HTTP/" + version + " " + status + std::string(oneOf(reasons)) + "\r\n" + fields + "\r\n"
        + body + (once(4) ? "HTTP/1.1 200 OK\r\n" : "");
}

std::string GeneratedMessages::damaged(std::string message)
{
    for (std::size_t count = 1 + below(3); count > 0 && !message.empty(); --count) {
        const std::size_t place = below(message.size());
        const std::size_t lineEnd = message.find("\r\n", place);
        switch (below(6)) {
        case 0:
            message.erase(place, 1);
            break;
        case 1:
            message.resize(place);
            break;
        case 2: // one of a line's ends
            if (lineEnd != std::string::npos)
                message.erase(lineEnd + below(2), 1);
            break;
        case 3: // a line stands twice
            if (const std::size_t next =
                    lineEnd == std::string::npos ? lineEnd : message.find("\r\n", lineEnd + 2);
                next != std::string::npos)
                message.insert(next, message.substr(lineEnd, next - lineEnd));
            break;
        default:
            message.insert(place, oneOf(wedges));
            break;
        }
    }
    return message;
}

} // namespace stickyscope::test
