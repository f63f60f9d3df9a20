// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Each size up to which messages are read: at it a message passes, beyond it does not.
#include "sim/wire/message_stream.h"

#include <doctest/doctest.h>

using namespace stickyscope::wire;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string ok = "HTTP/1.1 200 OK\r\n";

// The status of the refusal, or 0. All of `text` is one message.
template <typename Stream>
int refusalOf(const std::string& text)
{
    Stream stream;
    stream.put(text);
    while (true) {
        switch (stream.next()) {
        case Part::malformed:
            if constexpr (std::is_same_v<Stream, RequestStream>)
                return stream.refusal();
            return 400;
        case Part::needsMore:
        case Part::end:
            return 0;
        case Part::head:
        case Part::body:
            break;
        }
    }
}

int request(const std::string& text)
{
    return refusalOf<RequestStream>(text);
}

int response(const std::string& text)
{
    return refusalOf<ResponseStream>(text);
}

std::string fields(std::size_t count)
{
    std::string text;
    for (; count > 0; --count)
        text += "X: y\r\n";
    return text + "\r\n";
}

// A field line of so many octets, without its end.
std::string lineOf(std::size_t octets)
{
    return "X: " + std::string(octets - 3, 'y');
}

// Filled up to so many octets in all.
std::string filled(std::string head, std::size_t octets)
{
    constexpr std::size_t step = 8000;
    while (octets - head.size() > 2 * step)
        head += lineOf(step) + "\r\n";
    head += lineOf(octets - head.size() - 4) + "\r\n\r\n";
    return head;
}

std::string chunked(const std::string& chunks)
{
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

} // namespace

TEST_CASE("A request line of 8,192 octets passes; longer is a 414")
{
    const auto line = [](std::size_t octets) {
        return "GET /" + std::string(octets - 14, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(request(line(8192)) == 0);
    CHECK(request(line(8193)) == 414);
}

TEST_CASE("A request's head of 32 KiB passes, 100 fields, one field of 16 KiB; more is a 431")
{
    CHECK(request(filled(get, 32 << 10)) == 0);
    CHECK(request(filled(get, (32 << 10) + 1)) == 431);
    CHECK(request(get + fields(99)) == 0);
    CHECK(request(get + fields(100)) == 431);
    CHECK(request(get + lineOf((16 << 10) - 1) + "\r\n\r\n") == 0);
    CHECK(request(get + lineOf((16 << 10) + 1) + "\r\n\r\n") == 431);
}

TEST_CASE("A response's head of 64 KiB passes, and 200 fields; more is none")
{
    CHECK(response(filled(ok + "Content-Length: 0\r\n", 64 << 10)) == 0);
    CHECK(response(filled(ok + "Content-Length: 0\r\n", (64 << 10) + 1)) == 400);
    CHECK(response(ok + fields(200)) == 0);
    CHECK(response(ok + fields(201)) == 400);
}

TEST_CASE("A request's body of 10 MiB passes; more is a 413 before any of it has come")
{
    const auto body = [](std::uint64_t octets) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(octets)
            + "\r\n\r\n";
    };
    CHECK(request(body(10 << 20)) == 0);
    CHECK(request(body((10 << 20) + 1)) == 413);
}

TEST_CASE("Of chunks: 2^31 - 1 octets, 4 KiB of extensions in all, 8 KiB of trailer")
{
    CHECK(request(chunked("7fffffff\r\n")) == 0);
    CHECK(request(chunked("80000000\r\n")) == 400);
    const std::string half = ";" + std::string(2047, 'e');
    CHECK(request(chunked("1" + half + "\r\nx\r\n1" + half + "\r\nx\r\n0\r\n\r\n")) == 0);
    CHECK(request(chunked("1" + half + "\r\nx\r\n1" + half + "e\r\nx\r\n0\r\n\r\n")) == 400);
    CHECK(request(chunked("0\r\n" + lineOf(4094) + "\r\n" + lineOf(4094) + "\r\n\r\n")) == 0);
    CHECK(request(chunked("0\r\n" + lineOf(4094) + "\r\n" + lineOf(4095) + "\r\n\r\n")) == 400);
}
