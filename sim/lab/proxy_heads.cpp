// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/proxy_heads.h"

#include "sim/http/field_list.h"
#include "sim/http/reason_phrase.h"

#include <algorithm>
#include <vector>

namespace stickyscope::lab {

namespace {

using http::equalIgnoringCase;

// Of known length: these are appended often.
constexpr std::string_view colon = ": ";
constexpr std::string_view lineEnd = "\r\n";

// The fields that the message's own Connection fields name.
std::vector<std::string_view> namedByConnection(const http::Fields& fields)
{
    std::vector<std::string_view> names;
    for (std::string_view list : fields.all("Connection")) {
        while (!list.empty()) {
            const std::string_view option = http::takeOption(list);
            if (!option.empty() && !equalIgnoringCase(option, "close")
                && !equalIgnoringCase(option, "keep-alive"))
                names.push_back(option);
        }
    }
    return names;
}

bool isOneOf(std::string_view name, const std::vector<std::string_view>& names)
{
    return std::any_of(names.begin(), names.end(),
                       [name](std::string_view other) { return equalIgnoringCase(name, other); });
}

// By length first: nearly all fields are none of these.
bool isHopByHop(std::string_view name)
{
    switch (name.size()) {
    case 2:
        return equalIgnoringCase(name, "TE");
    case 7:
        return equalIgnoringCase(name, "Upgrade") || equalIgnoringCase(name, "Trailer");
    case 10:
        return equalIgnoringCase(name, "Connection") || equalIgnoringCase(name, "Keep-Alive");
    case 14:
        return equalIgnoringCase(name, "Content-Length");
    case 16:
        return equalIgnoringCase(name, "Proxy-Connection");
    case 17:
        return equalIgnoringCase(name, "Transfer-Encoding");
    default:
        return false;
    }
}

// Those that the balancer writes itself.
bool isForwarding(std::string_view name)
{
    switch (name.size()) {
    case 4:
        return equalIgnoringCase(name, "Host");
    case 6:
        return equalIgnoringCase(name, "Cookie");
    case 12:
        return equalIgnoringCase(name, "X-Request-Id");
    case 15:
        return equalIgnoringCase(name, "X-Forwarded-For");
    case 16:
        return equalIgnoringCase(name, "X-Forwarded-Host");
    case 17:
        return equalIgnoringCase(name, "X-Forwarded-Proto");
    default:
        return false;
    }
}

void line(std::string& out, std::string_view name, std::string_view value)
{
    out.append(name).append(colon).append(value).append(lineEnd);
}

void statusLine(std::string& out, const http::ResponseHead& head)
{
    out.append("HTTP/1.1 ").append(std::to_string(head.status)).append(" ");
    out.append(head.reason).append(lineEnd);
}

void endToEndFields(std::string& out, const http::Fields& fields)
{
    const auto named = namedByConnection(fields);
    for (const http::Field& field : fields) {
        if (!isHopByHop(field.name) && (named.empty() || !isOneOf(field.name, named)))
            line(out, field.name, field.value);
    }
}

} // namespace

bool asksForWebSocket(const http::RequestHead& head, wire::Framing framing)
{
    return head.method == "GET" && framing == wire::Framing::none
        && http::lists(head.fields, "Upgrade", "websocket")
        && http::lists(head.fields, "Connection", "upgrade");
}

bool opensWebSocket(const http::ResponseHead& head)
{
    return http::lists(head.fields, "Upgrade", "websocket");
}

void writeRequest(std::string& out, const http::RequestHead& head, const http::Fields& cookies,
                  const Forwarded& forwarded)
{
    const auto named = namedByConnection(head.fields);
    out.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    const std::string* host = head.fields.find("Host");
    line(out, "Host", host ? std::string_view(*host) : forwarded.host);
    std::string addresses;
    for (const http::Field& field : head.fields) {
        if (!named.empty() && isOneOf(field.name, named))
            continue;
        if (equalIgnoringCase(field.name, "X-Forwarded-For"))
            addresses.append(addresses.empty() ? "" : ", ").append(field.value);
        if (!isHopByHop(field.name) && !isForwarding(field.name))
            line(out, field.name, field.value);
    }
    for (const http::Field& cookie : cookies) {
        if (!isOneOf("Cookie", named))
            line(out, "Cookie", cookie.value);
    }
    if (!forwarded.clientAddress.empty())
        addresses.append(addresses.empty() ? "" : ", ").append(forwarded.clientAddress);
    line(out, "X-Forwarded-For", addresses);
    line(out, "X-Forwarded-Proto", forwarded.secure ? "https" : "http");
    if (host)
        line(out, "X-Forwarded-Host", *host);
    line(out, "X-Request-Id", forwarded.requestId);
    if (forwarded.webSocket) {
        line(out, "Connection", "Upgrade");
        line(out, "Upgrade", "websocket");
    }
    const bool usuallyHasBody =
        head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (forwarded.framing == wire::Framing::chunked)
        line(out, "Transfer-Encoding", "chunked");
    else if (forwarded.framing == wire::Framing::length || usuallyHasBody)
        line(out, "Content-Length", std::to_string(forwarded.length));
    out.append(lineEnd);
}

void writeResponse(std::string& out, const http::ResponseHead& head, const ResponseForm& form)
{
    statusLine(out, head);
    endToEndFields(out, head.fields);
    if (form.closes)
        line(out, "Connection", "close");
    else if (form.http10)
        line(out, "Connection", "keep-alive");
    const std::string* told = form.bodiless ? head.fields.find("Content-Length") : nullptr;
    if (told && head.status != 204)
        line(out, "Content-Length", *told);
    else if (form.framing == wire::Framing::chunked)
        line(out, "Transfer-Encoding", "chunked");
    else if (form.framing != wire::Framing::untilClose && !form.bodiless)
        line(out, "Content-Length", std::to_string(form.length));
    out.append(lineEnd);
}

void writeInterim(std::string& out, const http::ResponseHead& head, bool webSocket)
{
    statusLine(out, head);
    endToEndFields(out, head.fields);
    if (webSocket) {
        line(out, "Connection", "Upgrade");
        line(out, "Upgrade", "websocket");
    }
    out.append(lineEnd);
}

http::ResponseHead ownAnswer(int status, std::chrono::seconds retryAfter, std::string& body)
{
    http::ResponseHead head {.status = status, .reason = std::string(http::reasonPhrase(status))};
    body = std::to_string(status) + " " + head.reason + "\n";
    head.fields.add("Content-Type", "text/plain; charset=utf-8");
    if (status == 405)
        head.fields.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    if (status == 503)
        head.fields.add("Retry-After", std::to_string(retryAfter.count()));
    return head;
}

std::string_view usableRequestId(const http::Fields& fields)
{
    constexpr std::size_t longest = 128;
    const std::string* id = fields.find("X-Request-Id");
    const bool usable = id && !id->empty() && id->size() <= longest
        && std::all_of(id->begin(), id->end(),
                       [](char letter) { return letter > 0x20 && letter < 0x7f; });
    return usable ? std::string_view(*id) : std::string_view();
}

} // namespace stickyscope::lab
