// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What both ends have in common; what a server makes of each kind of frame is in
// tests/lab/websocket_conformance.py.
#include "sim/wire/websocket_frames.h"

#include <doctest/doctest.h>
#include <vector>

using namespace stickyscope::wire;
using Frame = SocketEvent::Kind;

namespace {

// A client's end, whose masks are all this one.
WebSocketFrames clientEnd()
{
    return WebSocketFrames([] { return 0x3D21FA37U; });
}

std::vector<SocketEvent> allOf(WebSocketFrames& frames, std::string_view octets, std::size_t step)
{
    std::vector<SocketEvent> events;
    while (!octets.empty()) {
        frames.put(octets.substr(0, step));
        octets.remove_prefix(std::min(step, octets.size()));
        while (auto event = frames.next())
            events.push_back(*event);
    }
    return events;
}

} // namespace

TEST_CASE("What a client's end writes, a server's end reads, in whatever pieces it comes")
{
    WebSocketFrames client = clientEnd();
    const std::string large(70'000, 'x');
    const std::string octets = client.frame(Frame::text,
                                            "Gr\xC3\xBC\xC3\x9F"
                                            "e")
        + client.frame(Frame::ping, "now") + client.frame(Frame::binary, large)
        + client.frame(Frame::text, "") + client.close(1012, "again soon");
    for (const std::size_t step :
         {octets.size(), std::size_t {4096}, std::size_t {7}, std::size_t {1}}) {
        CAPTURE(step);
        WebSocketFrames server;
        const auto events = allOf(server, octets, step);
        REQUIRE(events.size() == 5);
        CHECK(events[0].kind == Frame::text);
        CHECK(events[0].text
              == "Gr\xC3\xBC\xC3\x9F"
                 "e");
        CHECK(events[1].kind == Frame::ping);
        CHECK(events[1].text == "now");
        CHECK(events[2].kind == Frame::binary);
        CHECK(events[2].text == large);
        CHECK(events[3].kind == Frame::text);
        CHECK(events[3].text.empty());
        CHECK(events[4].kind == Frame::close);
        CHECK(events[4].code == 1012);
        CHECK(events[4].text == "again soon");
    }
}

TEST_CASE("A client's frames are masked by the key that it draws, a server's by none")
{
    // The examples of RFC 6455 5.7.
    CHECK(clientEnd().frame(Frame::text, "Hello")
          == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
    CHECK(WebSocketFrames().frame(Frame::text, "Hello") == "\x81\x05Hello");
    CHECK(WebSocketFrames().frame(Frame::ping, "Hello") == "\x89\x05Hello");
    CHECK(WebSocketFrames().frame(Frame::binary, std::string(256, 'x')).substr(0, 4)
          == std::string("\x82\x7E\x01\x00", 4));
    CHECK(WebSocketFrames().frame(Frame::binary, std::string(65536, 'x')).substr(0, 10)
          == std::string("\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("A client's end takes no masked frame")
{
    WebSocketFrames client = clientEnd();
    const auto events = allOf(client, clientEnd().frame(Frame::text, "Hello"), 1000);
    REQUIRE(events.size() == 1);
    CHECK(events[0].kind == Frame::fault);
    CHECK(events[0].code == 1002);
    CHECK(events[0].text == "a server's frame is masked");
}

TEST_CASE("Nothing is read behind a close or a fault")
{
    WebSocketFrames server;
    WebSocketFrames other;
    WebSocketFrames client = clientEnd();
    CHECK(allOf(server, client.close(1005) + client.frame(Frame::text, "late"), 1000).size() == 1);
    CHECK(allOf(other, "\xFF\xFF" + client.frame(Frame::text, "late"), 1000).size() == 1);
    CHECK(allOf(other, client.frame(Frame::text, "later"), 1).empty());
}

TEST_CASE("A control frame never says more than 125 octets")
{
    WebSocketFrames server;
    WebSocketFrames client = clientEnd();
    const auto events = allOf(client,
                              server.frame(Frame::ping, std::string(200, 'p'))
                                  + server.close(1000, std::string(200, 'r')),
                              10);
    REQUIRE(events.size() == 2);
    CHECK(events[0].text == std::string(125, 'p'));
    CHECK(events[1].text == std::string(123, 'r'));
}
