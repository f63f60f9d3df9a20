// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/http_connection.h"

#include "sim/wire/proxy.h"

#include <QHostInfo>
#include <QPointer>

#include <utility>

namespace stickyscope::wire {

HttpConnection::HttpConnection(Endpoint endpoint, QObject* parent, Use use)
    : QObject(parent)
    , m_endpoint(std::move(endpoint))
{
    const bool direct = !m_endpoint.proxy || m_endpoint.asksProxyItself();
    m_socket = use == Use::requests && direct && !m_endpoint.url.secure()
        ? makePlainSocket(m_endpoint, *this)
        : makeQtSocket(m_endpoint, *this);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &HttpConnection::timedOut);
}

HttpConnection::~HttpConnection()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
}

void HttpConnection::send(const http::RequestHead& head, const std::string& body)
{
    if (m_endpoint.asksProxyItself())
        serialize(headForProxy(head, m_endpoint), body, m_request);
    else
        serialize(head, body, m_request);
    m_upgrades = head.fields.find("Upgrade") != nullptr;
    m_reader.restart(head.method == "HEAD");
    m_busy = true;
    m_began = Clock::now();
    if (isOpen())
        return socketReady();
    m_lastFailure = Failure::none;
    resolve();
}

void HttpConnection::resolve()
{
    m_connecting = true;
    const bool direct = m_endpoint.asksProxyItself();
    allow(m_endpoint.answerMilliseconds);
    if (m_endpoint.proxy && !direct)
        return m_socket->connectThroughProxy();
    const std::string host = direct ? m_endpoint.proxy->host : m_endpoint.destination().first;
    m_port = direct ? m_endpoint.proxy->port : m_endpoint.destination().second;
    m_lookup = QHostInfo::lookupHost(QString::fromStdString(host), this,
                                     [this, host](const QHostInfo& info) {
                                         m_lookup = -1;
                                         if (!m_busy)
                                             return;
                                         m_addresses = info.addresses();
                                         if (m_addresses.isEmpty())
                                             return fail(Failure::unresolved,
                                                         "the name " + host + " does not resolve: "
                                                             + info.errorString().toStdString());
                                         connectToNext();
                                     });
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
        allow(m_endpoint.connectMilliseconds);
        return m_socket->connectTo(address, m_port);
    }
    fail(m_lastFailure, m_lastWhy);
}

void HttpConnection::socketEncrypts()
{
    allow(m_endpoint.connectMilliseconds * 5);
}

void HttpConnection::socketReady()
{
    if (!m_busy)
        return;
    m_connecting = false;
    allow(m_endpoint.answerMilliseconds);
    m_socket->write(m_request);
}

void HttpConnection::socketHasNews()
{
    if (!m_busy) {
        // Nobody asked for it: it is no answer to what may be asked next.
        if (!m_upgraded)
            m_socket->abort();
        return;
    }
    const ReadState state = m_reader.feed(m_socket->read());
    if (state == ReadState::needsMore)
        return;
    if (state == ReadState::malformed) {
        const bool http2 = m_reader.looksLikeHttp2();
        return fail(http2 ? Failure::http2Only : Failure::malformedAnswer,
                    http2 ? "it speaks HTTP/2 only, and Stickyscope HTTP/1.1"
                          : "the answer is not HTTP/1.1: " + m_reader.error());
    }
    m_upgraded = m_reader.head().status == 101;
    if (m_upgraded && !m_upgrades)
        return fail(Failure::malformedAnswer, "a 101 that nobody asked for");
    const bool kept = m_upgraded || m_reader.keepsAlive();
    Exchange exchange = end({.head = m_reader.takeHead(), .body = m_reader.takeBody()});
    if (!kept)
        m_socket->finish();
    // Qt's socket may have more to say of the same connection first.
    if (m_socket->qtSocket())
        return tellLater(std::move(exchange));
    const QPointer<HttpConnection> stillThere(this);
    emit finished(exchange);
    if (stillThere)
        m_reader.giveBack(std::move(exchange.head), std::move(exchange.body));
}

void HttpConnection::socketEnded(bool reset, const std::string& why)
{
    if (!m_busy)
        return;
    if (m_socket->qtSocket())
        socketHasNews();
    if (!m_busy)
        return;
    if (!m_reader.hasBegun() && reset)
        return fail(Failure::connectionReset,
                    why.empty() ? "the connection was reset without an answer"
                                : "the connection was reset: " + why);
    if (!m_reader.hasBegun())
        return fail(Failure::closedWithoutAnswer, "the connection was closed without an answer");
    if (m_reader.end() != ReadState::complete) {
        tellLater(end({.failure = Failure::truncatedAnswer,
                       .why = m_reader.error(),
                       .head = m_reader.takeHead()}));
        return m_socket->abort();
    }
    tellLater(end({.head = m_reader.takeHead(), .body = m_reader.takeBody()}));
}

void HttpConnection::socketRefused(Failure failure, const std::string& why)
{
    if (!m_busy)
        return;
    m_lastFailure = failure;
    m_lastWhy = failure == Failure::connectionRefused ? "the connection was refused"
        : failure == Failure::other                   ? "no connection: " + why
                                                      : why;
    connectToNext();
}

void HttpConnection::socketFailed(Failure failure, const std::string& why)
{
    if (m_busy)
        fail(failure, why);
}

// Most deadlines are met: a timer that is set already is left alone until it goes off.
void HttpConnection::allow(int milliseconds)
{
    m_deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
    if (m_timer.isActive() && m_timerDue <= m_deadline)
        return;
    m_timerDue = m_deadline;
    m_timer.start(milliseconds);
}

void HttpConnection::timedOut()
{
    if (!m_busy)
        return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_deadline - Clock::now());
    if (left.count() > 0)
        return allow(static_cast<int>(left.count()));
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
    m_socket->abort();
}

void HttpConnection::fail(Failure failure, const std::string& why)
{
    tellLater(end({.failure = failure, .why = why}));
    m_socket->abort();
}

// Where this may be within send() or abort().
void HttpConnection::tellLater(Exchange exchange)
{
    QMetaObject::invokeMethod(
        this, [this, exchange = std::move(exchange)] { emit finished(exchange); },
        Qt::QueuedConnection);
}

Exchange HttpConnection::end(Exchange exchange)
{
    m_busy = false;
    m_connecting = false;
    m_addresses.clear();
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    m_lookup = -1;
    exchange.latency = Clock::now() - m_began;
    exchange.address = m_socket->peerAddress();
    return exchange;
}

} // namespace stickyscope::wire
