// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/stream.h"
#include "tests/support/wait_until.h"

#include <QSslConfiguration>

#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>

using namespace stickyscope;

TEST_CASE("A connection that never begins to speak TLS is let go of with what was written to it")
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* at = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener, at, size) == 0);
    REQUIRE(listen(listener, 1) == 0);
    REQUIRE(getsockname(listener, at, &size) == 0);
    const int peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(connect(peer, at, size) == 0);
    auto stream = std::make_unique<wire::TlsStream>(accept(listener, nullptr, nullptr),
                                                    QSslConfiguration::defaultConfiguration());
    CHECK(stream->write("HTTP/1.1 503 Service Unavailable\r\n\r\n") > 0);
    stream.reset();
    std::array<char, 64> room {};
    CHECK(waitUntil([&] {
        return recv(peer, room.data(), room.size(), MSG_DONTWAIT) == 0 || errno != EAGAIN;
    }));
    close(peer);
    close(listener);
}
