// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/http_connection.h"
#include "sim/wire/websocket_frames.h"

#include <QObject>

#include <string>

namespace stickyscope::wire {

/// A WebSocket client that shows its handshake (RFC 6455): the response's head with the
/// Set-Cookie of the 101, which QWebSocket hides. It sends text; messages have at most 1 MiB. A
/// server that breaks the protocol is told so by a close, and closed() says what it did.
class WebSocketClient : public QObject
{
    Q_OBJECT

public:
    WebSocketClient(const Endpoint& endpoint, QObject* parent);
    ~WebSocketClient() override;

    /// Sends the handshake: `head` with the fields that make it one added.
    void open(http::RequestHead head);
    void send(const std::string& message);
    /// Says goodbye; closed() follows when the peer has answered, or after 5 s.
    void close(int code = 1000);
    /// Drops the connection without a word.
    void cut();
    bool isOpen() const { return m_open; }

signals:
    /// The handshake's end: a 101 that checks out, or a failure, or another answer.
    void handshakeEnded(const stickyscope::wire::Exchange& exchange);
    void received(const QByteArray& message);
    /// 1006 where the peer said nothing (RFC 6455 7.1.5).
    void closed(int code, const QByteArray& reason);

private:
    void handshakeAnswered(Exchange exchange);
    void readSocket();
    void hear(const SocketEvent& event);
    void write(const std::string& octets);
    void sayClose(const std::string& octets);
    void end(int code, const QByteArray& reason);

    HttpConnection m_connection;
    std::string m_key;
    WebSocketFrames m_frames;
    QTimer m_closeTimer;
    int m_closeCode = 1006;
    QByteArray m_closeReason;
    bool m_open = false;
    bool m_closeSaid = false; ///< our own
};

} // namespace stickyscope::wire
