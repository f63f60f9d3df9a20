// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// HTTP messages from outside, for libFuzzer (.ci/full). The first octet says whether it is a
// request or a response, the second in what steps it comes. What must hold: the same messages are
// read however the octets come; and what the balancer writes of a request is read as that one
// request, by the same strict reader.
#include "sim/lab/proxy_heads.h"
#include "sim/wire/message_stream.h"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace stickyscope;

namespace {

// All that was read: heads, bodies, ends, and what was wrong.
struct Transcript
{
    std::string text;
    std::string written; ///< the requests, as the balancer would send them on

    bool operator==(const Transcript&) const = default;
};

void note(const http::Fields& fields, Transcript& transcript)
{
    for (const http::Field& field : fields)
        transcript.text += field.name + "=" + field.value + "\n";
}

void head(wire::RequestStream& stream, Transcript& transcript)
{
    const http::RequestHead& request = stream.head();
    transcript.text += "(" + request.method + " " + request.target + "\n";
    note(request.fields, transcript);
    http::Fields cookies;
    for (const std::string_view cookie : request.fields.all("Cookie"))
        cookies.add("Cookie", cookie);
    lab::writeRequest(transcript.written, request, cookies,
                      {.clientAddress = "192.0.2.1",
                       .requestId = "id",
                       .host = "replica",
                       .framing = stream.framing(),
                       .length = stream.length(),
                       .webSocket = lab::asksForWebSocket(request, stream.framing())});
}

void head(wire::ResponseStream& stream, Transcript& transcript)
{
    transcript.text += "(" + std::to_string(stream.head().status) + "\n";
    note(stream.head().fields, transcript);
}

template <typename Stream>
Transcript readAll(std::string_view octets, std::size_t step)
{
    Stream stream;
    Transcript transcript;
    while (!octets.empty()) {
        stream.put(octets.substr(0, step));
        octets.remove_prefix(std::min(step, octets.size()));
        for (auto part = stream.next(); part != wire::Part::needsMore; part = stream.next()) {
            if (part == wire::Part::malformed) {
                transcript.text += "!";
                return transcript;
            }
            const bool chunked = stream.framing() == wire::Framing::chunked;
            if (part == wire::Part::head)
                head(stream, transcript);
            if (part == wire::Part::body) {
                transcript.text += stream.piece();
                transcript.written += stream.piece();
            }
            if (part == wire::Part::end)
                transcript.text += ")";
            // The test of what is written needs bodies of a known length alone.
            if (chunked && part == wire::Part::end)
                transcript.written.clear();
        }
    }
    return transcript;
}

int requestsIn(std::string_view text)
{
    wire::RequestStream stream;
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

void oneRequestStaysOne(std::string_view octets)
{
    wire::RequestStream stream;
    stream.put(octets);
    if (stream.next() != wire::Part::head || stream.framing() == wire::Framing::chunked)
        return;
    Transcript transcript;
    head(stream, transcript);
    for (auto part = stream.next(); part != wire::Part::end; part = stream.next()) {
        if (part != wire::Part::body)
            return;
        transcript.written += stream.piece();
    }
    // The fields that the balancer adds may make it too large for a reader with the same limits.
    if (transcript.written.size() < (std::size_t {16} << 10U)
        && requestsIn(transcript.written) != 1)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 2), size - 2);
    const std::size_t step = 1 + data[1];
    if (data[0] % 2 == 0) {
        if (readAll<wire::RequestStream>(text, text.size())
            != readAll<wire::RequestStream>(text, step))
            std::abort();
        oneRequestStaysOne(text);
    } else if (readAll<wire::ResponseStream>(text, text.size())
               != readAll<wire::ResponseStream>(text, step)) {
        std::abort();
    }
    return 0;
}
