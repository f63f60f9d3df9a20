// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/engine_io.h"

#include "sim/lab/replica_socket.h"

#include <QTimer>
#include <QUuid>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace stickyscope::lab {

namespace {

using Json = nlohmann::json;

constexpr std::chrono::seconds pingInterval {25};
constexpr int pingTimeout = 20'000; ///< milliseconds
constexpr int mostSilent = 144; ///< pings in an hour: with our own clients
constexpr char separator = '\x1e'; ///< between the packets of one payload
constexpr std::size_t mostSessions = 10'000;
constexpr std::size_t mostInPayload = 1'000'000; ///< octets, as its server has them
constexpr std::size_t mostOwed = std::size_t {64} << 10U; ///< octets, to who fetches nothing

// The errors of its server, with their numbers (engine.io: lib/server.ts).
enum class Error : int
{
    unknownTransport = 0,
    unknownSession = 1,
    badMethod = 2,
    badRequest = 3,
    unsupportedVersion = 5
};

ReplicaAnswer refusal(Error error)
{
    const char* text = "Bad request";
    if (error == Error::unknownTransport)
        text = "Transport unknown";
    if (error == Error::unknownSession)
        text = "Session ID unknown";
    if (error == Error::badMethod)
        text = "Bad handshake method";
    if (error == Error::unsupportedVersion)
        text = "Unsupported protocol version";
    return {.status = 400,
            .body = R"({"code":)" + std::to_string(static_cast<int>(error)) + R"(,"message":")"
                + text + "\"}"};
}

ReplicaAnswer plain(std::string body)
{
    return {.body = std::move(body), .type = "text/plain; charset=UTF-8"};
}

} // namespace

EngineIo::EngineIo(std::string hostname, QObject* parent)
    : QObject(parent)
    , m_hostname(std::move(hostname))
{
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &EngineIo::ping);
    timer->start(pingInterval);
}

EngineIo::~EngineIo() = default;

void EngineIo::clear()
{
    m_sessions.clear();
}

// Other people's sessions have names that cannot be guessed.
EngineIo::Session& EngineIo::begin(std::string id)
{
    // A flood of sessions must not be a flood of memory.
    if (m_sessions.size() >= mostSessions) {
        answerWaiting(*m_sessions.begin()->second, "1");
        m_sessions.erase(m_sessions.begin());
    }
    if (id.empty())
        id = QUuid::createUuid().toString(QUuid::Id128).toStdString();
    auto session = std::make_unique<Session>();
    session->id = id;
    return *m_sessions.emplace(std::move(id), std::move(session)).first->second;
}

std::string EngineIo::written(const Json& value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string EngineIo::openPacket(const Session& session)
{
    Json open {{"sid", session.id},
               {"upgrades", session.socket ? Json::array() : Json::array({"websocket"})},
               {"pingInterval", std::chrono::milliseconds(pingInterval).count()},
               {"pingTimeout", pingTimeout},
               {"maxPayload", mostInPayload}};
    return "0" + written(open);
}

EngineIo::Session* EngineIo::find(const ReplicaRequest& request, ReplicaAnswer& otherwise,
                                  const std::string& ours)
{
    const std::string_view transport = request.query("transport");
    const std::string_view id = request.query("sid");
    const auto found = m_sessions.find(id);
    const bool begins = id.empty() && request.head.method == "GET";
    if (request.query("EIO") != "4")
        otherwise = refusal(Error::unsupportedVersion);
    else if (transport != "polling")
        otherwise = refusal(transport == "websocket" ? Error::badRequest : Error::unknownTransport);
    else if (begins)
        otherwise = plain(openPacket(begin(ours)));
    else if (found != m_sessions.end() && found->second->upgraded)
        otherwise = refusal(Error::badRequest); // it has left polling
    else if (found != m_sessions.end())
        return found->second.get();
    else
        otherwise = refusal(id.empty() ? Error::badMethod : Error::unknownSession);
    return nullptr;
}

ReplicaAnswer EngineIo::takePost(Session& session, std::string_view payload)
{
    if (payload.size() > mostInPayload)
        return errorAnswer(413);
    takeAll(session, payload);
    if (session.owed <= mostOwed)
        return plain("ok");
    m_sessions.erase(m_sessions.find(session.id));
    return refusal(Error::unknownSession);
}

void EngineIo::takeAll(Session& session, std::string_view payload)
{
    while (!payload.empty() && session.owed <= mostOwed) {
        const auto end = std::min(payload.find(separator), payload.size());
        take(session, std::string(payload.substr(0, end)));
        payload.remove_prefix(std::min(end + 1, payload.size()));
    }
}

std::string EngineIo::takePayload(Session& session)
{
    std::string payload;
    session.owed = 0;
    for (const std::string& packet : std::exchange(session.outgoing, {}))
        payload += (payload.empty() ? "" : std::string(1, separator)) + packet;
    return payload;
}

void EngineIo::answer(const Poll& poll, const ReplicaAnswer& answer)
{
    if (!poll.connection)
        return;
    poll.answers(answer.status);
    poll.connection->answer(answer);
}

void EngineIo::answerWaiting(Session& session, std::string payload)
{
    answer(std::exchange(session.waiting, {}), plain(std::move(payload)));
}

void EngineIo::poll(ReplicaConnection& connection, const ReplicaRequest& request, Answers answers)
{
    Poll asked {&connection, std::move(answers)};
    ReplicaAnswer otherwise;
    Session* session = find(request, otherwise);
    if (!session)
        return answer(asked, otherwise);
    if (request.head.method == "GET") {
        // One poll at a time; a second one ends the first.
        answerWaiting(*session, "1");
        session->waiting = std::move(asked);
        return flush(*session);
    }
    if (request.head.method != "POST")
        return answer(asked, refusal(Error::badRequest));
    answer(asked, takePost(*session, request.body));
}

ReplicaAnswer EngineIo::answerAtOnce(const ReplicaRequest& request, const std::string& name)
{
    ReplicaAnswer otherwise;
    Session* session = find(request, otherwise, name);
    if (!session)
        return otherwise;
    session->ours = true;
    session->silent = 0;
    if (request.head.method == "GET")
        return plain(takePayload(*session));
    return takePost(*session, request.body);
}

void EngineIo::say(Session& session, const std::string& packet)
{
    session.outgoing.push_back(packet);
    session.owed += packet.size();
    flush(session);
}

void EngineIo::flush(Session& session)
{
    if (session.outgoing.empty())
        return;
    if (session.upgraded) {
        const auto packets = std::exchange(session.outgoing, {});
        session.owed = 0;
        for (const std::string& packet : packets) {
            if (session.socket)
                session.socket->send(packet);
        }
        return;
    }
    if (session.waiting.connection)
        answerWaiting(session, takePayload(session));
}

void EngineIo::take(Session& session, const std::string& packet)
{
    session.silent = 0;
    if (packet.starts_with('2'))
        say(session, "3" + packet.substr(1));
    if (packet.starts_with('4'))
        takeMessage(session, packet.substr(1));
}

void EngineIo::ping()
{
    std::vector<std::string> silent;
    for (auto& [id, session] : m_sessions) {
        if (session->silent++ >= (session->ours ? mostSilent : 1))
            silent.push_back(id);
        else if (session->upgraded || !session->ours)
            say(*session, "2");
    }
    for (const std::string& id : silent) {
        const auto found = m_sessions.find(id);
        if (found->second->socket)
            found->second->socket->close(1000);
        answerWaiting(*found->second, "1");
        m_sessions.erase(found);
    }
}

} // namespace stickyscope::lab
