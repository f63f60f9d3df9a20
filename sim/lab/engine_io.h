// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_connection.h"
#include "sim/lab/replica_message.h"

#include <QObject>
#include <QPointer>

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace stickyscope::lab {

class ReplicaSocket;

/// An Engine.IO server, protocol 4 (github.com/socketio/engine.io-protocol), with as much of
/// Socket.IO's protocol 5 on it as clients need: they connect to any namespace, every event is
/// answered by an event "hostname" with the replica's name, and by an acknowledgement where one is
/// asked for. Its sessions are in its memory: 400 with code 1 for others, which is what happens
/// behind a balancer that does not stick.
class EngineIo final : public QObject
{
    Q_OBJECT

public:
    EngineIo(std::string hostname, QObject* parent);
    ~EngineIo() override;

    /// Is told the status of an answer just before that goes out, now or later.
    using Answers = std::function<void(int status)>;
    /// Polling: GET opens a session or waits for what there is to say, POST says something.
    void poll(ReplicaConnection& connection, const ReplicaRequest& request, Answers answers);
    /// A poll of our own clients, who ask when there is something to say, and not before. Their
    /// sessions are kept for an hour of silence: the experiment's clock may stand still. One that
    /// it begins has this name.
    ReplicaAnswer answerAtOnce(const ReplicaRequest& request, const std::string& name);
    /// Whether a handshake with this query may be answered: 0, or the status that refuses it.
    int faultIn(const ReplicaRequest& handshake) const;
    /// A WebSocket whose handshake was in order: a session's upgrade, or a session of its own.
    /// `ours`: the session's name, of our own clients.
    void opened(ReplicaSocket& socket, const ReplicaRequest& handshake,
                const std::string& ours = {});
    /// Forgets all sessions; their connections are somebody else's to end.
    void clear();

private:
    /// A poll that has no answer yet.
    struct Poll
    {
        QPointer<ReplicaConnection> connection; ///< null: nobody waits
        Answers answers;
    };

    struct Session
    {
        std::string id;
        std::vector<std::string> outgoing; ///< packets
        std::size_t owed = 0; ///< their octets
        Poll waiting; ///< a GET
        QPointer<ReplicaSocket> socket; ///< after an upgrade
        bool upgraded = false;
        int silent = 0; ///< pings since it was heard
        bool ours = false; ///< of one of our own clients
    };

    Session& begin(std::string id);
    /// Of a poll: its session, or what refuses or begins one.
    Session* find(const ReplicaRequest& request, ReplicaAnswer& otherwise,
                  const std::string& ours = {});
    /// What a POST says: the answer to it.
    ReplicaAnswer takePost(Session& session, std::string_view payload);
    void takeAll(Session& session, std::string_view payload);
    static std::string takePayload(Session& session);
    static void answer(const Poll& poll, const ReplicaAnswer& answer);
    static void answerWaiting(Session& session, std::string payload);
    static std::string openPacket(const Session& session);
    /// Names may hold any octets.
    static std::string written(const nlohmann::json& value);
    void say(Session& session, const std::string& packet);
    void flush(Session& session);
    void take(Session& session, const std::string& packet);
    void takeMessage(Session& session, const std::string& message);
    void takeFromSocket(const std::string& id, ReplicaSocket& socket, const std::string& packet);
    void ping();

    std::string m_hostname;
    std::map<std::string, std::unique_ptr<Session>, std::less<>> m_sessions;
};

} // namespace stickyscope::lab
