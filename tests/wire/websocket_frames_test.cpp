// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_frames.h"

#include <doctest/doctest.h>

using stickyscope::wire::webSocketAccept;
using stickyscope::wire::WebSocketFrames;
using End = WebSocketFrames::End;

namespace {

// What the server makes of these octets: its messages, and the code of its goodbye (0: none).
struct Heard
{
    std::vector<WebSocketFrames::Message> messages;
    int goodbye = 0;
    bool over = false;
};

Heard heardBy(End end, const std::string& octets)
{
    WebSocketFrames frames(end);
    WebSocketFrames peer(end == End::server ? End::client : End::server);
    Heard heard;
    REQUIRE(frames.take(octets));
    heard.messages = frames.takeMessages();
    REQUIRE(peer.take(frames.takeOutgoing()));
    heard.over = frames.isOver();
    heard.goodbye = peer.closeCode() == 1006 ? 0 : peer.closeCode();
    return heard;
}

std::string fromClient(const std::string& text, bool binary = false)
{
    WebSocketFrames client(End::client);
    client.send(text, binary);
    return client.takeOutgoing();
}

} // namespace

TEST_CASE("Messages go from one end to the other, text and binary, however they are cut")
{
    const std::string octets = fromClient("hello") + fromClient(std::string("\0\xff", 2), true);
    const std::vector<WebSocketFrames::Message> both {{"hello"}, {std::string("\0\xff", 2), true}};
    CHECK(heardBy(End::server, octets).messages == both);
    WebSocketFrames server(End::server);
    std::vector<WebSocketFrames::Message> messages;
    for (const char octet : octets) {
        REQUIRE(server.take({&octet, 1}));
        for (const auto& message : server.takeMessages())
            messages.push_back(message);
    }
    CHECK(messages == both);
}

TEST_CASE("A message of a mebibyte is taken, one octet more is a 1009")
{
    const std::string largest(WebSocketFrames::largestMessage, 'x');
    CHECK(heardBy(End::server, fromClient(largest)).messages.size() == 1);
    const Heard refused = heardBy(End::server, fromClient(largest + 'x'));
    CHECK(refused.messages.empty());
    CHECK(refused.goodbye == 1009);
    CHECK(refused.over);
}

TEST_CASE("What breaks the protocol ends it, with its code")
{
    CHECK(heardBy(End::server, "\x81\x01x").goodbye == 1002); // not masked
    CHECK(heardBy(End::client, fromClient("x")).goodbye == 1002); // masked
    CHECK(heardBy(End::server, "\xc1\x80\x01\x02\x03\x04").goodbye == 1002); // a reserved bit
    CHECK(heardBy(End::server, "\x83\x80\x01\x02\x03\x04").goodbye == 1002); // no such kind
    CHECK(heardBy(End::server, fromClient("\xff")).goodbye == 1007); // no UTF-8
}

TEST_CASE("A goodbye is answered, and says its code and reason")
{
    WebSocketFrames client(End::client);
    WebSocketFrames server(End::server);
    client.close(1000);
    REQUIRE(server.take(client.takeOutgoing()));
    CHECK(server.closeCode() == 1000);
    CHECK_FALSE(client.isOver());
    REQUIRE(client.take(server.takeOutgoing()));
    CHECK(client.isOver());
    CHECK(server.isOver());
    WebSocketFrames other(End::client);
    REQUIRE(other.take(std::string("\x88\x05\x03\xe9") + "bye"));
    CHECK(other.closeCode() == 1001);
    CHECK(other.closeReason() == "bye");
    WebSocketFrames none(End::client);
    REQUIRE(none.take(std::string("\x88\x00", 2)));
    CHECK(none.closeCode() == 1005);
}

TEST_CASE("A ping is answered; the handshake's key has the answer of RFC 6455 1.3")
{
    WebSocketFrames client(End::client);
    WebSocketFrames server(End::server);
    server.ping();
    REQUIRE(client.take(server.takeOutgoing()));
    CHECK((client.takeOutgoing().front() & 0x0f) == 0xa);
    CHECK(webSocketAccept("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}
