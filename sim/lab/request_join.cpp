// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/request_join.h"

#include <algorithm>
#include <map>
#include <utility>

namespace stickyscope::lab {

namespace {

// What is not told alike is kept; so many are plenty to name.
constexpr std::size_t mostOpen = 20'000;

std::string counted(std::uint64_t number, const std::string& one, const std::string& many)
{
    return number == 1 ? "1 " + one : std::to_string(number) + " " + many;
}

// nginx and Traefik count a WebSocket when it is closed.
std::string programDiffers(const ReconciledReplica& row, std::size_t open)
{
    const bool more = *row.balancer > *row.replica;
    const std::uint64_t by = more ? *row.balancer - *row.replica : *row.replica - *row.balancer;
    std::string text = row.name + ": the balancer's statistics count "
        + counted(by, "request", "requests") + (more ? " more" : " fewer")
        + " than the replica has answered";
    if (!more && open > 0)
        text += "; " + counted(open, "WebSocket is", "WebSockets are")
            + " still open, which some programs count when they are closed";
    return text + ".";
}

} // namespace

RequestJoin::RequestJoin(std::vector<std::string> replicas, Witnesses witnesses)
    : m_names(std::move(replicas))
    , m_tells(std::move(witnesses))
    , m_counts(m_names.size())
{
    for (Counts& counts : m_counts)
        counts.each.resize(m_tells.balancers.size());
}

std::string RequestJoin::keyOf(const std::string& id, ClientIndex client,
                               std::uint32_t ordinal) const
{
    if (m_tells.balancer || client == noClient)
        return id;
    return std::to_string(raw(client)) + " " + std::to_string(ordinal);
}

RequestJoin::Request& RequestJoin::find(const std::string& key)
{
    if (m_open.size() >= mostOpen && !m_open.contains(key)) {
        ++m_forgotten;
        m_open.erase(m_open.begin());
    }
    return m_open[key];
}

void RequestJoin::sent(const live::LiveAnswer& request)
{
    find(keyOf(request.id, request.client, request.ordinal)).ours = true;
}

void RequestJoin::clientEnded(const live::LiveAnswer& answer)
{
    Told told {.told = true, .answered = answer.failure == Failure::none};
    const auto name = std::find(m_names.begin(), m_names.end(), answer.replica);
    if (answer.failure == Failure::none && name != m_names.end()) {
        const auto place = static_cast<std::size_t>(name - m_names.begin());
        told.replica = static_cast<ReplicaIndex>(place);
        ++m_counts[place].clients;
    }
    const std::string key = keyOf(answer.id, answer.client, answer.ordinal);
    Request& request = find(key);
    request.ours = true;
    request.client = told;
    settle(key);
}

void RequestJoin::balancerEnded(const ProxyRecord& record)
{
    Told told {.told = true, .answered = record.answered && record.replica != noReplica};
    if (told.answered) {
        told.replica = record.replica;
        Counts& counts = m_counts[raw(record.replica)];
        ++counts.balancer;
        const auto cameTo = [&counts](int balancer) {
            if (static_cast<std::size_t>(balancer) < counts.each.size())
                ++counts.each[static_cast<std::size_t>(balancer)];
        };
        cameTo(record.balancer);
        std::for_each(record.through.begin(), record.through.end(), cameTo);
    }
    Request& request = find(record.requestId);
    request.balancer = told;
    if (told.answered)
        request.placed.push_back(told.replica);
    ++request.ends;
    request.attempts += record.attempts;
    settle(record.requestId);
}

void RequestJoin::replicaAnswered(ReplicaIndex replica, const std::string& id, ClientIndex client,
                                  std::uint32_t ordinal)
{
    ++m_counts[raw(replica)].replica;
    const std::string key = keyOf(id, client, ordinal);
    find(key).replicas.push_back(replica);
    settle(key);
}

bool RequestJoin::complete(const Request& request) const
{
    if (request.ours && !request.client.told)
        return false;
    if (m_tells.balancer && !request.balancer.told)
        return false;
    if (!m_tells.replicas)
        return true;
    if (!request.ours)
        return !m_tells.balancer || !waits(request);
    return request.client.replica == noReplica || !request.replicas.empty();
}

// A visitor may use one name for several requests at a time: each has an answer and its record.
bool RequestJoin::waits(const Request& request) const
{
    const auto passedOn = request.placed.size();
    const auto others = static_cast<std::size_t>(request.ends) - passedOn;
    return request.replicas.size() < passedOn
        || (request.replicas.size() > passedOn + others && !request.triedAgain());
}

bool RequestJoin::visitAgrees(const Request& request) const
{
    if (!m_tells.balancer)
        return request.replicas.size() <= 1;
    return std::is_permutation(request.placed.begin(), request.placed.end(),
                               request.replicas.begin(), request.replicas.end());
}

bool RequestJoin::agrees(const Request& request) const
{
    // Somebody's own server may name itself to the client, and need not. An answer that the
    // balancer gave itself is none of theirs, whatever the client takes it for.
    if (!m_tells.replicas)
        return !request.ours || !request.balancer.answered
            || (request.client.answered
                && (request.client.replica == noReplica
                    || request.client.replica == request.balancer.replica));
    if (!request.ours)
        return visitAgrees(request);
    const ReplicaIndex replica = request.replicas.empty() ? noReplica : request.replicas.front();
    return request.replicas.size() <= 1 && request.client.replica == replica
        && (!m_tells.balancer || request.balancer.replica == replica);
}

bool RequestJoin::settled(const std::vector<std::optional<std::uint64_t>>& program) const
{
    const bool told = std::all_of(m_open.begin(), m_open.end(),
                                  [this](const auto& one) { return complete(one.second); });
    if (m_tells.balancer || !told)
        return told;
    for (std::size_t place = 0; place < m_counts.size(); ++place) {
        if (place < program.size() && program[place] != m_counts[place].replica)
            return false;
    }
    return true;
}

void RequestJoin::settle(const std::string& key)
{
    const auto found = m_open.find(key);
    const Request& request = found->second;
    if (!complete(request) || !agrees(request))
        return;
    if (!m_tells.replicas) {
        count(request);
        m_open.erase(found);
        return;
    }
    if (request.replicas.empty()) {
        // A replica that was tried may still answer, to nobody.
        if (request.attempts == 0 && m_tells.balancer)
            m_open.erase(found);
        return;
    }
    if (request.ours)
        ++m_joined;
    else
        m_others += request.replicas.size();
    m_open.erase(found);
}

// Where no replica tells, the balancer says whose answer it was that the client got.
void RequestJoin::count(const Request& request)
{
    if (!request.balancer.answered)
        return;
    ++(request.ours ? m_joined : m_others);
    if (request.ours && request.client.replica == noReplica)
        ++m_counts[raw(request.balancer.replica)].clients;
}

RequestJoin::Finding RequestJoin::findingIn(const Request& request) const
{
    const bool whole = complete(request);
    if (!m_tells.replicas && whole)
        return request.balancer.answered && !request.client.answered ? Finding::unheard
                                                                     : Finding::misnamed;
    const std::size_t answers = request.replicas.size();
    const bool told = request.ours ? request.client.told : whole || answers == 0;
    if (!m_tells.replicas || !told)
        return Finding::late;
    if (answers > 1)
        return request.triedAgain() || !m_tells.balancer ? Finding::twice : Finding::reused;
    if (request.ours && request.client.replica == noReplica)
        return answers == 0 ? Finding::none : Finding::unheard;
    // The balancer's own answer, to a visitor.
    if (!request.ours && answers == 0 && request.balancer.told && request.placed.empty())
        return Finding::none;
    if (answers == 0)
        return Finding::unlogged;
    return whole ? Finding::misnamed : Finding::late;
}

std::vector<std::string> RequestJoin::differences() const
{
    std::map<Finding, std::uint64_t> found;
    for (const auto& [id, request] : m_open)
        ++found[findingIn(request)];
    std::vector<std::string> all;
    const auto say = [&all](std::uint64_t number, const char* one, const char* many,
                            const char* what) {
        if (number > 0)
            all.push_back(counted(number, one, many) + what);
    };
    say(found[Finding::late], "request is", "requests are", " still under way.");
    say(found[Finding::unheard], "answer", "answers", " of a replica never reached the client.");
    say(found[Finding::twice], "request was", "requests were",
        " answered by more than one replica: the balancer had tried again.");
    say(found[Finding::reused], "X-Request-Id was", "X-Request-Ids were",
        " used for more than one request: which of them is whose cannot be told.");
    say(found[Finding::unlogged], "answer names", "answers name",
        " a replica that has not logged it.");
    say(found[Finding::misnamed], "request is", "requests are",
        m_tells.replicas
            ? " told differently: client, balancer and replica do not name the same server."
            : " told differently: client and balancer do not name the same server.");
    say(m_others, "request", "requests",
        m_tells.replicas ? " came from others than our clients: balancer and replicas count them."
                         : " came from others than our clients: the balancer counts them.");
    say(m_passedBy, "request", "requests",
        " came past the balancer, straight to a replica: no column counts that.");
    say(m_forgotten, "request", "requests",
        " that had been open for long are no longer looked at.");
    return all;
}

Reconciliation RequestJoin::reconciled(const std::vector<std::optional<std::uint64_t>>& program,
                                       const std::vector<std::size_t>& open) const
{
    Reconciliation result;
    result.joined = m_joined;
    result.balancerSource = m_tells.balancer ? "our balancer's log" : "the program's statistics";
    if (m_tells.balancer)
        result.balancers = m_tells.balancers;
    for (std::size_t place = 0; place < m_names.size(); ++place) {
        const Counts& counts = m_counts[place];
        ReconciledReplica row {m_names[place], counts.clients};
        if (m_tells.replicas)
            row.replica = counts.replica;
        if (m_tells.balancer) {
            row.balancer = counts.balancer;
            row.each = counts.each;
        } else if (place < program.size())
            row.balancer = program[place];
        result.replicas.push_back(row);
    }
    result.differences = differences();
    if (m_tells.balancer)
        return result;
    for (std::size_t place = 0; place < result.replicas.size(); ++place) {
        const ReconciledReplica& row = result.replicas[place];
        if (row.balancer && *row.balancer != *row.replica)
            result.differences.push_back(
                programDiffers(row, place < open.size() ? open[place] : 0));
    }
    return result;
}

} // namespace stickyscope::lab
