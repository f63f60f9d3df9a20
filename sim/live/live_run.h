// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_recorder.h"
#include "sim/live/replica_identity.h"
#include "sim/live/target.h"
#include "sim/model/chance.h"
#include "sim/model/scenario.h"
#include "sim/wire/http_connection.h"
#include "sim/wire/websocket_client.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace stickyscope::live {

/// What one live lane does.
struct LivePlan
{
    Target target;
    IdentityRule identity;
    std::optional<Target>
        identify; ///< asked with the same jar where nothing else names the replica
    int clients = 6;
    std::string group = "client";
    JarKind jar = JarKind::own;
    bool withholdSticky = false; ///< the sticky cookie alone is not sent; all others are
    std::string stickyName; ///< proposed from what is set where empty
    bool websocket = false; ///< handshakes at the target's path in place of requests
    std::string message = "{\"topic\": \"my topic\"}"; ///< sent when a WebSocket opens
    int requestsPerClient = 0; ///< 0: until it is stopped
    double ratePerClient = 1; ///< requests per second of each client
    double rateInAll = 20;
    Duration longest = std::chrono::hours(1); ///< a public service is watched for 5 minutes
    std::uint64_t seed = 1; ///< of the pauses
    std::function<Instant()> clock; ///< of all lanes of the experiment
    std::shared_ptr<ReplicaRoster> roster = std::make_shared<ReplicaRoster>(); ///< of all lanes
};

/// Clients that ask a real service, each with its own jar and a new connection for each request,
/// never in step. Lives on one thread with an event loop; what happened is handed to `sink`.
class LiveRun : public QObject
{
    Q_OBJECT

public:
    LiveRun(LivePlan plan, ObservationSink& sink, QObject* parent);
    ~LiveRun() override;

    void start();
    /// Ends all traffic at once.
    void stop();
    const LiveRecorder& recorder() const { return m_recorder; }
    /// The jar of the first client; an empty one where clients have none.
    http::CookieJar firstJar() const
    {
        return m_jars.empty() ? http::CookieJar {} : *m_jars.front();
    }
    /// The sticky cookie, as far as it is known.
    std::string stickyName() const { return m_sticky; }

signals:
    /// Every client has made its requests.
    void finished();

private:
    // A connection may be let go of from within its own signal.
    struct Later
    {
        void operator()(QObject* object) const
        {
            object->disconnect();
            object->deleteLater();
        }
    };
    struct Client
    {
        http::CookieJar* jar = nullptr; ///< may be null; not mine
        std::unique_ptr<wire::HttpConnection, Later> connection;
        std::unique_ptr<wire::WebSocketClient, Later> webSocket;
        std::uint32_t ordinal = 0;
        Instant next {}; ///< not before
        bool busy = false;
        LiveAnswer answer;
    };

    void tick();
    bool ready(const Client& client) const;
    void send(std::size_t index);
    void openWebSocket(std::size_t index, const http::RequestHead& head);
    void answered(std::size_t index, const wire::Exchange& exchange);
    void received(std::size_t index, const QByteArray& message);
    void giveUpOnMessage(std::size_t index);
    void askWho(std::size_t index);
    void finishRequest(std::size_t index);
    std::string cookieFor(Client& client);
    void takeCookies(Client& client, const http::ResponseHead& head, const std::string& replica);
    void nameReplica(LiveAnswer& answer, const http::ResponseHead& head,
                     std::string_view body) const;
    void nameByCookie(LiveAnswer& answer) const;
    void pace(double failed);
    void emitOne(const Observation& observation) { m_sink.observe({&observation, 1}); }

    LivePlan m_plan;
    ObservationSink& m_sink;
    LiveRecorder m_recorder;
    std::vector<std::unique_ptr<http::CookieJar>> m_jars;
    std::vector<Client> m_clients;
    std::vector<SeenCookie> m_seen;
    std::string m_sticky;
    QTimer m_timer;
    double m_rate;
    double m_failing = 0; ///< share of failed requests lately
    std::size_t m_last = 0; ///< the client whose turn it was
};

} // namespace stickyscope::live
