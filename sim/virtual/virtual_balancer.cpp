// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_balancer.h"

#include <utility>

namespace stickyscope {

VirtualBalancer::VirtualBalancer(const BalancerSpec& spec, ReplicaSet replicas,
                                 const Chance& chance)
    : m_dispatcher(spec, std::move(replicas), chance)
{
    if (!spec.healthCheck)
        return;
    const Product& product = m_dispatcher.product();
    m_health.emplace(spec.healthCheck->fall.value_or(product.fall),
                     spec.healthCheck->rise.value_or(product.rise), m_dispatcher.replicas().size());
}

const Recall& VirtualBalancer::recall(TextId cookie, const TextTable& texts, WallSeconds now)
{
    if (raw(cookie) >= m_known.size())
        m_known.resize(texts.size());
    Known& known = m_known[raw(cookie)];
    if (const auto version = m_dispatcher.replicas().version(); known.version != version) {
        m_request.fields.clear();
        if (cookie != noText)
            m_request.fields.add("Cookie", texts.text(cookie));
        known = {version, m_dispatcher.recall(m_request, now)};
    }
    return known.recall;
}

bool VirtualBalancer::place(VirtualRequest& request, const Draw& draw, TextTable& texts,
                            Instant now, ReplicaIndex avoid)
{
    const Decision decision = m_dispatcher.place(request.recall, draw, avoid);
    request.assignedAt = now;
    request.bound = decision.bound;
    request.ledger = decision.ledger;
    request.rule = ruleText(decision.rule, texts);
    request.replica = decision.replica;
    request.status = static_cast<std::uint16_t>(decision.status);
    return decision.replica != noReplica;
}

void VirtualBalancer::remember(VirtualRequest& request, Origin origin, TextTable& texts,
                               WallSeconds now)
{
    m_response.fields.clear();
    request.cookieOut =
        m_dispatcher.remember(request.recall, request.replica, origin, m_response, now);
    if (request.cookieOut != CookieOut::none)
        request.setCookie = texts.intern(*m_response.fields.find("Set-Cookie"));
}

void VirtualBalancer::setDraining(ReplicaIndex replica, bool draining)
{
    if (m_dispatcher.replicas()[replica].draining != draining)
        m_dispatcher.setDraining(replica, draining);
}

bool VirtualBalancer::checked(ReplicaIndex replica, bool good)
{
    if (!m_health->checked(replica, good))
        return false;
    m_dispatcher.setUp(replica, good);
    return true;
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
