// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of a request that a server let down, or that found none.
#include "sim/dispatch/dispatcher.h"
#include "sim/http/head.h"

#include <algorithm>
#include <limits>

namespace stickyscope {

namespace {

constexpr Rule notAgain {"The server broke off a request that it may have acted upon, and that is "
                         "not idempotent: it is not sent again.",
                         "RFC 9110 9.2.2"};

} // namespace

bool Dispatcher::rejects(Attempt attempt) const
{
    if (!m_product->rejects || !m_product->rejects(m_spec, attempt.status) || !repeats(attempt))
        return false;
    count(attempt);
    return m_product->failed(m_spec, attempt).action != OnFailure::Action::giveUp;
}

void Dispatcher::count(Attempt& attempt) const
{
    attempt.replicas = m_replicas.takingFresh();
    attempt.known = static_cast<int>(
        std::count_if(m_replicas.begin(), m_replicas.end(),
                      [](const ReplicaView& replica) { return !replica.url.empty(); }));
}

// Whoever was the last to be tried did not answer in time: that is said, rather than that nobody is
// left. It counts as a failure of its server as well where late ones are not tried again.
OnFailure Dispatcher::failed(ReplicaIndex replica, Attempt attempt, Instant now)
{
    static constexpr Rule tooLate {
        "The server has not answered for as long as the balancer waits, which answers itself.",
        "RFC 9110 15.6.5: 504 Gateway Timeout"};
    static constexpr Rule noHttp {
        "What the server answers is no HTTP: the balancer does not pass it on.",
        "RFC 9110 15.6.3: 502 Bad Gateway"};
    static constexpr OnFailure late {
        .action = OnFailure::Action::giveUp, .status = 504, .rule = &tooLate};
    if (attempt.fault == Fault::malformed) {
        OnFailure next = judged(replica, attempt, now);
        if (next.action == OnFailure::Action::giveUp) {
            next.status = m_product->malformed;
            next.rule = &noHttp;
        }
        return next;
    }
    if (attempt.fault != Fault::timedOut)
        return judged(replica, attempt, now);
    if (!m_product->retriesTimeouts) {
        countFailure(replica, attempt, now);
        return late;
    }
    const OnFailure next = judged(replica, attempt, now);
    return next.action == OnFailure::Action::giveUp && next.status == 502 ? late : next;
}

void Dispatcher::countFailure(ReplicaIndex replica, const Attempt& attempt, Instant now)
{
    if (attempt.counts && m_passive.failed(replica, now, attempt))
        heedPassive(replica);
}

OnFailure Dispatcher::judged(ReplicaIndex replica, Attempt attempt, Instant now)
{
    countFailure(replica, attempt, now);
    count(attempt);
    const OnFailure next = m_product->failed(m_spec, attempt);
    if (next.action != OnFailure::Action::giveUp && !repeats(attempt))
        return lastWord(attempt);
    if (next.action == OnFailure::Action::giveUp || attempt.retried || !m_circuit.isThere())
        return next;
    if (const Refusal* refusal = m_circuit.refusesRetry())
        return {
            .action = OnFailure::Action::giveUp, .status = refusal->status, .rule = refusal->rule};
    return next;
}

bool Dispatcher::repeats(const Attempt& attempt) const
{
    if (!attempt.replayable || attempt.fault == Fault::refused)
        return attempt.replayable;
    return m_product->repeats ? m_product->repeats(m_spec, attempt.method)
                              : http::isIdempotent(attempt.method);
}

// What the product answers when it has tried as often as it may.
OnFailure Dispatcher::lastWord(Attempt attempt) const
{
    attempt.number = std::numeric_limits<int>::max() / 2;
    const OnFailure last = m_product->failed(m_spec, attempt);
    const bool gaveUp = last.action == OnFailure::Action::giveUp;
    return {.action = OnFailure::Action::giveUp,
            .status = gaveUp ? last.status : OnFailure {}.status,
            .rule = &notAgain};
}

OnFailure Dispatcher::foundNone(const Decision& decision, const Attempt& attempt) const
{
    const OnFailure next =
        m_product->looksAgain ? m_product->failed(m_spec, attempt) : OnFailure {};
    if (next.action == OnFailure::Action::anew)
        return next;
    return {.action = OnFailure::Action::giveUp, .status = decision.status, .rule = decision.rule};
}

} // namespace stickyscope
