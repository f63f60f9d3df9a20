// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/lab/lab_recorder.h"
#include "sim/lab/lane_doors.h"
#include "sim/lab/request_join.h"
#include "sim/live/live_client.h"
#include "sim/model/arrivals.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace stickyscope::lab {

/// The scenario's clients on real sockets: each with its jar, at the moments that the model draws
/// for it, so that all lanes have the same luck. Their origins are found at the balancer's doors.
/// Requests side by side have a connection each, which is kept for later ones; beyond `mostLines`
/// further ones in all, requests wait until one has ended.
class LabClients final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::size_t mostLines = 1000;

    struct Terms
    {
        std::shared_ptr<const Scenario> scenario;
        std::vector<http::CookieJar> jars; ///< what each group begins with; may be fewer
        LaneDoors doors; ///< the balancer's
        std::string stickyName; ///< of the balancer's cookie, where that is known
        bool sticky = true; ///< its lane is: whose cookie it is may be found out
        std::function<Instant()> clock;
        std::function<WallSeconds()> wall; ///< by which cookies expire
        std::function<void(const live::LiveAnswer&, const live::LiveClient&)> sent; ///< is told
        std::function<void(const live::LiveAnswer&, const live::LiveClient&)> ended; ///< likewise
        std::function<void(ClientIndex)> cookiesChanged; ///< likewise, and when they may have
        /// Whether requests say whose they are: to our own replicas alone.
        bool marksRequests = true;
        RequestJoin& join; ///< is told of each request and its end
    };

    /// `recorder` must outlive this.
    LabClients(Terms terms, LabRecorder& recorder, QObject* parent);
    ~LabClients() override;

    /// What a client's next request is; nothing where it sends no cookies.
    std::optional<BalancerProxy::Asked> nextOf(ClientIndex client) const;
    /// The address that a client has to the balancer.
    const std::string& sourceOf(ClientIndex client) const { return m_turns[raw(client)].source; }
    /// Sends what is due by the clock, in the order in which it became due: some of it now, what
    /// is more between the answers.
    void tick();
    /// Sends at once what of that is not sent yet.
    void catchUp();
    /// Drops open WebSockets without a word; noClient means those of all.
    void cut(ClientIndex client);
    /// The balancer's cookie has another name from now on.
    void setStickyName(const std::string& name);
    /// What befalls cookies.
    void befall(const Intervention& intervention);

private:
    live::StickyFinder finder() const;
    struct Turn
    {
        const ClientSpec* spec = nullptr;
        const live::LiveGroup* group = nullptr;
        std::uint32_t firstClient = 0; ///< of its group
        std::string source; ///< its address
        http::CookieJar* jar = nullptr; ///< null: it sends no cookies at all
        std::shared_ptr<live::LiveSeries> series;
        std::vector<live::LiveClient*> lines; ///< one at least
        std::optional<Instant> next; ///< nothing: not before something has ended
        int together = 1; ///< requests to send then
        int waiting = 0; ///< further ones of that moment, for which there was no line
        std::uint32_t leads = 0; ///< the request of them from whose end the next moment follows
    };

    void addGroup(const ClientSpec& spec, const live::LiveGroup& group,
                  const http::CookieJar& given);
    live::LiveClient* addLine(ClientIndex index);
    void connectLine(ClientIndex index, live::LiveClient* line);
    /// One that is free; null where no more may be made.
    live::LiveClient* lineFor(ClientIndex index);
    void sendSome();
    /// Of the clients that are due and have a line, those that have been for longest. Whether there
    /// was one.
    bool sendMoment();
    /// Whether there was a line for it.
    bool sendDue(ClientIndex index);
    void sendWaiting(ClientIndex index);
    /// Whether it would send the sticky cookie with this request once more.
    bool returnsSticky(const Turn& turn, const live::Target& asked) const;
    void scheduleNext(ClientIndex index, std::uint32_t ordinal, Instant from);
    Arrivals arrivalsOf(const Turn& turn) const;

    Terms m_terms;
    LabRecorder& m_recorder;
    live::LivePlan m_plan;
    live::LiveShared m_shared;
    live::StickyFinder m_sticky;
    std::vector<std::unique_ptr<http::CookieJar>> m_jars;
    std::vector<Turn> m_turns;
    std::size_t m_further = 0; ///< lines beside each client's first
    std::vector<std::size_t> m_due; ///< room for sendMoment()
    bool m_goingOn = false; ///< sendSome() is to come
};

} // namespace stickyscope::lab
