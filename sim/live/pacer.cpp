// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/pacer.h"

#include <algorithm>

namespace stickyscope::live {

namespace {

constexpr std::size_t enoughToJudge = 10;
constexpr double newest = 0.1; ///< the weight of one request in what happened lately
constexpr double mostFailing = 0.2;
constexpr double mostSlower = 4;
// Below this a slower answer is the machine's mood, not the target's trouble.
constexpr double leastSlower = 0.05;
constexpr auto patience = std::chrono::seconds(30);

} // namespace

Pacer::Pacer(double wanted, std::size_t lanes, TargetClass named, bool inPerson)
    : m_wanted(wanted)
    , m_named(named)
    , m_class(named == TargetClass::loopback ? named : TargetClass::publicNetwork)
    , m_inPerson(inPerson)
    , m_allowance(allowanceOf(m_class, inPerson))
    , m_next(std::max<std::size_t>(lanes, 1))
{
}

void Pacer::meets(TargetClass address)
{
    m_met = std::max(m_met.value_or(address), address);
    m_class = std::max(m_named, *m_met);
    m_allowance = allowanceOf(m_class, m_inPerson);
}

double Pacer::rate() const
{
    const double allowed = std::min(m_wanted, m_allowance.rate);
    return m_troubled ? allowed / 2 : allowed;
}

bool Pacer::take(std::size_t lane, Instant now, bool opens)
{
    if (m_met && m_allowance.longest && rate() > unhurried && now > Instant(*m_allowance.longest))
        m_end = "A public service is asked for 5 minutes at most; at 1 request per second in all "
                "there is no limit.";
    if (!m_end.empty() || now < m_heldUntil || now < m_next[lane])
        return false;
    if (opens && m_open >= m_allowance.connections)
        return false;
    const Duration apart {
        static_cast<Duration::rep>(1e9 * static_cast<double>(m_next.size()) / rate())};
    // Turns that nobody took are not made up for, beyond the few of one moment.
    constexpr auto moment = std::chrono::milliseconds(20);
    m_next[lane] = std::max(m_next[lane], now - moment) + apart;
    if (opens)
        ++m_open;
    return true;
}

void Pacer::released()
{
    --m_open;
}

void Pacer::holdUntil(Instant when)
{
    m_heldUntil = std::max(m_heldUntil, when);
}

bool Pacer::inTrouble() const
{
    const bool slower =
        m_latency > mostSlower * m_firstLatency && m_latency - m_firstLatency > leastSlower;
    return m_ended > enoughToJudge && (m_failing > mostFailing || slower);
}

void Pacer::ended(Instant now, bool failed, Duration latency)
{
    ++m_ended;
    m_failing += newest * ((failed ? 1.0 : 0.0) - m_failing);
    if (!failed) {
        const double seconds = inSeconds(latency);
        if (m_ended <= enoughToJudge)
            m_firstLatency += (seconds - m_firstLatency) / static_cast<double>(m_ended);
        m_latency += m_ended == 1 ? seconds : newest * (seconds - m_latency);
    }
    judge(now);
}

void Pacer::judge(Instant now)
{
    const bool troubled = inTrouble();
    if (troubled && !m_troubled)
        m_troubledSince = now;
    m_troubled = troubled;
    // On this machine a dead replica is what somebody wants to watch; nobody else suffers from it.
    if (m_troubled && m_class != TargetClass::loopback && now - m_troubledSince > patience)
        m_end = "The service has been in trouble for 30 s (a fifth of the requests failed, or "
                "answers took four times as long as at first), so it is left in peace.";
}

} // namespace stickyscope::live
