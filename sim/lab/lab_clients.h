// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/lab/lab_recorder.h"
#include "sim/lab/request_join.h"
#include "sim/live/live_client.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace stickyscope::lab {

/// The scenario's clients on real sockets: each with its jar, at the moments that the model draws
/// for it, so that all lanes have the same luck. They ask for the scenario's origin, which is found
/// at the balancer's port. One whose answer is late sends its next request when it is there.
class LabClients final : public QObject
{
    Q_OBJECT

public:
    struct Terms
    {
        std::shared_ptr<const Scenario> scenario;
        std::vector<http::CookieJar> jars; ///< what each group begins with; may be fewer
        std::uint16_t port = 0; ///< of the balancer, on 127.0.0.1
        std::string stickyName;
        std::function<Instant()> clock;
        /// The replica that this request's sticky cookie names.
        std::function<ReplicaIndex(const live::LiveAnswer&, const std::string& path)> names;
        /// Whether requests say whose they are: to our own replicas alone.
        bool marksRequests = true;
        RequestJoin* join = nullptr; ///< is told of each request and its end; may be null
    };

    /// `recorder` must outlive this.
    LabClients(Terms terms, LabRecorder& recorder, QObject* parent);
    ~LabClients() override;

    /// Sends what is due by the clock, in the order in which it became due.
    void tick();
    /// noClient means all of them.
    void cut(ClientIndex client);
    void takeCookies(ClientIndex client);
    /// The balancer's cookie has another name from now on.
    void setStickyName(const std::string& name);

private:
    struct Turn
    {
        live::LiveClient* client = nullptr;
        const ClientSpec* spec = nullptr;
        Instant next {}; ///< not before
    };

    void addGroup(const ClientSpec& spec, const live::LiveGroup& group,
                  const http::CookieJar& given);
    void connectClient(ClientIndex index);
    void scheduleNext(ClientIndex index, Instant from);

    Terms m_terms;
    LabRecorder& m_recorder;
    live::LivePlan m_plan;
    live::LiveShared m_shared;
    live::StickyFinder m_sticky;
    std::vector<std::unique_ptr<http::CookieJar>> m_jars;
    std::vector<Turn> m_turns;
    std::vector<std::size_t> m_due; ///< room for tick()
};

} // namespace stickyscope::lab
