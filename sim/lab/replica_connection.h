// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/body_patience.h"
#include "sim/lab/replica_limits.h"
#include "sim/lab/replica_message.h"
#include "sim/wire/message_reader.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

class QTcpSocket;

namespace stickyscope::lab {

/// How an answer goes out that is not given to the network at once.
struct AnswerPace
{
    std::size_t piece = 0; ///< octets of the body at a time; 0: all of it
    std::chrono::milliseconds pause {}; ///< between two pieces
    /// The answer does not say how long it is, and its connection is closed so long after it.
    std::optional<std::chrono::milliseconds> closesAfter;
};

/// One HTTP/1.1 connection of a replica. It reads one request at a time, and the next once that
/// is answered. Deletes itself when the connection is over.
class ReplicaConnection final : public QObject
{
    Q_OBJECT

public:
    /// The socket becomes its own.
    ReplicaConnection(QTcpSocket* socket, const ReplicaLimits& limits, QObject* parent);

    const std::string& peer() const { return m_peer; }
    /// The address that it came in at.
    std::string localAddress() const;
    /// The whole answer to the request that requested() told of.
    void answer(const ReplicaAnswer& answer, const AnswerPace& pace = {});
    /// Its head, which speaks of the whole of it, and no more than so many octets of its body: the
    /// connection ends there.
    void answerInPart(const ReplicaAnswer& answer, std::size_t octets);
    /// Its head alone: a body follows by send(), and ends with the connection.
    void beginStream(const ReplicaAnswer& answer);
    void send(std::string_view octets);
    /// Ends it with a TCP reset.
    void reset();
    /// Gives the socket away, with what was read beyond the request.
    std::pair<QTcpSocket*, std::string> release();
    /// Answers with this status, whatever came, and closes.
    void refuse(int status);

signals:
    void requested(const stickyscope::lab::ReplicaRequest& request);
    /// What came is no request; it has been refused with this status.
    void refused(int status);

private:
    void read();
    void sendOn();
    void losePatience();

    QTcpSocket* m_socket;
    ReplicaLimits m_limits;
    std::string m_peer;
    wire::RequestReader m_reader;
    BodyPatience m_bodyPatience; ///< with the request that is being read
    std::string m_rest; ///< came behind the last request
    QTimer m_patience; ///< for the next request, its head, or more of its body
    QTimer m_sending; ///< for a client that is to read
    std::size_t m_requests = 0;
    std::string m_pieces; ///< of the answer's body that are still to be sent
    AnswerPace m_pace;
    bool m_keeps = true; ///< the connection, after the answer
    bool m_busy = false;
    bool m_toHead = false;
};

/// Closes a socket so that the other end sees a reset.
void resetSocket(QTcpSocket& socket);

} // namespace stickyscope::lab
