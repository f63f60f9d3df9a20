// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/circuit_breaker.h"
#include "sim/dispatch/decision.h"
#include "sim/dispatch/health.h"
#include "sim/dispatch/passive_checks.h"
#include "sim/dispatch/server_limits.h"
#include "sim/products/product.h"

#include <memory>
#include <optional>
#include <vector>

namespace stickyscope {

/// THE decision: the product's sticky policy is asked first and can bypass the algorithm; what
/// becomes of a failed attempt, and which cookie goes out, is the product's as well. It knows
/// neither sockets nor events: the virtual balancer and a real one are adapters around it.
/// A value: a copy goes its own way.
class Dispatcher
{
public:
    /// The spec must name a known product and one of its algorithms, or none.
    Dispatcher(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance);
    Dispatcher(const Dispatcher& other);
    Dispatcher(Dispatcher&&) = default;
    Dispatcher& operator=(const Dispatcher&) = delete;
    Dispatcher& operator=(Dispatcher&&) = default;
    ~Dispatcher() = default;

    Recall recall(const Arrival& arrival) const
    {
        Recall recall = m_sticky->recall(arrival, m_replicas);
        if (m_canary)
            recall.canary = m_product->canary(m_spec, arrival.request);
        return recall;
    }
    /// Changes whenever recall() may answer otherwise than before.
    std::uint64_t recallVersion() const
    {
        return (std::uint64_t {m_stickyVersion} << 32U) | m_replicas.version();
    }
    /// Whether clients' addresses matter to place a request.
    bool wantsSource() const { return m_hashes || m_looksAtSource; }
    /// Whether it hashes something of the request that is not the client's address...
    bool hashesRequests() const { return m_hashes && m_hashKey.of != HashKey::Of::source; }
    /// ...and what: see hashedPart().
    std::string_view keyOf(const http::RequestHead& request) const;
    /// Whether its clients' addresses say what it remembers of them.
    bool looksAtSource() const { return m_looksAtSource; }
    /// Whether the client needs a name before its request is placed, and one by its luck.
    bool mustName(const Recall& recall, const Circumstances& circumstances) const
    {
        return m_namesClients && (!recall.hashed || renames(circumstances));
    }
    /// Whether the name that issue() gave is good for all requests of the client's connection.
    bool namesConnections() const { return m_sticky->namesConnections(); }
    /// Whether a name that it has got is to be replaced.
    bool renames(const Circumstances& circumstances) const
    {
        return m_renames && circumstances.avoid != noReplica;
    }
    std::string issue(const Circumstances& circumstances) const;
    /// Why a request that has just come is turned away; null where it is not, and then ended() is
    /// to be told of its answer.
    const Refusal* turnsAway(Instant now)
    {
        return m_circuit.isThere() ? m_circuit.refuses(now) : nullptr;
    }
    /// `retried`: failed() has once said that it is tried again.
    void ended(int status, bool retried, Instant now, AnswerEnd end = AnswerEnd::whole)
    {
        if (m_circuit.isThere())
            m_circuit.ended(status, retried, now, end);
    }
    /// Uses up some of the luck.
    Decision place(const Recall& recall, Circumstances& circumstances);
    /// Whether a replica's answer, of the attempt's status, is not for the client because the
    /// request is tried again: see failed(), to be asked with Fault::answered.
    bool rejects(Attempt attempt) const;
    /// What becomes of a request whose replica failed; passive checks may have left it out.
    OnFailure failed(ReplicaIndex replica, Attempt attempt, Instant now);
    /// What becomes of a request that place() gave neither a replica nor a place in a queue: it is
    /// placed `anew` after a while, or answered with that decision's status.
    OnFailure foundNone(const Decision& decision, const Attempt& attempt) const;
    /// A replica that passive checks had left out, whose time is over, and which may take this
    /// request. To be asked until there is none; the request's cookie is then to be read again.
    std::optional<ReplicaIndex> takeBack(Instant now, const Recall& recall)
    {
        return now < m_passive.next() ? std::nullopt : takeBackDue(now, recall);
    }
    void forward(http::RequestHead& request) const { m_sticky->forward(request); }
    CookieOut remember(const Placement& placement, http::ResponseHead& response)
    {
        const CookieOut out = m_sticky->remember(placement, response);
        m_stickyVersion = m_sticky->version();
        return out;
    }

