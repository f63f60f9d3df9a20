// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/client_socket.h"
#include "sim/wire/proxy.h"
#include "sim/wire/reset_watch.h"

#include <QFile>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

namespace stickyscope::wire {

namespace {

QString text(const std::string& from)
{
    return QString::fromStdString(from);
}

QSslConfiguration tlsOf(const Endpoint& endpoint)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    if (endpoint.insecure)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!endpoint.caFile.empty())
        tls.setCaCertificates(QSslCertificate::fromPath(text(endpoint.caFile)));
    if (!endpoint.trusted.empty())
        tls.setCaCertificates(
            QSslCertificate::fromData(QByteArray::fromStdString(endpoint.trusted)));
    if (!endpoint.certificateFile.empty()) {
        tls.setLocalCertificateChain(QSslCertificate::fromPath(text(endpoint.certificateFile)));
        QFile key(text(endpoint.keyFile.empty() ? endpoint.certificateFile : endpoint.keyFile));
        if (key.open(QIODevice::ReadOnly)) {
            const QByteArray pem = key.readAll();
            QSslKey parsed(pem, QSsl::Rsa);
            tls.setPrivateKey(parsed.isNull() ? QSslKey(pem, QSsl::Ec) : parsed);
        }
    }
    return tls;
}

class QtSocket final : public ClientSocket
{
public:
    QtSocket(const Endpoint& endpoint, Owner& owner)
        : m_endpoint(endpoint)
        , m_owner(owner)
    {
        QObject::connect(&m_socket, &QSslSocket::connected, &m_socket, [this] { connected(); });
        QObject::connect(&m_socket, &QSslSocket::encrypted, &m_socket, [this] { ready(); });
        QObject::connect(&m_socket, &QSslSocket::readyRead, &m_socket,
                         [this] { m_owner.socketHasNews(); });
        QObject::connect(&m_socket, &QSslSocket::disconnected, &m_socket, [this] { closed(); });
        QObject::connect(&m_socket, &QSslSocket::errorOccurred, &m_socket,
                         [this](QAbstractSocket::SocketError error) { failed(error); });
        m_socket.setProxy(QNetworkProxy::NoProxy);
        if (endpoint.url.secure())
            m_socket.setSslConfiguration(tlsOf(endpoint));
    }

    ~QtSocket() override
    {
        m_socket.disconnect(&m_socket);
        m_watch.end();
        m_socket.abort();
    }

    void connectTo(const QHostAddress& address, std::uint16_t port) override
    {
        abort();
        m_socket.setPeerVerifyName(text(m_endpoint.url.host));
        m_state = State::connecting;
        if (!m_endpoint.from.isNull())
            m_socket.bind(m_endpoint.from);
        m_socket.connectToHost(address, port);
    }

    void connectThroughProxy() override
    {
        const auto [host, port] = m_endpoint.destination();
        abort();
        m_state = State::connecting;
        m_socket.setProxy(tunnelFor(m_endpoint));
        m_socket.connectToHost(text(host), port);
    }

    bool isOpen() const override
    {
        return m_state == State::ready && m_socket.state() == QAbstractSocket::ConnectedState;
    }

    void write(std::string_view octets) override
    {
        m_socket.write(octets.data(), static_cast<qint64>(octets.size()));
    }

    std::string_view read() override
    {
        m_news = m_socket.isOpen() ? m_socket.readAll() : QByteArray();
        return {m_news.constData(), static_cast<std::size_t>(m_news.size())};
    }

    void finish() override
    {
        m_state = State::closed;
        m_watch.end();
        m_socket.disconnectFromHost();
    }

    void abort() override
    {
        m_state = State::closed;
        m_watch.end();
        m_socket.abort();
    }

    std::string peerAddress() const override
    {
        return m_socket.peerAddress().toString().toStdString();
    }

    QSslSocket* qtSocket() override { return &m_socket; }

private:
    enum class State : std::uint8_t
    {
        closed, ///< by us, or told to be
        connecting,
        ready
    };

    void connected()
    {
        if (!m_endpoint.url.secure())
            return ready();
        m_owner.socketEncrypts();
        if (m_endpoint.insecure)
            m_socket.ignoreSslErrors();
        m_socket.setPeerVerifyName(text(m_endpoint.url.host));
        m_socket.startClientEncryption();
    }

    void ready()
    {
        m_state = State::ready;
        m_watch.begin(m_socket.socketDescriptor());
        m_socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_owner.socketReady();
    }

    void closed()
    {
        const State before = std::exchange(m_state, State::closed);
        const bool reset = m_watch.wasReset();
        m_watch.end();
        if (before == State::ready)
            m_owner.socketEnded(reset, {});
        else if (before == State::connecting && m_endpoint.url.secure())
            m_owner.socketRefused(Failure::closedWithoutAnswer,
                                  "the connection was closed during the TLS handshake");
    }

    void failed(QAbstractSocket::SocketError error)
    {
        if (error == QAbstractSocket::RemoteHostClosedError)
            return; // closed() sees to it, with what has been read
        const State before = std::exchange(m_state, State::closed);
        if (before == State::closed)
            return;
        const QString why = m_socket.errorString();
        if (error == QAbstractSocket::SslHandshakeFailedError
            || error == QAbstractSocket::SslInternalError
            || error == QAbstractSocket::SslInvalidUserDataError)
            return tlsRefused(why);
        if (before == State::ready)
            return m_owner.socketEnded(true, why.toStdString());
        m_owner.socketRefused(error == QAbstractSocket::ConnectionRefusedError
                                  ? Failure::connectionRefused
                                  : Failure::other,
                              why.toStdString());
    }

    void tlsRefused(const QString& why)
    {
        const bool http2 = why.contains(QLatin1String("application protocol"));
        if (why.contains(QLatin1String("wrong version number")))
            return m_owner.socketFailed(Failure::tlsRefused,
                                        "it does not speak TLS; perhaps its address is http://");
        m_owner.socketFailed(http2 ? Failure::http2Only : Failure::tlsRefused,
                             http2 ? "it speaks HTTP/2 only, and Stickyscope HTTP/1.1"
                                   : "TLS: " + why.toStdString());
    }

    const Endpoint& m_endpoint;
    Owner& m_owner;
    QSslSocket m_socket;
    ResetWatch m_watch; ///< whether it was reset, which Qt does not tell
    QByteArray m_news;
    State m_state = State::closed;
};

} // namespace

std::unique_ptr<ClientSocket> makeQtSocket(const Endpoint& endpoint, ClientSocket::Owner& owner)
{
    return std::make_unique<QtSocket>(endpoint, owner);
}

} // namespace stickyscope::wire
