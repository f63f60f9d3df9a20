// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_balancer.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace stickyscope {

VirtualBalancer::VirtualBalancer(const BalancerSpec& spec, ReplicaSet replicas,
                                 const Chance& chance, std::vector<Resource> resources)
    : m_dispatcher(spec, std::move(replicas), chance)
    , m_resources(std::make_shared<const std::vector<Resource>>(std::move(resources)))
    , m_known(m_resources->size())
{
}

const Recall& VirtualBalancer::recall(TextId cookie, const Asker& asker, const TextTable& texts,
                                      WallSeconds now)
{
    const bool secure = (*m_resources)[asker.resource].secure;
    if (m_dispatcher.looksAtSource() || asker.carried != noText || asker.session != noText) {
        write(asker, m_dispatcher.looksAtSource() ? noText : cookie, texts);
        m_unkept = m_dispatcher.recall({m_request, now, secure, asker.source});
        settle(m_unkept, asker, cookie, texts);
        return m_unkept;
    }
    std::vector<Known>& row = m_known[asker.resource];
    if (raw(cookie) >= row.size())
        row.resize(texts.size());
    Known& known = row[raw(cookie)];
    const auto version = m_dispatcher.recallVersion();
    if (known.version == version && now < known.recall.goodUntil)
        return known.recall;
    write(asker, cookie, texts);
    known = {version, m_dispatcher.recall({m_request, now, secure})};
    settle(known.recall, asker, cookie, texts);
    return known.recall;
}

void VirtualBalancer::writeHead(http::RequestHead& head, const Asker& asker, TextId cookie,
                                const TextTable& texts) const
{
    const Resource& resource = (*m_resources)[asker.resource];
    head.method = resource.method;
    head.target = resource.target;
    head.fields = resource.headers;
    if (cookie != noText)
        head.fields.add("Cookie", texts.text(cookie));
    if (asker.carried != noText)
        head.fields.set(resource.carries, texts.text(asker.carried));
    if (asker.session == noText)
        return;
    const std::string& session = texts.text(asker.session);
    if (resource.session.in == SessionPlace::In::header)
        head.fields.set(resource.session.name, session);
    else
        head.target = withParameter(resource.target, resource.session.name, session);
}

void VirtualBalancer::settle(Recall& recall, const Asker& asker, TextId cookie,
                             const TextTable& texts) const
{
    std::string_view& value = recall.value;
    if (value.empty())
        return;
    const Resource& resource = (*m_resources)[asker.resource];
    const auto liesIn = [value](std::string_view text) {
        const std::less_equal<> notBehind;
        return notBehind(text.data(), value.data())
            && notBehind(value.data() + value.size(), text.data() + text.size());
    };
    const auto isIn = [&](TextId text, std::string_view header, std::string_view name) {
        return text != noText && http::equalIgnoringCase(name, header);
    };
    const std::string& target = m_request.target;
    if (liesIn(target)) {
        const auto offset = static_cast<std::size_t>(value.data() - target.data());
        const std::string& session = texts.text(asker.session);
        value = offset < resource.target.size()
            ? std::string_view(resource.target).substr(offset, value.size())
            : std::string_view(session).substr(offset + session.size() - target.size(),
                                               value.size());
        return;
    }
    for (const http::Field& field : m_request.fields) {
        if (!liesIn(field.value))
            continue;
        const std::string& kept = isIn(asker.carried, resource.carries, field.name)
            ? texts.text(asker.carried)
            : isIn(asker.session, resource.session.name, field.name) ? texts.text(asker.session)
            : http::equalIgnoringCase(field.name, "Cookie")          ? texts.text(cookie)
                                                            : *resource.headers.find(field.name);
        const auto offset = static_cast<std::size_t>(value.data() - field.value.data());
        value = std::string_view(kept).substr(offset, value.size());
        return;
    }
}

bool VirtualBalancer::place(VirtualRequest& request, Circumstances& circumstances, TextTable& texts,
                            std::uint32_t resource)
{
    if (m_dispatcher.hashesRequests()) {
        write({.resource = resource, .carried = request.carried, .session = request.session},
              request.cookie, texts);
        circumstances.key = m_dispatcher.keyOf(m_request);
    }
    if (m_dispatcher.mustName(request.recall, circumstances)) {
        if (request.issued == noText || m_dispatcher.renames(circumstances))
            request.issued = texts.intern(m_dispatcher.issue(circumstances));
        circumstances.issued = texts.text(request.issued);
    }
    const Decision decision = m_dispatcher.place(request.recall, circumstances);
    request.assignedAt = circumstances.now;
    request.bound = decision.bound;
    request.epoch = m_epoch;
    request.ledger = decision.ledger;
    request.rule = ruleText(decision.rule, texts);
    request.server = decision.replica;
    request.status = static_cast<std::uint16_t>(decision.status);
    request.waits = decision.waits;
    return decision.replica != noReplica && !decision.waits;
}

Attempt VirtualBalancer::attempt(Fault fault, const VirtualRequest& request, std::uint32_t resource,
                                 Duration since) const
{
    return {.fault = fault,
            .number = static_cast<int>(request.attempt),
            .bound = request.bound,
            .since = since,
            .hashed = request.recall.hashed,
            .retried = request.retried,
            .insists = request.recall.insists,
            .method = (*m_resources)[resource].method,
            .status = request.status};
}

void VirtualBalancer::reload(const BalancerSpec& spec, const Chance& chance)
{
    const bool counts = m_dispatcher.reload(spec, chance);
    forgetRead();
    m_epoch = static_cast<std::uint8_t>(m_epoch + (counts ? 0 : 1));
}

void VirtualBalancer::restart(const BalancerSpec& spec, const Chance& chance)
{
    m_dispatcher = m_dispatcher.successor(spec, chance);
    forgetRead();
    ++m_epoch;
}

void VirtualBalancer::forgetRead()
{
    for (std::vector<Known>& row : m_known)
        row.clear();
}

bool VirtualBalancer::admits(VirtualRequest& request, Instant now, TextTable& texts)
{
    request.epoch = m_epoch;
    const Refusal* turnedAway = m_dispatcher.turnsAway(now);
    request.admitted = !turnedAway;
    request.retried = false;
    if (!turnedAway)
        return true;
    request.rule = ruleText(turnedAway->rule, texts);
    request.status = static_cast<std::uint16_t>(turnedAway->status);
    return false;
}

void VirtualBalancer::released(const VirtualVisit& visit, HowLong how, Instant now)
{
    if (visit.epoch != m_epoch)
        return;
    m_dispatcher.released(
        {visit.server, visit.bound, how.answered, how.took, now, how.status, how.octets, how.end});
}

void VirtualBalancer::setDraining(ReplicaIndex replica, bool draining, WallSeconds now)
{
    if (m_dispatcher.replicas()[replica].draining == draining)
        return;
    m_dispatcher.setDraining(replica, draining);
    m_dispatcher.readConfiguration(now);
}

void VirtualBalancer::add(const ReplicaView& replica)
{
    m_dispatcher.add(replica);
}

const Rule* VirtualBalancer::ruleOf(TextId text) const
{
    const auto found = std::find_if(m_rules.begin(), m_rules.end(),
                                    [text](const auto& row) { return row.second == text; });
    return found == m_rules.end() ? nullptr : found->first;
}

TextId VirtualBalancer::ruleText(const Rule* rule, TextTable& texts)
{
    for (const auto& [known, text] : m_rules) {
        if (known == rule)
            return text;
    }
    m_rules.emplace_back(rule, texts.intern(rule->sentence));
    return m_rules.back().second;
}

} // namespace stickyscope
