// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/http_connection.h"

#include "sim/wire/proxy.h"

#include <QFile>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QSslKey>

#include <utility>

namespace stickyscope::wire {

namespace {

QString text(const std::string& from)
{
    return QString::fromStdString(from);
}

} // namespace

HttpConnection::HttpConnection(Endpoint endpoint, QObject* parent)
    : QObject(parent)
    , m_endpoint(std::move(endpoint))
    , m_socket(new QSslSocket(this))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &HttpConnection::timedOut);
    connect(m_socket, &QSslSocket::connected, this,
            [this] { m_endpoint.url.secure() ? startTls() : transmit(); });
    connect(m_socket, &QSslSocket::encrypted, this, &HttpConnection::transmit);
    connect(m_socket, &QSslSocket::readyRead, this, &HttpConnection::readSocket);
    connect(m_socket, &QSslSocket::disconnected, this, &HttpConnection::socketClosed);
    connect(m_socket, &QSslSocket::errorOccurred, this, &HttpConnection::socketFailed);
    m_socket->setProxy(QNetworkProxy::NoProxy);
    if (m_endpoint.url.secure())
        configureTls();
}

HttpConnection::~HttpConnection()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_socket->disconnect(this);
    m_resetWatch.end();
    m_socket->abort();
}

void HttpConnection::configureTls()
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    if (m_endpoint.insecure)
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    if (!m_endpoint.caFile.empty())
        tls.setCaCertificates(QSslCertificate::fromPath(text(m_endpoint.caFile)));
    if (!m_endpoint.certificateFile.empty()) {
        tls.setLocalCertificateChain(QSslCertificate::fromPath(text(m_endpoint.certificateFile)));
        QFile key(
            text(m_endpoint.keyFile.empty() ? m_endpoint.certificateFile : m_endpoint.keyFile));
        if (key.open(QIODevice::ReadOnly)) {
            const QByteArray pem = key.readAll();
            QSslKey parsed(pem, QSsl::Rsa);
            tls.setPrivateKey(parsed.isNull() ? QSslKey(pem, QSsl::Ec) : parsed);
        }
    }
    m_socket->setSslConfiguration(tls);
}

void HttpConnection::send(const http::RequestHead& head, const std::string& body)
{
    m_request =
        serialize(m_endpoint.asksProxyItself() ? headForProxy(head, m_endpoint) : head, body);
    m_toHead = head.method == "HEAD";
    m_reader = ResponseReader(m_toHead);
    m_busy = true;
    m_clock.start();
    if (isOpen()) {
        // Later, so that finished() never comes from within send().
        QMetaObject::invokeMethod(this, &HttpConnection::transmit, Qt::QueuedConnection);
        return;
    }
    m_lastFailure = Failure::none;
    resolve();
}

bool HttpConnection::isOpen() const
{
    return m_socket->state() == QAbstractSocket::ConnectedState && !m_connecting;
}

void HttpConnection::resolve()
{
    m_connecting = true;
    const bool direct = m_endpoint.asksProxyItself();
    if (m_endpoint.proxy && !direct)
        return connectThroughProxy();
    const std::string host = direct ? m_endpoint.proxy->host : m_endpoint.destination().first;
    m_port = direct ? m_endpoint.proxy->port : m_endpoint.destination().second;
    m_timer.start(m_endpoint.answerMilliseconds);
    m_lookup = QHostInfo::lookupHost(text(host), this, [this, host](const QHostInfo& info) {
        m_lookup = -1;
        if (!m_busy)
            return;
        m_addresses = info.addresses();
        if (m_addresses.isEmpty())
            return fail(Failure::unresolved,
                        "the name " + host
                            + " does not resolve: " + info.errorString().toStdString());
        connectToNext();
    });
}

void HttpConnection::connectThroughProxy()
{
    const auto [host, port] = m_endpoint.destination();
    m_socket->setProxy(tunnelFor(m_endpoint));
    m_timer.start(m_endpoint.answerMilliseconds);
    m_socket->connectToHost(text(host), port);
}

void HttpConnection::connectToNext()
{
    while (!m_addresses.isEmpty()) {
        const QHostAddress address = m_addresses.takeFirst();
        if (m_endpoint.guard) {
            if (const auto refusal = m_endpoint.guard(address)) {
                m_lastFailure = Failure::other;
                m_lastWhy = *refusal;
                continue;
            }
        }
        m_timer.start(m_endpoint.connectMilliseconds);
        m_socket->setPeerVerifyName(text(m_endpoint.url.host));
        m_socket->connectToHost(address, m_port);
        return;
    }
    fail(m_lastFailure, m_lastWhy);
}

void HttpConnection::startTls()
{
    m_timer.start(m_endpoint.connectMilliseconds * 5);
    if (m_endpoint.insecure)
        m_socket->ignoreSslErrors();
    m_socket->setPeerVerifyName(text(m_endpoint.url.host));
    m_socket->startClientEncryption();
}

