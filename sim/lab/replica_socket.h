// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_message.h"

#include <QObject>
#include <QTimer>

#include <string>
#include <vector>

class QTcpSocket;
struct wslay_event_context;

namespace stickyscope::lab {

/// The replica's end of a WebSocket (RFC 6455), from its handshake on. Unlike Qt's own it lets the
/// 101 carry fields, such as the application's cookie. Messages of at most 1 MiB; a peer that is
/// silent is asked after a minute, and given up after another. Deletes itself when it is over.
class ReplicaSocket final : public QObject
{
    Q_OBJECT

public:
    /// The status that refuses this handshake; 0 where it is in order.
    static int faultIn(const http::RequestHead& handshake);

    /// Answers the handshake, with these fields beside its own. The socket becomes its own;
    /// `leftover` was read beyond the handshake.
    ReplicaSocket(QTcpSocket* socket, std::string leftover, const http::RequestHead& handshake,
                  const http::Fields& fields, QObject* parent);
    ~ReplicaSocket() override;

    void send(const std::string& message, bool binary = false);
    /// Says goodbye; the connection ends when the peer has answered, or after 5 s.
    void close(int code);
    /// Ends it with a TCP reset.
    void reset();

signals:
    void received(const std::string& message, bool binary);
    /// 1006 where the peer said nothing (RFC 6455 7.1.5).
    void closed(int code);

private:
    struct Callbacks;
    struct Message
    {
        std::string text;
        bool binary = false;
    };

    void read();
    void flush();
    void askWhetherAlive();
    void end();

    QTcpSocket* m_socket;
    wslay_event_context* m_frames = nullptr;
    std::string m_incoming;
    std::vector<Message> m_messages; ///< received, and not yet told of
    QTimer m_closeTimer;
    QTimer m_silence;
    bool m_heard = true;
    bool m_ended = false;
    int m_closeCode = 1006;
};

} // namespace stickyscope::lab
