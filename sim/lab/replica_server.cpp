// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_server.h"

#include "sim/lab/replica_login.h"
#include "sim/lab/replica_socket.h"

#include <QTcpSocket>

#include <utility>

namespace stickyscope::lab {

namespace {

constexpr int mostConnections = 2000;

constexpr std::string_view healthPath = "/healthz";

// The last address is the one that the balancer itself has seen; it tells no port.
std::string forwardedFor(const std::string& field, const std::string& peer)
{
    const auto comma = field.rfind(',');
    const auto begin = field.find_first_not_of(' ', comma == std::string::npos ? 0 : comma + 1);
    return begin == std::string::npos ? peer : field.substr(begin) + ":0";
}

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
    , m_server(new QTcpServer(this))
    , m_slots(m_make.spec.slotCount, m_make.spec.queue, nullptr)
    , m_memory(m_make.spec.sessions)
    , m_engine(m_make.spec.name, nullptr)
{
    m_server->setMaxPendingConnections(mostConnections);
    connect(m_server, &QTcpServer::newConnection, this, &ReplicaServer::accept);
}

ReplicaServer::~ReplicaServer()
{
    // What is still open ends before the memory that it uses.
    endConnections();
}

std::string ReplicaServer::listen(const QHostAddress& address, std::uint16_t port)
{
    m_address = address;
    if (!m_server->listen(address, port))
        return "cannot listen on port " + std::to_string(port) + ": "
            + m_server->errorString().toStdString();
    m_port = m_server->serverPort();
    return {};
}

void ReplicaServer::endConnections()
{
    m_slots.clear();
    m_held.clear();
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
    if (!m_server->isListening())
        return;
    // What waits to be accepted is reset by the kernel.
    m_server->close();
    endConnections();
    m_memory.clear();
    m_engine.clear();
    // Bound but not listening: connections are refused.
    m_placeholder = std::make_unique<QTcpSocket>();
    m_placeholder->bind(m_address, m_port, QAbstractSocket::ReuseAddressHint);
}

std::string ReplicaServer::start()
{
    if (m_server->isListening())
        return {};
    std::string error = listen(m_address, m_port);
    m_placeholder.reset();
    return error;
}

void ReplicaServer::setFaults(const ReplicaFaults& faults)
{
    m_faults = faults;
    if (faults.paused)
        return;
    for (auto& [connection, request] : std::exchange(m_held, {})) {
        if (connection)
            take(*connection, request);
    }
}

void ReplicaServer::log(const std::string& peer, const std::string& what)
{
    if (m_log)
        m_log(m_face.hostname + " " + peer + " " + what);
}

void ReplicaServer::noteAnswer(const ReplicaRequest& request, const Mark& mark, int status)
{
    const std::string* id = request.head.fields.find("X-Request-Id");
    log(request.peer,
        request.head.method + " " + std::string(request.path()) + " " + std::to_string(status)
            + (id ? " " + *id : ""));
    if (request.path() == healthPath)
        return;
    ++m_answered;
    if (m_whenAnswered)
        m_whenAnswered(request.id, mark.ours ? mark.client : noClient, mark.ordinal);
    if (!mark.ours)
        note(ReplicaEvent::Kind::answered, request, status);
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
             .requestId = request.id,
             .source = forwardedFor(value("X-Forwarded-For"), request.peer),
             .path = std::string(request.path()),
             .sticky = std::string(request.cookie(m_face.stickyName)),
             .agent = value("User-Agent"),
             .visitor = request.visitor,
             .code = code});
}

void ReplicaServer::accept()
{
    while (QTcpSocket* socket = m_server->nextPendingConnection()) {
        auto* connection = new ReplicaConnection(socket, this);
        connect(connection, &ReplicaConnection::requested, this,
                [this, connection](const ReplicaRequest& request) { take(*connection, request); });
        connect(connection, &ReplicaConnection::refused, this, [this, connection](int status) {
            log(connection->peer(), "malformed request " + std::to_string(status));
        });
    }
}

void ReplicaServer::take(ReplicaConnection& connection, ReplicaRequest request)
{
    const std::string* id = request.head.fields.find("X-Request-Id");
    request.id = id ? *id : m_face.hostname + "-" + std::to_string(m_taken++);
    request.visitor = visitorOf(request);
    if (m_faults.paused) {
        m_held.emplace_back(&connection, request);
        return;
    }
    if (m_faults.resets) {
        log(request.peer, request.head.method + " " + std::string(request.path()) + " reset");
        return connection.reset();
    }
    Mark mark = markOf(request);
    if (!mark.ours)
        mark.ordinal = m_requests++;
    // What asks how it is, or what it is, does not wait behind others.
    if (request.path() == healthPath || request.path().starts_with("/stickyscope"))
        return serve(connection, request, mark);
    Draw draw = m_chance.draw(mark.client, mark.ordinal, Purpose::serviceTime);
    const bool admitted =
        m_slots.admit(m_make.spec.serviceTime(draw),
                      [this, mark, request, waiting = QPointer<ReplicaConnection>(&connection)] {
                          if (waiting)
                              serve(*waiting, request, mark);
                      });
    if (admitted)
        return;
    log(request.peer, request.head.method + " " + std::string(request.path()) + " queue full");
    connection.reset();
}

} // namespace stickyscope::lab
