// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_limits.h"
#include "sim/lab/replica_message.h"
#include "sim/wire/websocket_frames.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <string>

class QTcpSocket;

namespace stickyscope::lab {

/// The replica's end of a WebSocket (RFC 6455), from its handshake on. Unlike Qt's own it lets the
/// 101 carry fields, such as the application's cookie. Who breaks the protocol is told by a close
/// with code and reason, and then has a while to close the connection, so that no reset overtakes
/// the close. Who does not read is not read; who is silent is asked, and given up after as long
/// again. Deletes itself when it is over.
class ReplicaSocket final : public QObject
{
    Q_OBJECT

public:
    /// The status that refuses this handshake; 0 where it is in order.
    static int faultIn(const http::RequestHead& handshake);

    /// Answers the handshake, with these fields beside its own. The socket becomes its own;
    /// `leftover` was read beyond the handshake.
    ReplicaSocket(QTcpSocket* socket, const std::string& leftover,
                  const http::RequestHead& handshake, const http::Fields& fields,
                  const SocketLimits& limits);
    ~ReplicaSocket() override;

    void send(const std::string& message, bool binary = false);
    /// Says goodbye; the connection ends when the peer has answered, or time is up.
    void close(int code);
    /// Ends it with a TCP reset.
    void reset();

signals:
    void received(const std::string& message, bool binary);
    /// 1006 where the peer said nothing (RFC 6455 7.1.5).
    void closed(int code);

private:
    void read();
    void hear(const wire::SocketEvent& event);
    void write(const std::string& octets);
    void sayClose(const std::string& octets);
    void finish();
    void finishWriting();
    void askWhetherAlive();
    void end();

    QTcpSocket* m_socket;
    SocketLimits m_limits;
    wire::WebSocketFrames m_frames;
    QTimer m_closeTimer;
    QTimer m_silence;
    bool m_heard = true;
    bool m_closeSaid = false; ///< our own
    bool m_finished = false; ///< what still comes is not listened to
    bool m_ended = false;
    int m_closeCode = 1006;
};

} // namespace stickyscope::lab
