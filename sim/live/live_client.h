// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/engine_io_session.h"
#include "sim/live/live_plan.h"
#include "sim/live/live_series.h"
#include "sim/live/sticky_finder.h"
#include "sim/wire/http_connection.h"
#include "sim/wire/websocket_client.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <optional>

namespace stickyscope::live {

/// One client of a real service, or one of several lines of such a client, which share its jar and
/// its series: one request or handshake at a time, and for a WebSocket its messages while it is
/// open. Finds out who answered. It does nothing by itself: send() and tick() move it on.
class LiveClient : public QObject
{
    Q_OBJECT

public:
    /// Who it is among the clients of its lane.
    struct Self
    {
        ClientIndex index {};
        std::string name;
        http::CookieJar* jar = nullptr; ///< may be null; not its own, others may share it
        StickyFinder* sticky = nullptr; ///< of its lane; never null
        QHostAddress from; ///< of this machine; null: any
        std::shared_ptr<LiveSeries> series; ///< of its client; null: a new one
    };

    LiveClient(const LivePlan& plan, const LiveGroup& group, const LiveShared& shared, Self self,
               QObject* parent);
    ~LiveClient() override;

    /// Nothing is under way, and no WebSocket is open.
    bool idle() const { return !m_busy && !m_webSocket; }
    /// Whether the next request makes a new connection.
    bool opensConnection() const { return !m_holding; }
    std::uint32_t requests() const { return m_series->requests(); }
    const LiveGroup& group() const { return m_group; }
    http::CookieJar* jar() { return m_jar; }
    /// What the last request asked for.
    const Target& target() const { return *m_target; }
    /// Its head, as it is sent.
    const http::RequestHead& head() const { return m_head; }
    /// When its last WebSocket was to end; nothing where it ended otherwise.
    std::optional<Instant> lifeEnded() const { return m_lifeEnded; }

    void send();
    /// Messages that are due, and the end of a connection's life.
    void tick(Instant now);
    /// Drops an open WebSocket without a word.
    void cut();
    /// Ends all traffic at once; no signal follows.
    void stop();

signals:
    void sent(const stickyscope::live::LiveAnswer& request);
    /// The request has ended, and it is known who answered, as far as it can be.
    void ended(const stickyscope::live::LiveAnswer& answer);
    void opened(const stickyscope::live::LiveAnswer& answer);
    void messaged(stickyscope::Duration latency);
    void closed(int code, const std::string& reason);
    /// A connection that opensConnection() announced is closed.
    void released();
    /// The target asks to be left alone for so long.
    void holdAsked(stickyscope::Duration pause);

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
    using Connection = std::unique_ptr<wire::HttpConnection, Later>;

    void sendRequest();
    void readMarks(const http::ResponseHead& head);
    void openSocket(const http::RequestHead& head);
    void answered(const wire::Exchange& exchange);
    void judge(const wire::Exchange& exchange);
    void socketOpened();
    bool hearsEngine(const QByteArray& packet);
    void beginLife();
    void received(const QByteArray& message);
    void socketClosed(int code, const QByteArray& reason);
    void giveUpOnMessage();
    void sendMessage();
    void askWho();
    void finish();
    void hold();
    void release();

    void writeHead();
    void nameSession();
    void nextId(std::string& id);
    wire::Endpoint endpoint() const;
    WallSeconds wall() const;
    std::string cookieField() const;
    void takeCookies(const http::ResponseHead& head);
    void nameReplica(const http::ResponseHead& head, std::string_view body);
    void nameByCookie();

    const LivePlan& m_plan;
    const LiveGroup& m_group;
    const LiveShared& m_shared;
    std::string m_name;
    QHostAddress m_from;
    http::CookieJar* m_jar;
    StickyFinder& m_sticky;
    std::shared_ptr<LiveSeries> m_series;

    std::string m_idPrefix; ///< of its requests' X-Request-Id
    std::uint64_t m_ids = 0;
    Connection m_connection;
    Connection m_identifying;
    std::unique_ptr<wire::WebSocketClient, Later> m_webSocket;
    int m_onConnection = 0; ///< requests that the connection has been used for
    std::string m_cookiesSent;
    std::string m_carried; ///< of the header that its group carries, from the latest answer
    const Target* m_target; ///< of the request
    LiveSeries::Sent m_sent; ///< likewise
    // What all requests for the same have in common is written once.
    http::RequestHead m_common;
    const Target* m_commonTarget = nullptr;
    std::string m_commonCookies;
    http::RequestHead m_head;
    IdentityMemory m_identities;
    std::optional<EngineIoSession> m_engine; ///< where it speaks Engine.IO
    LiveAnswer m_answer;
    bool m_busy = false;
    bool m_holding = false; ///< a connection that counts against the target's allowance
    bool m_reused = false; ///< the request went over a connection that was kept

    // Of an open WebSocket:
    std::uint32_t m_messages = 0;
    std::optional<Instant> m_nextMessage;
    std::optional<Instant> m_closeAt;
    std::optional<Instant> m_lifeEnded;
    QElapsedTimer m_sinceMessage;
};

} // namespace stickyscope::live
