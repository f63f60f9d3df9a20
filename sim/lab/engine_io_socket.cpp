// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Engine.IO over a WebSocket: a session's upgrade, or a session of its own.
#include "sim/lab/engine_io.h"
#include "sim/lab/replica_socket.h"

namespace stickyscope::lab {

int EngineIo::faultIn(const ReplicaRequest& handshake) const
{
    const std::string_view id = handshake.query("sid");
    const bool good = handshake.query("EIO") == "4" && handshake.query("transport") == "websocket"
        && (id.empty() || m_sessions.contains(id));
    return good ? 0 : 400;
}

void EngineIo::opened(ReplicaSocket& socket, const ReplicaRequest& handshake,
                      const std::string& ours)
{
    const std::string_view given = handshake.query("sid");
    const auto found = m_sessions.find(given);
    const std::string id = found == m_sessions.end() ? begin(ours).id : found->first;
    if (given.empty()) {
        Session& session = *m_sessions.find(id)->second;
        session.socket = &socket;
        session.upgraded = true;
        session.ours = !ours.empty();
        socket.send(openPacket(session));
    }
    connect(&socket, &ReplicaSocket::received, this,
            [this, id, &socket](const std::string& packet, bool binary) {
                // Attachments of events, which nobody needs.
                if (!binary)
                    takeFromSocket(id, socket, packet);
            });
    connect(&socket, &ReplicaSocket::closed, this, [this, id, &socket] {
        const auto session = m_sessions.find(id);
        if (session != m_sessions.end() && session->second->socket == &socket)
            m_sessions.erase(session);
    });
}

void EngineIo::takeFromSocket(const std::string& id, ReplicaSocket& socket,
                              const std::string& packet)
{
    const auto found = m_sessions.find(id);
    if (found == m_sessions.end())
        return socket.close(1000);
    Session& session = *found->second;
    if (packet == "2probe") {
        socket.send("3probe");
        // The poll that is waiting must end, for the client to let go of polling.
        return answerWaiting(session, "6");
    }
    if (packet == "5") {
        session.socket = &socket;
        session.upgraded = true;
        return flush(session);
    }
    take(session, packet);
}

} // namespace stickyscope::lab