    /// Whether closed() is to be called.
    bool heedsEnds() const { return m_sticky->heedsEnds(); }
    /// A WebSocket has been closed that remember() was told of.
    void closed(const Placement& placement, const http::ResponseHead& response)
    {
        m_sticky->closed(placement, response);
        m_stickyVersion = m_sticky->version();
    }

    /// A request given to a replica by place(), callIn() or a retry has ended there.
    void released(const Ended& ended)
    {
        if (ended.answered && m_passive.answered(ended.replica, ended.status, ended.now, ended.end))
            heedPassive(ended.replica);
        policyOf(ended.replica).released(ended);
        if (m_limits.isThere())
            countOut(ended.replica, !ended.answered || ended.end != AnswerEnd::whole);
    }
    /// A request has been released() without an answer, which was no failure of the replica's.
    void abandoned(ReplicaIndex replica);
    /// A retry at the same replica.
    void assigned(ReplicaIndex replica, Bound bound, Instant now)
    {
        policyOf(replica).assigned(replica, bound, now);
        if (m_passive.asked(replica, now))
            refresh(replica);
        if (m_limits.isThere())
            countIn(replica);
    }

    /// Whether servers take only so many requests at once.
    bool limitsServers() const { return m_limits.isThere(); }
    const ServerLimit& serverLimit() const { return m_limits.rule(); }
    /// A request that has waited and now goes to this replica, whose number of requests, or whose
    /// state, has just changed. To be asked until there is none.
    std::optional<ServerLimits::Ticket> callIn(ReplicaIndex replica, Instant now);
    /// A request that waits for a replica which is down, and is to be placed anew. Likewise.
    std::optional<ServerLimits::Ticket> leftBehind();
    /// Its time is over, or its client has gone: for which replica it waited, or noReplica.
    ReplicaIndex waitsNoMore(ServerLimits::Ticket ticket);
    /// All that wait, the longest first.
    std::vector<ServerLimits::Ticket> waiting() const { return m_limits.waiting(); }

    /// Its configuration has been read, at its start or because something in it has changed.
    void readConfiguration(WallSeconds now)
    {
        m_sticky->configured(now);
        m_stuck = nullptr;
    }
    /// Those who wait for a pick that never ends (see Product), also when others go on again.
    const std::vector<ServerLimits::Ticket>& lost() const { return m_lost; }
    /// An active check has been made: true where the server is up now and was not, or was and is
    /// not.
    bool checked(ReplicaIndex replica, bool good, Instant now);
    /// It is told, as an orchestrator or an operator does, whether a server is there. One that is
    /// again is up until something is found against it. Nothing where it has been remove()d.
    void tell(ReplicaIndex replica, bool there, Instant now);
    void setDraining(ReplicaIndex replica, bool draining);
    /// As its configuration has it from now on, 0 to 1000.
    void setWeight(ReplicaIndex replica, int weight);
    /// The last that was set, whatever of it a slow start gives so far.
    int weight(ReplicaIndex replica) const { return m_weights[raw(replica)]; }
    ReplicaIndex add(const ReplicaView& replica);
    /// It is no server any more; its number is not used again.
    void remove(ReplicaIndex replica);
    /// The balancer reads its configuration anew: `spec` is what stands there now. What it
    /// remembers of sessions stays unless its cookie is another one. Who waits is forgotten.
    /// True where it goes on counting what is under way; else that is not to be told of any more.
    bool reload(const BalancerSpec& spec, const Chance& chance);
    /// One in its place that has read this, and knows of its servers what this one was told.
    Dispatcher successor(const BalancerSpec& spec, const Chance& chance) const;
    /// A server has joined: where there is a slow start, its weight grows from now on.
    void comesUp(ReplicaIndex replica, Instant now);
    /// Another balancer beside this one has placed a request, and tells so.
    void hear(ReplicaIndex replica, std::string_view source, WallSeconds now)
    {
        m_sticky->placed(replica, source, now);
        m_stickyVersion = m_sticky->version();
    }

