// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/observation.h"
#include "sim/wire/client_socket.h"
#include "sim/wire/endpoint.h"
#include "sim/wire/message_reader.h"

#include <QObject>
#include <QSslSocket>
#include <QTimer>

#include <chrono>

namespace stickyscope::wire {

/// What became of one request.
struct Exchange
{
    Failure failure = Failure::none;
    std::string why; ///< of a failure, in words
    http::ResponseHead head; ///< of a truncated answer too, if that much of it came
    std::string body;
    std::string address; ///< the one that answered, of all that the name resolves to
    Duration latency {}; ///< from sending, or from connecting where a connection was made
};

/// One HTTP/1.1 client connection. It resolves the host, tries every address until one connects,
/// verifies TLS, sends one request at a time and reads its response. Used from one thread, whose
/// event loop runs; finished() comes once for each send(), never from within it or abort(). Who is
/// told may send again, or have it deleted later.
class HttpConnection : public QObject, private ClientSocket::Owner
{
    Q_OBJECT

public:
    /// For what an answer may lead to: with `webSockets`, a 101 leaves socket() to whoever asked.
    enum class Use : std::uint8_t
    {
        requests,
        webSockets
    };

    HttpConnection(Endpoint endpoint, QObject* parent, Use use = Use::requests);
    ~HttpConnection() override;

    /// Connects if need be, and sends. No other request may be under way.
    void send(const http::RequestHead& head, const std::string& body = {});
    bool isOpen() const { return m_socket->isOpen(); }
    /// Ends everything at once; a request under way finishes as reset.
    void abort();
    /// After a 101: the connection, and what has been read beyond the response's head.
    QSslSocket* socket() const { return m_socket->qtSocket(); }
    std::string takeLeftover() const { return m_reader.leftover(); }

signals:
    void finished(const stickyscope::wire::Exchange& exchange);

private:
    using Clock = std::chrono::steady_clock;

    void resolve();
    void connectToNext();
    void allow(int milliseconds);
    void timedOut();
    void fail(Failure failure, const std::string& why);
    Exchange end(Exchange exchange);
    void tellLater(Exchange exchange);

    void socketEncrypts() override;
    void socketReady() override;
    void socketHasNews() override;
    void socketEnded(bool reset, const std::string& why) override;
    void socketRefused(Failure failure, const std::string& why) override;
    void socketFailed(Failure failure, const std::string& why) override;

    Endpoint m_endpoint;
    std::unique_ptr<ClientSocket> m_socket;
    QTimer m_timer; ///< goes off no later than m_deadline, and is then set anew
    Clock::time_point m_deadline {};
    Clock::time_point m_timerDue {};
    Clock::time_point m_began {};
    QList<QHostAddress> m_addresses;
    std::uint16_t m_port = 0; ///< to connect to
    int m_lookup = -1;
    bool m_connecting = false;
    bool m_busy = false;
    bool m_upgraded = false;
    bool m_upgrades = false; ///< the request asks for it
    std::string m_lastWhy;
    Failure m_lastFailure = Failure::none;
    std::string m_request;
    ResponseReader m_reader;
};

} // namespace stickyscope::wire
