// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_server.h"

#include "sim/lab/replica_login.h"
#include "sim/lab/replica_socket.h"

#include <QTcpSocket>

#include <utility>

namespace stickyscope::lab {

namespace {

ReplicaMake makeOf(const std::string& name)
{
    ReplicaMake make;
    make.spec.name = name;
    make.spec.serviceTime = {};
    return make;
}

} // namespace

ReplicaServer::ReplicaServer(const std::string& name, QObject* parent)
    : ReplicaServer(makeOf(name), parent)
{
}

ReplicaServer::ReplicaServer(ReplicaMake make, QObject* parent)
    : QObject(parent)
    , m_make(std::move(make))
    , m_face {.hostname = m_make.spec.name, .colour = m_make.colour}
    , m_chance {m_make.seed}
    , m_listener([this](qintptr descriptor) { accept(descriptor); })
    , m_slots(m_make.spec.slotCount, m_make.spec.queue, nullptr)
    , m_memory(m_make.spec.sessions)
    , m_engine(m_make.spec.name, nullptr)
{
}

ReplicaServer::~ReplicaServer()
{
    // What is still open ends before the memory that it uses.
    endConnections();
}

std::string ReplicaServer::listen(const QHostAddress& address, std::uint16_t port)
{
    return begun(m_listener.open(address, port));
}

std::string ReplicaServer::listenOnLoopback(std::uint16_t port)
{
    return begun(m_listener.openOnLoopback(port));
}

std::string ReplicaServer::begun(std::string error)
{
    if (error.empty()) {
        for (const Intervention& fault : m_make.spec.faults)
            begin(fault, now());
    }
    return error;
}

void ReplicaServer::endConnections()
{
    m_slots.clear();
    m_held.clear();
    m_swallowed.clear();
    m_flood.reset();
    for (ReplicaSocket* socket : findChildren<ReplicaSocket*>()) {
        socket->reset();
        delete socket;
    }
    for (ReplicaConnection* connection : findChildren<ReplicaConnection*>()) {
        connection->reset();
        delete connection;
    }
}

void ReplicaServer::stop()
{
    if (!m_listener.isOpen())
        return;
    // What waits to be accepted is reset by the kernel.
    m_listener.close();
    endConnections();
    m_memory.clear();
    m_engine.clear();
}

std::string ReplicaServer::start()
{
    if (auto error = m_listener.openAgain(); !error.empty())
        return error;
    endFaults();
    for (const Intervention& fault : m_make.spec.faults) {
        if (fault.kind == Intervention::Kind::slowStart)
            begin(fault, now());
    }
    return {};
}

void ReplicaServer::setLog(std::function<void(const std::string&)> log)
{
    m_lines = [log = std::move(log)](const ReplicaLine& line) { log(textOf(line)); };
}

bool ReplicaServer::isDirect(const ReplicaRequest& request) const
{
    const std::string* host = request.head.fields.find("Host");
    return host && host->ends_with(":" + std::to_string(port()))
        && !request.head.fields.find("X-Forwarded-For");
}

void ReplicaServer::noteAnswer(const ReplicaRequest& request, const Mark& mark, int status)
{
    if (request.path() != healthPath) {
        ++m_answered;
        if (m_whenAnswered)
            m_whenAnswered(request.id, mark.ours ? mark.client : noClient, mark.ordinal,
                           isDirect(request));
        if (!mark.ours)
            note(ReplicaEvent::Kind::answered, request, status);
    }
    log(request, status);
}

void ReplicaServer::note(ReplicaEvent::Kind kind, const ReplicaRequest& request, int code)
{
    if (!m_noted || request.path() == healthPath)
        return;
    const auto value = [&request](const char* field) {
        const std::string* found = request.head.fields.find(field);
        return found ? *found : std::string();
    };
    m_noted({.kind = kind,
             .direct = isDirect(request),
             .requestId = request.id,
             .source = sourceOf(request),
             .path = std::string(request.path()),
             .sticky = std::string(request.cookie(m_face.stickyName)),
             .agent = value("User-Agent"),
             .webSocket = request.asksForWebSocket(),
             .origin = !value("Origin").empty(),
             .visitor = request.visitor,
             .code = code});
}

void ReplicaServer::accept(qintptr descriptor)
{
    auto* socket = new QTcpSocket;
    socket->setSocketDescriptor(descriptor);
    auto* connection = new ReplicaConnection(socket, m_make.limits, this);
    ++m_open;
    connect(connection, &QObject::destroyed, &m_slots, [this] { --m_open; });
    connect(connection, &QObject::destroyed, &m_slots,
            [this, connection] { m_slots.withdraw(connection); });
    connect(connection, &ReplicaConnection::requested, this,
            [this, connection](const ReplicaRequest& request) { take(*connection, request); });
    connect(connection, &ReplicaConnection::refused, this, [this, connection](int status) {
        log(connection->peer(), "refused " + std::to_string(status));
    });
    // What the fault `flood` opens comes on top.
    if (m_open > m_make.limits.connections + (m_flood ? m_flood->size() : 0))
        connection->refuse(503);
}

void ReplicaServer::take(ReplicaConnection& connection, ReplicaRequest request)
{
    const std::string* id = request.head.fields.find("X-Request-Id");
    request.id = id ? *id : m_face.hostname + "-" + std::to_string(m_taken++);
    request.visitor = visitorOf(request);
    if (m_faults.find(Intervention::Kind::blackHole)) {
        m_swallowed.emplace_back(&connection);
        return;
    }
    Mark mark = markOf(request);
    if (!mark.ours)
        mark.ordinal = m_requests++;
    // What asks how it is, or what it is, does not wait behind others.
    const bool apart = request.path() == healthPath ? !m_make.checksWait
                                                    : request.path().starts_with("/stickyscope");
    if (apart)
        takeApart(connection, request, mark);
    else
        admit(connection, request, mark);
}

void ReplicaServer::admit(ReplicaConnection& connection, const ReplicaRequest& request,
                          const Mark& mark)
{
    // A check is short: what makes it late is latency alone.
    const bool check = request.path() == healthPath;
    Draw draw = m_chance.draw(mark.client, mark.ordinal, Purpose::serviceTime);
    const Duration demand =
        m_faults.demand(check ? Duration::zero() : m_make.spec.serviceTime(draw), now(),
                        m_chance.draw(mark.client, mark.ordinal, Purpose::replicaFault),
                        check ? 0 : m_make.spec.answerSize);
    const bool admitted =
        m_slots.admit(&connection, demand,
                      [this, mark, request, waiting = QPointer<ReplicaConnection>(&connection)] {
                          if (waiting)
                              serve(*waiting, request, mark);
                      });
    if (!admitted)
        drop(connection, request, "queue full");
}

void ReplicaServer::drop(ReplicaConnection& connection, const ReplicaRequest& request,
                         const char* why)
{
    log(request, 0, why);
    connection.reset();
}

} // namespace stickyscope::lab
