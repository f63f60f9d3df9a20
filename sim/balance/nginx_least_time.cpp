// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/in_flight.h"
#include "sim/balance/smooth_weights.h"

#include <algorithm>
#include <chrono>
#include <vector>

namespace stickyscope {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// nginx 1.31: ngx_http_upstream_least_time_module.c. The moving mean of response times in whole
// milliseconds, rounded up to twenties, times the connections and this one, for the weight; smooth
// weighted round robin among equals. A server that nobody has asked for longer than fail_timeout
// counts for half of its mean, and for half of that with each further one. With `inflight` a mean
// of what the requests in flight have taken so far counts where it is larger. Bound requests are in
// all of these figures. In the model an answer's head comes with its last byte.
class NginxLeastTime final : public CloneablePolicy<NginxLeastTime>
{
public:
    NginxLeastTime(const ReplicaSet& replicas, const Settings& settings)
        : m_weights(replicas)
        , m_connections(replicas)
        , m_servers(replicas.size())
        , m_maxFails(settings.whole("max-fails", 1))
        , m_failTimeout(std::chrono::floor<seconds>(settings.time("fail-timeout", seconds(10))))
        , m_inflight(settings.flag("inflight"))
    {
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        ReplicaIndex best = noReplica;
        std::int64_t leastTime = 0;
        bool several = false;
        for (std::size_t place = 0; place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!eligible(pick, index, left == 1))
                continue;
            lookAtInflight(m_servers[place], pick.now);
            const std::int64_t time = expected(index, pick.now);
            if (best == noReplica
                || time * m_weights.weight(best) < leastTime * m_weights.weight(index)) {
                best = index;
                leastTime = time;
                several = false;
            } else if (time * m_weights.weight(best) == leastTime * m_weights.weight(index)) {
                several = true;
            }
        }
        if (best == noReplica)
            return std::nullopt;
        return several ? inTurn(pick, best, leastTime) : best;
    }

    void assigned(ReplicaIndex replica, Bound, Instant now) override
    {
        Server& server = m_servers[raw(replica)];
        m_connections.assigned(replica);
        if (m_inflight) {
            if (server.inflight > 0)
                server.spent += (inMilliseconds(now) - server.changed) * server.inflight;
            server.changed = inMilliseconds(now);
            ++server.inflight;
        }
        if (isOld(server, now))
            server.checked = inSeconds(now);
    }

    void released(const Ended& ended) override
    {
        Server& server = m_servers[raw(ended.replica)];
        m_connections.released(ended.replica);
        const auto took = std::chrono::duration_cast<milliseconds>(ended.took);
        if (server.inflight > 0)
            ends(server, took, ended.now);
        if (ended.answered) {
            server.mean = averaged(server.mean, took);
            return;
        }
        if (!ended.failed())
            return;
        server.checked = inSeconds(ended.now);
        if (m_maxFails > 0)
            m_weights.failed(ended.replica, m_maxFails);
    }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        m_weights.update(replicas);
        m_connections.grow(replicas);
        m_servers.resize(replicas.size());
    }

private:
    struct Server
    {
        milliseconds mean {}; ///< of answers; zero: there was none
        seconds checked = never; ///< when it was last asked after a pause, or failed
        milliseconds inflightMean {};
        milliseconds spent {}; ///< by all requests in flight together, until `changed`
        milliseconds changed {};
        std::int64_t inflight = 0;
    };

    static constexpr seconds never {-(1LL << 40U)};
    static constexpr milliseconds longest {5000};
    static constexpr milliseconds step {20};

    static milliseconds inMilliseconds(Instant now)
    {
        return std::chrono::floor<milliseconds>(now.time_since_epoch());
    }
    static seconds inSeconds(Instant now)
    {
        return std::chrono::floor<seconds>(now.time_since_epoch());
    }

    static milliseconds averaged(milliseconds mean, milliseconds last)
    {
        if (mean == milliseconds::zero())
            return last;
        return milliseconds(static_cast<std::int64_t>(0.5 + static_cast<double>(last.count()) * 0.05
                                                      + static_cast<double>(mean.count()) * 0.95));
    }

    bool isOld(const Server& server, Instant now) const
    {
        return inSeconds(now) - server.checked > m_failTimeout;
    }

    static void lookAtInflight(Server& server, Instant now)
    {
        if (server.inflight > 0)
            server.inflightMean =
                averaged(server.inflightMean,
                         server.spent / server.inflight + (inMilliseconds(now) - server.changed));
    }

    static void ends(Server& server, milliseconds took, Instant now)
    {
        if (server.inflight == 1) {
            server.spent = {};
        } else {
            server.spent += (inMilliseconds(now) - server.changed) * server.inflight - took;
            server.changed = inMilliseconds(now);
        }
        --server.inflight;
    }

    // How long the server has to work for what it would have then, before weights.
    std::int64_t expected(ReplicaIndex replica, Instant now) const
    {
        constexpr std::int64_t bits = 64;
        const Server& server = m_servers[raw(replica)];
        milliseconds time = server.mean;
        if (isOld(server, now)) {
            const std::int64_t halves =
                (inSeconds(now) - server.checked) / (m_failTimeout + seconds(1));
            time = milliseconds(halves < bits ? time.count() >> halves : 0);
        }
        if (server.inflight > 0)
            time = std::max(time, server.inflightMean);
        if (time > longest)
            time = longest;
        else
            time += step - time % step;
        return time.count() * (1 + m_connections[replica]);
    }

    // Among equals, from the first of them on. Each is compared with the one that leads by then.
    ReplicaIndex inTurn(const Pick& pick, ReplicaIndex first, std::int64_t leastTime)
    {
        const bool onlyOne = pick.replicas.takingFresh() == 1;
        ReplicaIndex best = first;
        std::int64_t gained = 0;
        for (std::size_t place = raw(first); place < pick.replicas.size(); ++place) {
            const auto index = static_cast<ReplicaIndex>(place);
            if (!eligible(pick, index, onlyOne)
                || expected(index, pick.now) * m_weights.weight(best)
                    != leastTime * m_weights.weight(index))
                continue;
            gained += m_weights.gain(index);
            if (m_weights.current(index) > m_weights.current(best))
                best = index;
        }
        m_weights.pay(best, gained);
        return best;
    }

    SmoothWeights m_weights;
    InFlight m_connections;
    std::vector<Server> m_servers;
    std::int64_t m_maxFails;
    seconds m_failTimeout;
    bool m_inflight;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeNginxLeastTime(const ReplicaSet& replicas, const Chance&,
                                                    const Settings& settings)
{
    return std::make_unique<NginxLeastTime>(replicas, settings);
}

} // namespace stickyscope
