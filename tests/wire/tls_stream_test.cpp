// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/own_certificate.h"
#include "sim/wire/stream.h"
#include "tests/support/wait_until.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <doctest/doctest.h>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace stickyscope;

namespace {

/// Reads, and stops at the first octets until it is told to go on.
struct Reader : wire::Stream::Owner
{
    std::unique_ptr<wire::TlsStream> stream;
    std::size_t got = 0;
    bool pauses = true;

    void canRead() override
    {
        std::array<char, 4096> room {};
        const long count = stream->read(room.data(), room.size());
        got += static_cast<std::size_t>(std::max(count, 0L));
        if (got > 0 && std::exchange(pauses, false))
            stream->watchReading(false);
    }
    void canWrite() override { }
};

QSslConfiguration ofItsOwn()
{
    const auto own = lab::OwnCertificate::make({"localhost"});
    REQUIRE(own);
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(QByteArray::fromStdString(own->certificate)));
    configuration.setPrivateKey(QSslKey(QByteArray::fromStdString(own->key), QSsl::Ec));
    return configuration;
}

} // namespace

TEST_CASE("What came while nobody read is read to its end, and nothing is told of one that is gone")
{
    constexpr std::size_t whole = 700'000;
    // The socket's own QTcpServer would read from it.
    struct Door : QTcpServer
    {
        int descriptor = -1;
        void incomingConnection(qintptr given) override { descriptor = static_cast<int>(given); }
    } door;
    REQUIRE(door.listen(QHostAddress::LocalHost));
    QSslSocket client;
    client.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), door.serverPort());
    REQUIRE(waitUntil([&] { return door.descriptor >= 0; }));
    Reader reader;
    reader.stream = std::make_unique<wire::TlsStream>(door.descriptor, ofItsOwn());
    reader.stream->setOwner(&reader);
    reader.stream->watchReading(true);
    REQUIRE(waitUntil([&] { return client.isEncrypted(); }));
    client.write(QByteArray(whole, 'x'));
    REQUIRE(waitUntil([&] { return !reader.pauses; }));
    // As much as its buffers take has come.
    CHECK_FALSE(waitUntil([&] { return reader.got > 4096; }, std::chrono::milliseconds(300)));
    reader.stream->watchReading(true);
    CHECK(waitUntil([&] { return reader.got == whole; }));
    reader.got = 0;
    reader.pauses = true;
    client.write(QByteArray(whole, 'y'));
    REQUIRE(waitUntil([&] { return !reader.pauses; }));
    CHECK_FALSE(waitUntil([&] { return reader.got > 4096; }, std::chrono::milliseconds(100)));
    reader.stream->watchReading(true); // it is going to be told
    reader.stream.reset();
    CHECK(waitUntil([&] { return client.state() == QAbstractSocket::UnconnectedState; }));
    CHECK(reader.got <= 4096);
}

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
