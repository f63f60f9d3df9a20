// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/engine_io.h"
#include "sim/lab/idle_connections.h"
#include "sim/lab/listener.h"
#include "sim/lab/replica_connection.h"
#include "sim/lab/replica_event.h"
#include "sim/lab/replica_line.h"
#include "sim/lab/replica_page.h"
#include "sim/lab/replica_slots.h"
#include "sim/lab/replica_socket.h"
#include "sim/lab/session_memory.h"
#include "sim/model/active_faults.h"
#include "sim/model/chance.h"
#include "sim/model/result.h"
#include "sim/model/scenario.h"

#include <QHostAddress>
#include <QObject>
#include <QPointer>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// What a replica is made of beside its name.
struct ReplicaMake
{
    ReplicaSpec spec; ///< slots, queue, service time, where its sessions are
    std::uint64_t seed = 1; ///< of the demand of requests
    std::string sessionCookie; ///< the application's own, set when a session begins; empty: none
    bool sessionRoute = false; ///< its value ends with ".route"
    /// Octets of a further cookie on each of `pages`, for the whole host; 0: none.
    int pathCookies = 0;
    std::vector<std::string> pages; ///< paths
    bool cacheable = false; ///< its answers say that they may be kept
    std::string colour = "#0072b2"; ///< in a browser
    ReplicaLimits limits;
    bool checksWait = false; ///< in its queue as any request does (HealthCheck::timeout)
    std::function<Instant()> clock; ///< that its faults go by; null: it stands at zero
};

/// A real replica: HTTP/1.1 and WebSocket on one port. GET /hostname answers {"ip": ...,
/// "hostname": ...}; beside it /streaming, /sse, /login and /cart, /socket.io/, /healthz, and a
/// page for browsers at / (sim/lab has a file for each). Requests take its slots as the model's do.
/// Those that our own clients mark (sim/live/request_marks.h) are answered at any path, and told
/// whether their session is known here. Whatever can be wrong with the model's replicas
/// (replica_faults.h) can be wrong with it, what its spec says from listen() on. Lives on the
/// thread that made it.
class ReplicaServer : public QObject
{
    Q_OBJECT

public:
    /// One that answers at once.
    ReplicaServer(const std::string& name, QObject* parent);
    ReplicaServer(ReplicaMake make, QObject* parent);
    ~ReplicaServer() override;

    /// Port 0: any free one. An error in words, or an empty text.
    std::string listen(const QHostAddress& address, std::uint16_t port);
    /// As listen(), at 127.0.0.1 and, where this machine has it, at [::1].
    std::string listenOnLoopback(std::uint16_t port);
    std::uint16_t port() const { return m_listener.port(); }
    const std::string& name() const { return m_face.hostname; }
    /// As when its process is killed: connections are reset, memory is gone. Its port stays taken,
    /// so that nobody else gets it.
    void stop();
    /// It listens again where it did, if it was stopped, and nothing is wrong with it but what
    /// follows each start. An error in words, or an empty text.
    std::string start();
    /// From `at` on. Whoever has the clock ends it when its time is over: faults() knows.
    void begin(const Intervention& fault, Instant at);
    void end(Intervention::Kind fault);
    void endFaults();
    const ActiveFaults& faults() const { return m_faults; }
    /// That are open to it, but for WebSockets.
    std::size_t connections() const;
    std::size_t webSockets() const; ///< that are open to it
    /// Called with one line for each request and message.
    void setLog(std::function<void(const std::string&)> log);
    /// The same, taken apart.
    void setLines(std::function<void(const ReplicaLine&)> lines) { m_lines = std::move(lines); }
    /// Called for requests that are not our own clients'.
    void setNoted(std::function<void(const ReplicaEvent&)> noted) { m_noted = std::move(noted); }
    /// Called for each request that it has answered, whoever sent it, checks left out: with its
    /// X-Request-Id, and where one of our clients did, with the client and the request's ordinal.
    /// `direct`: it came past the balancer.
    using Answered = std::function<void(const std::string& id, ClientIndex client,
                                        std::uint32_t ordinal, bool direct)>;
    void setAnswered(Answered answered) { m_whenAnswered = std::move(answered); }
    /// The balancer's cookie, whose value is told with them, and shown on the page.
    void setStickyName(std::string name) { m_face.stickyName = std::move(name); }
    /// Requests and handshakes that it has answered, its balancer's checks left out.
    Count answered() const { return m_answered; }

private:
    static constexpr std::string_view healthPath = "/healthz";
    struct Route;
    /// Whose request it is, as far as it is one of ours.
    struct Mark
    {
        ClientIndex client = noClient;
        std::uint32_t ordinal = 0;
        ClientKind kind = ClientKind::browser;
        bool ours = false;
        std::string logsOut; ///< "all" or "session"; empty: it does not
        SessionMemory::Found session;
    };
    using Handler = ReplicaAnswer (ReplicaServer::*)(const ReplicaConnection&,
                                                     const ReplicaRequest&);