    const ReplicaSet& replicas() const { return m_replicas; }
    /// Whether it is up as far as anybody is told: one that a request is to try again is not yet.
    bool seemsUp(ReplicaIndex replica) const;
    bool hasCookie() const { return m_hasCookie; }
    /// Whether a retried request's answer carries the cookies of all attempts.
    bool cookieOfEachAttempt() const
    {
        return m_product->cookieOfEachAttempt && m_sticky->writesAtEachAttempt();
    }
    const Product& product() const { return *m_product; }
    std::string_view cookieName() const { return m_sticky->cookieName(); }

private:
    /// The canary's servers are apart from the others, under an algorithm of their own.
    struct Part
    {
        ReplicaSet replicas; ///< all, the others held back
        std::unique_ptr<BalancingPolicy> policy;
    };

    BalancingPolicy& policyOf(ReplicaIndex replica) const
    {
        return m_canary && m_replicas[replica].canary ? *m_canary->policy : *m_policy;
    }
    void setCanaryApart();
    /// Its servers as somebody has them who reads its configuration.
    ReplicaSet configured() const;
    bool isGood(ReplicaIndex replica) const; ///< by active checks, and nobody has taken it away
    void setHealth();
    void refresh(ReplicaIndex replica);
    void refreshAll();
    /// Passive checks have changed their mind.
    void heedPassive(ReplicaIndex replica);
    /// Holds back what others come before; tells the algorithm that the set has changed.
    void changed();
    void holdBack();
    bool repeats(const Attempt& attempt) const;
    /// Says how many replicas there are.
    void count(Attempt& attempt) const;
    OnFailure lastWord(Attempt attempt) const;
    ReplicaIndex firstIdleSpare() const;
    /// Asks those that are not fit where too few are, and no longer where enough are.
    void failOpen();
    /// What is less the sooner a server gets requests.
    std::size_t levelOf(ReplicaIndex replica) const;
    WhenFull whenFull(ReplicaIndex replica) const
    {
        return m_oneBackup && m_replicas[replica].backup ? m_whenBackupFull : m_whenFull;
    }
    /// Gives servers that warm up the weights they have now.
    void warmUp(Instant now);
    /// The request goes to this server, if that may have one more.
    Decision give(ReplicaIndex replica, Decision decision, const Circumstances& circumstances);
    Decision waits(const Decision& decision, const Circumstances& circumstances);
    std::optional<Decision> placeBound(const Recall& recall, const Circumstances& circumstances);
    bool goesToCanary(const Recall& recall, Circumstances& circumstances) const;
    void countFailure(ReplicaIndex replica, const Attempt& attempt, Instant now);
    OnFailure judged(ReplicaIndex replica, Attempt attempt, Instant now);
    Decision getsLost(Ledger ledger, const Circumstances& circumstances);
    void countIn(ReplicaIndex replica);
    void countOut(ReplicaIndex replica, bool broke);
    void markFull(ReplicaIndex replica);
    /// Tells a sticky policy that looks at addresses where one of them goes.
    void tell(ReplicaIndex replica, const Circumstances& circumstances);
    std::optional<ReplicaIndex> takeBackDue(Instant now, const Recall& recall);

    BalancerSpec m_spec;
    const Product* m_product;
    Chance m_chance;
    ReplicaSet m_replicas;
    std::unique_ptr<StickyPolicy> m_sticky;
    std::unique_ptr<BalancingPolicy> m_policy;
    std::optional<Part> m_canary;
    PassiveChecks m_passive;
    ServerLimits m_limits;
    WhenFull m_whenFull = WhenFull::passesOver;
    WhenFull m_whenBackupFull = WhenFull::passesOver;
    bool m_oneBackup = false; ///< of several, the first gets all
    CircuitBreaker m_circuit;
    SlowStart m_slowStart;
    FailOpen m_failOpen;
    /// Weights are whole: the parts of one need as many times as much.
    static constexpr int warmUpSteps = 20;
    struct Warming
    {
        ReplicaIndex replica;
        Instant since;
    };
    std::vector<Warming> m_warming;
    std::vector<int> m_weights; ///< without slow start
    std::vector<bool> m_there; ///< as it was told
    std::optional<Health> m_health; ///< by active checks
    const Rule* m_stuck = nullptr; ///< why a pick never ends; null where none is under way
    std::vector<ServerLimits::Ticket> m_lost;
    std::uint32_t m_stickyVersion = 0;
    bool m_hasCookie = false;
    HashKey m_hashKey;
    bool m_hashes = false; ///< the algorithm does
    bool m_namesClients = false; ///< the cookie does
    bool m_renames = false; ///< for each further attempt
    bool m_looksAtSource = false; ///< and not at the cookie alone
};

} // namespace stickyscope
