// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The balancer's door to other machines; 127.0.0.2 stands for an address in a network.
#include "sim/lab/network_addresses.h"
#include "sim/lab/network_hint.h"
#include "sim/lab/qr_code.h"
#include "sim/live/target_class.h"
#include "tests/lab/proxy_trial.h"

#include <QHostInfo>

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

const QHostAddress door(QStringLiteral("127.0.0.2"));

std::string getFor(const std::string& host)
{
    return "GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

} // namespace

TEST_CASE("A balancer is closed to the network until it is opened, and again when it is closed")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    CHECK(refusesConnections(door, trial.port()));

    const auto port = trial.proxy.openToNetwork(door);
    REQUIRE(port);
    CHECK(*port == trial.port());
    RawClient inside(trial.port(), get);
    RawClient outside(door, *port);
    outside.send(getFor("127.0.0.2:" + std::to_string(*port)));
    REQUIRE(inside.gets("200 OK"));
    REQUIRE(outside.gets("200 OK"));

    trial.proxy.closeNetwork();
    CHECK(outside.isClosed());
    CHECK(refusesConnections(door, *port));
    // Who came in by loopback stays.
    inside.send(get);
    CHECK(waitUntil([&] { return inside.count("200 OK") == 2; }));
    CHECK(!inside.closed);
}

TEST_CASE("Closing the door ends a WebSocket that came in by it")
{
    Peer replica([](Peer::Connection& connection) {
        connection.unread.clear();
        connection.socket->write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\n\r\n");
    });
    ProxyTrial trial({replica.backend()});
    const auto port = trial.proxy.openToNetwork(door);
    REQUIRE(port);
    const std::string handshake = "GET / HTTP/1.1\r\nHost: 127.0.0.2\r\nConnection: Upgrade\r\n"
                                  "Upgrade: websocket\r\n\r\n";
    RawClient outside(door, *port);
    outside.send(handshake);
    RawClient inside(trial.port(), handshake);
    REQUIRE(outside.gets("101 Switching"));
    REQUIRE(inside.gets("101 Switching"));
    trial.proxy.closeNetwork();
    CHECK(outside.isClosed());
    CHECK(replica.connections.size() == 2);
    CHECK(!inside.closed);
}

TEST_CASE("Whoever comes from the network must ask by a name of this machine")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    trial.proxy.setNetworkName("app.example");
    const auto port = trial.proxy.openToNetwork(door);
    REQUIRE(port);
    const auto statusFor = [&](const std::string& request) {
        RawClient client(door, *port);
        client.send(request);
        client.gets("\r\n\r\n");
        return client.received.substr(9, 3);
    };
    const std::string own = QHostInfo::localHostName().toStdString();
    CHECK(statusFor(getFor("127.0.0.2")) == "200");
    CHECK(statusFor(getFor("app.example")) == "200");
    CHECK(statusFor(getFor(own + ":8000")) == "200");
    CHECK(statusFor(getFor(own + ".local")) == "200");
    CHECK(replica->requests.size() == 4);
    // A page of another site that lets its own name lead here.
    CHECK(statusFor(getFor("evil.example")) == "421");
    CHECK(statusFor(getFor("192.168.77.77")) == "421");
    CHECK(statusFor("GET / HTTP/1.0\r\n\r\n") == "421");
    CHECK(replica->requests.size() == 4);
}

TEST_CASE("A port that is taken at the other address is replaced by a free one")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    QTcpServer other;
    REQUIRE(other.listen(door, trial.port()));
    const auto port = trial.proxy.openToNetwork(door);
    REQUIRE(port);
    CHECK(*port != trial.port());
    RawClient outside(door, *port);
    outside.send(getFor("127.0.0.2"));
    CHECK(outside.gets("200 OK"));
}

TEST_CASE("An address that this machine has not is one line")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    const auto port = trial.proxy.openToNetwork(QHostAddress(QStringLiteral("203.0.113.77")));
    REQUIRE(!port);
    CHECK(port.error().starts_with("cannot listen on 203.0.113.77: "));
}

TEST_CASE("Of this machine's addresses only private ones are local, and none is loopback")
{
    const lab::NetworkAddresses own = lab::networkAddresses();
    for (const QHostAddress& address : own.local) {
        CHECK(lab::isThisMachine(address));
        CHECK(!address.isLoopback());
        CHECK(live::classify(address) == live::TargetClass::privateNetwork);
    }
    for (const QHostAddress& address : own.publicOnes) {
        CHECK(lab::isThisMachine(address));
        CHECK(live::classify(address) == live::TargetClass::publicNetwork);
    }
    CHECK(lab::isThisMachine(QHostAddress(QHostAddress::LocalHost)));
    CHECK(!lab::isThisMachine(QHostAddress(QStringLiteral("203.0.113.77"))));
    CHECK(lab::writtenUrl(QHostAddress(QStringLiteral("fd00::2")), 8000)
          == "http://[fd00::2]:8000");
}

TEST_CASE("A QR code has its finder patterns, and grows with its text")
{
    const lab::QrCode code = lab::qrCodeOf("http://192.168.1.5:41235/");
    REQUIRE(code.width == 25);
    for (std::size_t at = 0; at < 7; ++at) {
        CHECK(code.isDark(at, 0));
        CHECK(code.isDark(0, at));
        CHECK(code.isDark(24 - at, 0));
        CHECK(!code.isDark(at, 7));
    }
    CHECK(lab::qrCodeOf("http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:41235/").width > 25);
    CHECK(lab::qrCodeOf(std::string(5000, 'x')).width == 0);
}

TEST_CASE("The hint names the ports that a firewall must let in, each once")
{
    const auto lines =
        lab::whyNobodyComes({"http://192.168.1.5:41235", "http://[fd00::2]:41235", "http://x:7"});
    REQUIRE(lines.size() == 5);
    CHECK(lines[3].find("port 41235, 7.") != std::string::npos);
}
