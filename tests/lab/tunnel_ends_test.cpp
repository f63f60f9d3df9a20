// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// WebSockets through the balancer of which one end reads nothing, or does not answer a goodbye.
#include "sim/lab/tunnel.h"
#include "tests/lab/proxy_trial.h"
#include "tests/lab/tunnel_handshake.h"

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

// A replica that reads nothing, and so does not answer a half-close either.
class DeafPeer : public QTcpServer
{
public:
    DeafPeer() { listen(QHostAddress::LocalHost, 0); }
    DeafPeer(const DeafPeer&) = delete;
    DeafPeer& operator=(const DeafPeer&) = delete;
    ~DeafPeer() override { ::close(m_descriptor); }

    lab::Backend backend() const
    {
        return {{.name = "deaf", .url = "http://127.0.0.1:" + std::to_string(serverPort())}};
    }
    void say(const std::string& text) const
    {
        ::send(m_descriptor, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    /// Lets the handshake through.
    void accepts() const
    {
        REQUIRE(waitUntil([this] { return m_descriptor >= 0; }));
        say(accepted);
    }
    bool hasFin() const
    {
        pollfd asked {m_descriptor, POLLRDHUP, 0};
        return ::poll(&asked, 1, 0) == 1;
    }

protected:
    void incomingConnection(qintptr descriptor) override
    {
        m_descriptor = static_cast<int>(descriptor);
    }

private:
    int m_descriptor = -1;
};

} // namespace

TEST_CASE("An end that takes nothing is cut off, whichever it is and whatever else comes")
{
    lab::ProxySettings settings;
    settings.limits.sendPause = 300ms;
    constexpr std::size_t whole = std::size_t {32} << 20U;
    DeafPeer replica;
    ProxyTrial trial({replica.backend()}, settings);
    RawClient client(trial.port(), handshake);
    replica.accepts();
    REQUIRE(client.gets("\r\n\r\n"));
    QTimer drip;
    QObject::connect(&drip, &QTimer::timeout, &drip, [&] { replica.say("x"); });
    drip.start(20);
    client.send(std::string(whole, 'x'));
    CHECK(client.isClosed());
    CHECK(has(client.received, "xxx"));
    Peer sends([&](Peer::Connection& connection) {
        if (connection.socket->property("open").toBool())
            return;
        connection.socket->setProperty("open", true);
        connection.socket->write(accepted.data(), static_cast<qint64>(accepted.size()));
        connection.socket->write(QByteArray(whole, 'x'));
    });
    ProxyTrial other({sends.backend()}, settings);
    RawClient deaf(other.port());
    deaf.paused = true;
    deaf.socket.setReadBufferSize(4096);
    deaf.send(handshake);
    QObject::connect(&drip, &QTimer::timeout, &drip, [&] { deaf.send("x"); });
    REQUIRE(waitUntil([&] { return other.records.size() == 1; }));
    CHECK(waitUntil([&] { return other.proxy.clientConnections() == 0; }));
    CHECK(waitUntil([&] { return sends.connections[0].closed; }));
    CHECK(has(sends.connections[0].all, "xxx"));
}

TEST_CASE("A half-close that nobody answers ends the tunnel; what flows on after it arrives")
{
    lab::ProxySettings settings;
    settings.limits.tunnelClose = 400ms;
    DeafPeer replica;
    ProxyTrial trial({replica.backend()}, settings);
    RawClient client(trial.port(), handshake);
    replica.accepts();
    REQUIRE(client.gets("\r\n\r\n"));
    // It has been idle for longer: that does not count.
    QElapsedTimer clock;
    clock.start();
    REQUIRE(waitUntil([&] { return clock.elapsed() > 600; }));
    ::shutdown(static_cast<int>(client.socket.socketDescriptor()), SHUT_WR);
    REQUIRE(waitUntil([&] { return replica.hasFin(); }));
    int said = 0;
    QTimer goesOn;
    QObject::connect(&goesOn, &QTimer::timeout, &goesOn, [&] {
        replica.say("piece");
        if (++said == 8)
            goesOn.stop();
    });
    goesOn.start(100);
    CHECK(waitUntil([&] { return client.count("piece") == 8; }));
    CHECK(trial.proxy.clientConnections() == 1);
    CHECK(client.isClosed());
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
    CHECK(trial.proxy.replicaConnections() == 0);
}
