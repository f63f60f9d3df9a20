// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests from outside. The first octet says in what steps they come. The same requests are read
// however the octets come; and what the balancer writes of a request is read as that one request,
// by the same strict reader.
#include "sim/lab/proxy_heads.h"
#include "tests/fuzz/messages.h"

using namespace stickyscope;

namespace {

// How many whole requests stand there; -1 where that is in doubt. There is room for what the
// balancer adds to one that has reached the limits.
int requestsIn(std::string_view text)
{
    wire::MessageLimits limits;
    limits.requestFields += 16;
    limits.field += 1024;
    limits.requestHead += 4096;
    wire::RequestStream stream(limits);
    stream.put(text);
    int ends = 0;
    while (true) {
        const auto part = stream.next();
        if (part == wire::Part::malformed)
            return -1;
        if (part == wire::Part::needsMore)
            return stream.hasBegun() ? -1 : ends;
        ends += part == wire::Part::end ? 1 : 0;
    }
}

std::string writtenAnew(const wire::RequestStream& stream)
{
    const http::RequestHead& request = stream.head();
    http::Fields cookies;
    for (const std::string_view cookie : request.fields.all("Cookie"))
        cookies.add("Cookie", cookie);
    std::string text;
    lab::writeRequest(text, request, cookies,
                      {.clientAddress = "192.0.2.1",
                       .requestId = "id",
                       .host = "replica",
                       .framing = stream.framing(),
                       .length = stream.length(),
                       .webSocket = lab::asksForWebSocket(request, stream.framing())});
    return text;
}

void oneRequestStaysOne(std::string_view octets)
{
    wire::RequestStream stream;
    stream.put(octets);
    if (stream.next() != wire::Part::head)
        return;
    std::string text = writtenAnew(stream);
    const bool chunked = stream.framing() == wire::Framing::chunked;
    for (auto part = stream.next(); part != wire::Part::end; part = stream.next()) {
        if (part != wire::Part::body)
            return;
        if (!chunked)
            text += stream.piece();
    }
    text += chunked ? "0\r\n\r\n" : "";
    fuzz::require(requestsIn(text) == 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view text = fuzz::textOf(data + 1, size - 1);
    fuzz::require(fuzz::transcriptOf<wire::RequestStream>(text, text.size())
                  == fuzz::transcriptOf<wire::RequestStream>(text, 1 + data[0]));
    oneRequestStaysOne(text);
    return 0;
}
