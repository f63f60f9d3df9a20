// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_client.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <vector>

namespace stickyscope::live {

/// One live lane: clients that ask a real service, never in step, as fast as the pacer lets them.
/// Lives on one thread with an event loop; what happened is handed to `sink`.
class LiveRun : public QObject
{
    Q_OBJECT

public:
    LiveRun(LivePlan plan, LiveShared shared, std::size_t lane, ObservationSink& sink,
            QObject* parent);
    ~LiveRun() override;

    void start();
    /// Ends all traffic at once.
    void stop();
    /// Cut WebSockets come back; noClient means every client.
    void cut(ClientIndex client);
    void takeCookies(ClientIndex client);

    const LiveRecorder& recorder() const { return m_recorder; }
    /// The jar of the first client; an empty one where clients have none.
    http::CookieJar firstJar() const;

signals:
    /// A request was answered; the replica's name is empty where nobody knows it.
    void answered(const std::string& replica);
    /// Every client has made its requests, or the pacer has ended the run.
    void finished();

private:
    struct Turn
    {
        LiveClient* client = nullptr;
        Instant next {}; ///< not before
    };

    void addGroup(LiveGroup& group);
    void connectClient(LiveClient& client, ClientIndex index);
    void tick();
    bool ready(const Turn& turn, Instant now) const;
    bool mayTake(const LiveClient& client, Instant now);
    void ended(const LiveAnswer& answer);
    bool exhausted(const LiveClient& client) const;
    void scheduleNext(ClientIndex index);
    void note(const LiveAnswer& answer);
    bool isDone() const;
    void finishIf(bool done);
    void emitAll(std::span<const Observation> observations) { m_sink.observe(observations); }
    void emitOne(const Observation& observation) { emitAll({&observation, 1}); }

    LivePlan m_plan;
    LiveShared m_shared;
    std::size_t m_lane;
    ObservationSink& m_sink;
    LiveRecorder m_recorder;
    StickyFinder m_sticky;
    std::vector<std::unique_ptr<http::CookieJar>> m_jars;
    std::vector<Turn> m_turns;
    QTimer m_timer;
    std::size_t m_last = 0; ///< the client whose turn it was
    bool m_othersWait = false; ///< for the pacer
    bool m_finished = false;
    LiveAnswer m_noted; ///< the last answer that changed the notice
};

} // namespace stickyscope::live