void HttpConnection::transmit()
{
    if (!m_busy)
        return;
    m_connecting = false;
    m_resetWatch.begin(m_socket->socketDescriptor());
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    m_timer.start(m_endpoint.answerMilliseconds);
    m_socket->write(m_request.data(), static_cast<qint64>(m_request.size()));
}

void HttpConnection::readSocket()
{
    if (!m_busy || !m_socket->isOpen())
        return;
    const QByteArray octets = m_socket->readAll();
    const ReadState state =
        m_reader.feed({octets.constData(), static_cast<std::size_t>(octets.size())});
    if (state == ReadState::needsMore)
        return;
    if (state == ReadState::malformed) {
        const bool http2 = m_reader.looksLikeHttp2();
        return fail(http2 ? Failure::http2Only : Failure::malformedAnswer,
                    http2 ? "it speaks HTTP/2 only, and Stickyscope HTTP/1.1"
                          : "the answer is not HTTP/1.1: " + m_reader.error());
    }
    if (m_reader.head().status == 101 && m_request.find("\r\nUpgrade: ") == std::string::npos)
        return fail(Failure::malformedAnswer, "a 101 that nobody asked for");
    finish({.head = m_reader.head(), .body = m_reader.body()});
}

void HttpConnection::socketClosed()
{
    if (!m_busy)
        return m_resetWatch.end();
    if (m_connecting && m_endpoint.url.secure() && m_addresses.isEmpty())
        return fail(Failure::closedWithoutAnswer,
                    "the connection was closed during the TLS handshake");
    if (m_connecting)
        return;
    readSocket();
    if (!m_busy)
        return;
    const bool reset = m_resetWatch.wasReset();
    if (!m_reader.hasBegun() && reset)
        return fail(Failure::connectionReset, "the connection was reset without an answer");
    if (!m_reader.hasBegun())
        return fail(Failure::closedWithoutAnswer, "the connection was closed without an answer");
    if (m_reader.end() == ReadState::complete)
        return finish({.head = m_reader.head(), .body = m_reader.body()});
    fail(Failure::truncatedAnswer, m_reader.error());
}

void HttpConnection::socketFailed(QAbstractSocket::SocketError error)
{
    if (!m_busy || error == QAbstractSocket::RemoteHostClosedError)
        return; // socketClosed() sees to it, with what has been read
    const std::string why = m_socket->errorString().toStdString();
    if (error == QAbstractSocket::SslHandshakeFailedError
        || error == QAbstractSocket::SslInternalError
        || error == QAbstractSocket::SslInvalidUserDataError)
        return tlsRefused(m_socket->errorString());
    if (!m_connecting)
        return fail(m_reader.hasBegun() ? Failure::truncatedAnswer : Failure::connectionReset,
                    "the connection was reset: " + why);
    m_lastFailure = error == QAbstractSocket::ConnectionRefusedError ? Failure::connectionRefused
                                                                     : Failure::other;
    m_lastWhy = (m_lastFailure == Failure::connectionRefused ? "the connection was refused: "
                                                             : "no connection: ")
        + why;
    m_socket->abort();
    connectToNext();
}

void HttpConnection::tlsRefused(const QString& why)
{
    const bool http2 = why.contains(QLatin1String("application protocol"));
    if (why.contains(QLatin1String("wrong version number")))
        return fail(Failure::tlsRefused, "it does not speak TLS; perhaps its address is http://");
    fail(http2 ? Failure::http2Only : Failure::tlsRefused,
         http2 ? "it speaks HTTP/2 only, and Stickyscope HTTP/1.1" : "TLS: " + why.toStdString());
}

void HttpConnection::timedOut()
{
    if (!m_busy)
        return;
    if (m_connecting && !m_addresses.isEmpty()) {
        m_lastFailure = Failure::timedOut;
        m_lastWhy = "no connection in time";
        m_socket->abort();
        return connectToNext();
    }
    fail(Failure::timedOut, m_connecting ? "no connection in time" : "no answer in time");
}

void HttpConnection::abort()
{
    if (m_busy)
        return fail(Failure::connectionReset, "stopped");
    m_resetWatch.end();
    m_socket->abort();
}

void HttpConnection::fail(Failure failure, const std::string& why)
{
    finish({.failure = failure, .why = why});
    m_socket->abort();
}

void HttpConnection::finish(Exchange exchange)
{
    m_busy = false;
    m_connecting = false;
    m_timer.stop();
    m_addresses.clear();
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_lookup = -1;
    exchange.latency = Duration {m_clock.nsecsElapsed()};
    exchange.address = m_socket->peerAddress().toString().toStdString();
    const bool upgraded = exchange.head.status == 101;
    const bool kept = exchange.failure == Failure::none && !upgraded && m_reader.keepsAlive();
    if (!kept)
        m_resetWatch.end();
    if (exchange.failure == Failure::none && !upgraded && !kept)
        m_socket->disconnectFromHost();
    // Later, so that who listens may send again or delete this.
    QMetaObject::invokeMethod(
        this, [this, exchange = std::move(exchange)] { emit finished(exchange); },
        Qt::QueuedConnection);
}

} // namespace stickyscope::wire