    static const std::vector<Route>& routes();
    static Mark markOf(const ReplicaRequest& request);
    void accept(qintptr descriptor);
    std::string begun(std::string error);
    void take(ReplicaConnection& connection, ReplicaRequest request);
    void takeApart(ReplicaConnection& connection, const ReplicaRequest& request, const Mark& mark);
    void admit(ReplicaConnection& connection, const ReplicaRequest& request, const Mark& mark);
    void drop(ReplicaConnection& connection, const ReplicaRequest& request, const char* why);
    void finish(ReplicaConnection& connection, const ReplicaRequest& request, const Mark& mark,
                ReplicaAnswer answer);
    bool isStruck(Intervention::Kind fault, const ReplicaRequest& request, const Mark& mark) const;
    Instant now() const { return m_make.clock ? m_make.clock() : Instant {}; }
    void flood(std::int64_t connections);
    void serve(ReplicaConnection& connection, const ReplicaRequest& request, Mark mark);
    ReplicaAnswer answerTo(const ReplicaConnection& connection, const ReplicaRequest& request,
                           const Mark& mark);
    ReplicaAnswer hostname(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer front(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer page(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer state(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer health(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer login(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer logout(const ReplicaConnection& connection, const ReplicaRequest& request);
    ReplicaAnswer cart(const ReplicaConnection& connection, const ReplicaRequest& request);
    http::Fields fieldsFor(const ReplicaRequest& request, const Mark& mark) const;
    std::string sessionCookieOf(std::string value) const;
    void addCookies(http::Fields& fields, const ReplicaRequest& request, const Mark& mark) const;
    void openSocket(ReplicaConnection& connection, const ReplicaRequest& request, const Mark& mark);
    void endConnections();
    /// Whether nobody has passed it on: it says where this replica is, and no address beside.
    bool isDirect(const ReplicaRequest& request) const;
    static std::string sourceOf(const ReplicaRequest& request);
    ReplicaLine lineOf(const ReplicaRequest& request) const;
    void log(const std::string& peer, std::string what);
    void log(const ReplicaRequest& request, int status, std::string what = {});
    /// Of a WebSocket that this request has opened.
    void logLater(const ReplicaRequest& request, std::string what);
    /// Tells of a request's end, unless it is our own client's.
    void noteAnswer(const ReplicaRequest& request, const Mark& mark, int status);
    void note(ReplicaEvent::Kind kind, const ReplicaRequest& request, int code = 0);

    ReplicaMake m_make;
    ReplicaFace m_face;
    Chance m_chance;
    Listener m_listener;
    ReplicaSlots m_slots;
    SessionMemory m_memory;
    EngineIo m_engine;
    ActiveFaults m_faults;
    std::vector<QPointer<ReplicaConnection>> m_swallowed; ///< by a black hole
    std::vector<std::pair<QPointer<ReplicaConnection>, ReplicaRequest>> m_held; ///< while paused
    std::unique_ptr<IdleConnections> m_flood;
    std::uint32_t m_requests = 0; ///< of others than our clients
    std::size_t m_open = 0; ///< connections, but for WebSockets
    std::uint64_t m_taken = 0; ///< of all, for the names of those that bring none
    Count m_answered = 0;
    std::function<void(const ReplicaLine&)> m_lines;
    std::function<void(const ReplicaEvent&)> m_noted;
    Answered m_whenAnswered;
};

} // namespace stickyscope::lab
