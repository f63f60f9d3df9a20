// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/listener.h"

#include "tests/lab/proxy_trial.h"
#include "tests/lab/scarce_files.h"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace stickyscope;
using lab::Listener;
using test::RawClient;
using test::refusesConnections;
using test::waitUntil;

namespace {

// Whether a program that takes no port for its own that somebody has could have this one, as the
// kernel asks before it gives a port to a connection.
bool isFree(std::uint16_t port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int bound = ::bind(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to);
    ::close(descriptor);
    return bound == 0;
}

// Counts who came.
struct Door
{
    Listener listener {[this](qintptr descriptor) {
        ++came;
        ::close(static_cast<int>(descriptor));
    }};
    int came = 0;
};

const QHostAddress four {QHostAddress::LocalHost};
const QHostAddress six {QHostAddress::LocalHostIPv6};

} // namespace

TEST_CASE("A listener keeps its port while it is closed, refuses, and opens there again")
{
    std::uint16_t port = 0;
    {
        Door door;
        REQUIRE(door.listener.open(four, 0) == "");
        port = door.listener.port();
        for (int round = 1; round <= 3; ++round) {
            CHECK(door.listener.isOpen());
            const RawClient client(port);
            CHECK(waitUntil([&] { return door.came == round; }));
            door.listener.close();
            CHECK(!door.listener.isOpen());
            CHECK(!isFree(port));
            CHECK(refusesConnections(four, port));
            REQUIRE(door.listener.openAgain() == "");
        }
    }
    CHECK(refusesConnections(four, port));
}

TEST_CASE("On loopback a listener has one port at both addresses")
{
    Door door;
    REQUIRE(door.listener.openOnLoopback(0) == "");
    const RawClient first(four, door.listener.port());
    const RawClient second(six, door.listener.port());
    CHECK(waitUntil([&] { return door.came == 2; }));
    CHECK(door.listener.address() == four);
    door.listener.close();
    CHECK(refusesConnections(six, door.listener.port()));
}

TEST_CASE("Who comes while no more files may be open waits, and keeps nobody busy")
{
    Door door;
    REQUIRE(door.listener.open(four, 0) == "");
    const int client = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to {};
    to.sin_family = AF_INET;
    to.sin_port = htons(door.listener.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    {
        const test::ScarceFiles scarce;
        REQUIRE(::connect(client, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
        // Which looks every five milliseconds, and whenever anything happens.
        int looks = 0;
        const auto hasCome = [&] {
            ++looks;
            return door.came > 0;
        };
        CHECK(!waitUntil(hasCome, 1000));
        CHECK(looks < 300);
    }
    CHECK(waitUntil([&] { return door.came == 1; }));
    ::close(client);
}

TEST_CASE("A port that somebody has is said in one line")
{
    Door first;
    REQUIRE(first.listener.openOnLoopback(0) == "");
    const std::string port = std::to_string(first.listener.port());
    Door second;
    CHECK(second.listener.open(four, first.listener.port())
          == "cannot listen on 127.0.0.1 port " + port + ": Address already in use");
    CHECK(second.listener.openOnLoopback(first.listener.port()).find(" port " + port + ": ")
          != std::string::npos);
    CHECK(!second.listener.isOpen());
    CHECK(first.came == 0);
}
