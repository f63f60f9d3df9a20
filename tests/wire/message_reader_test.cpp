// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/message_reader.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace stickyscope::wire;

namespace {

ReadState stateOf(const std::string& text)
{
    ResponseReader reader;
    return reader.feed(text);
}

} // namespace

TEST_CASE("A response is read whole, octet by octet as well as at once")
{
    const std::string text = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: "
                             "b=2\r\nContent-Length: 5\r\n\r\nhelloNEXT";
    ResponseReader whole;
    REQUIRE(whole.feed(text) == ReadState::complete);
    CHECK(whole.head().fields.all("set-cookie").size() == 2);
    CHECK(whole.body() == "hello");
    CHECK(whole.leftover() == "NEXT");
    CHECK(whole.keepsAlive());
    ResponseReader slow;
    ReadState state = ReadState::needsMore;
    for (std::size_t place = 0; place < text.size() - 4; ++place) {
        CHECK(state == ReadState::needsMore);
        state = slow.feed(text.substr(place, 1));
    }
    CHECK(state == ReadState::complete);
    CHECK(slow.body() == "hello");
}

TEST_CASE("Chunks, interim answers, no body and a body until the end")
{
    CHECK(stateOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
          == ReadState::complete);
    CHECK(stateOf("HTTP/1.1 204 No Content\r\n\r\n") == ReadState::complete);
    ResponseReader interim;
    CHECK(interim.feed("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
                       "OK\r\nContent-Length: 2\r\n\r\nok")
          == ReadState::complete);
    CHECK(interim.head().status == 200);
    ResponseReader upgraded;
    CHECK(upgraded.feed("HTTP/1.1 101 Switching Protocols\r\nSet-Cookie: ws=1\r\n\r\n\x81")
          == ReadState::complete);
    CHECK(upgraded.leftover() == "\x81");
    ResponseReader open;
    CHECK(open.feed("HTTP/1.1 200 OK\r\n\r\nhel") == ReadState::needsMore);
    CHECK(open.end() == ReadState::complete);
    CHECK(open.body() == "hel");
    ResponseReader head(true);
    CHECK(head.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") == ReadState::complete);
}

TEST_CASE("Any doubt about framing is malformed")
{
    const std::vector<std::string> wrong {
        "garbage\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\t\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length:\t0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 100 Continue\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x'),
    };
    for (const std::string& text : wrong) {
        CAPTURE(text.substr(0, 80));
        CHECK(stateOf(text) == ReadState::malformed);
    }
    ResponseReader cut;
    CHECK(cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") == ReadState::needsMore);
    CHECK(cut.end() == ReadState::malformed);
}

TEST_CASE("A peer that speaks HTTP/2 only is recognised")
{
    ResponseReader reader;
    CHECK(reader.feed(std::string("\0\0\x12\x04\0\0\0\0\0\0\x03", 11)) == ReadState::malformed);
    CHECK(reader.looksLikeHttp2());
}

TEST_CASE("A request is read, and a malformed one gets the right refusal")
{
    RequestReader reader;
    CHECK(reader.feed("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nokGET")
          == ReadState::complete);
    CHECK(reader.head().method == "POST");
    CHECK(reader.body() == "ok");
    CHECK(reader.leftover() == "GET");
    RequestReader big;
    CHECK(big.feed("GET / HTTP/1.1\r\nX: " + std::string(40'000, 'x')) == ReadState::malformed);
    CHECK(big.refusal() == 431);
    RequestReader smuggled;
    CHECK(smuggled.feed(
              "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
          == ReadState::malformed);
    CHECK(smuggled.refusal() == 400);
}
