// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/observation.h"
#include "sim/wire/endpoint.h"
#include "sim/wire/message_reader.h"
#include "sim/wire/reset_watch.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSslSocket>
#include <QTimer>

namespace stickyscope::wire {

/// What became of one request.
struct Exchange
{
    Failure failure = Failure::none;
    std::string why; ///< of a failure, in words
    http::ResponseHead head;
    std::string body;
    std::string address; ///< the one that answered, of all that the name resolves to
    Duration latency {}; ///< from sending, or from connecting where a connection was made
};

/// One HTTP/1.1 client connection. It resolves the host, tries every address until one connects,
/// verifies TLS, sends one request at a time and reads its response. Used from one thread, whose
/// event loop runs; finished() comes once for each send(), never from within it.
class HttpConnection : public QObject
{
    Q_OBJECT

public:
    HttpConnection(Endpoint endpoint, QObject* parent);
    ~HttpConnection() override;

    /// Connects if need be, and sends. No other request may be under way.
    void send(const http::RequestHead& head, const std::string& body = {});
    bool isOpen() const;
    /// Ends everything at once; a request under way finishes as reset.
    void abort();
    /// After a 101: the connection, and what has been read beyond the response's head.
    QSslSocket* socket() const { return m_socket; }
    std::string takeLeftover() const { return m_reader.leftover(); }

signals:
    void finished(const stickyscope::wire::Exchange& exchange);

private:
    void resolve();
    void connectToNext();
    void connectThroughProxy();
    void startTls();
    void transmit();
    void readSocket();
    void socketClosed();
    void socketFailed(QAbstractSocket::SocketError error);
    void tlsRefused(const QString& why);
    void timedOut();
    void fail(Failure failure, const std::string& why);
    void finish(Exchange exchange);
    void configureTls();

    Endpoint m_endpoint;
    QSslSocket* m_socket;
    ResetWatch m_resetWatch;
    QTimer m_timer;
    QElapsedTimer m_clock;
    QList<QHostAddress> m_addresses;
    std::uint16_t m_port = 0; ///< to connect to
    int m_lookup = -1;
    bool m_connecting = false;
    bool m_busy = false;
    std::string m_lastWhy;
    Failure m_lastFailure = Failure::none;
    std::string m_request;
    ResponseReader m_reader;
    bool m_toHead = false;
};

} // namespace stickyscope::wire
