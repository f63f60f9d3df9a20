// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_balancer.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

VirtualBalancer::VirtualBalancer(const BalancerSpec& spec, ReplicaSet replicas,
                                 const Chance& chance, std::vector<Resource> resources)
    : m_dispatcher(spec, std::move(replicas), chance)
    , m_resources(std::move(resources))
    , m_known(m_resources.size())
{
    if (!spec.healthCheck)
        return;
    const Product& product = m_dispatcher.product();
    m_health.emplace(spec.healthCheck->fall.value_or(product.fall),
                     spec.healthCheck->rise.value_or(product.rise), m_dispatcher.replicas().size());
}

const Recall& VirtualBalancer::recall(TextId cookie, const Asker& asker, const TextTable& texts,
                                      WallSeconds now)
{
    const auto& [target, secure] = m_resources[asker.resource];
    if (m_dispatcher.looksAtSource()) {
        m_request.fields.clear();
        m_request.target = target;
        m_unkept = m_dispatcher.recall({m_request, now, secure, asker.source});
        return m_unkept;
    }
    std::vector<Known>& row = m_known[asker.resource];
    if (raw(cookie) >= row.size())
        row.resize(texts.size());
    Known& known = row[raw(cookie)];
    const auto version = m_dispatcher.recallVersion();
    if (known.version == version && now < known.recall.goodUntil)
        return known.recall;
    const std::string& text = texts.text(cookie);
    m_request.fields.clear();
    m_request.target = target;
    if (cookie != noText)
        m_request.fields.add("Cookie", text);
    known = {version, m_dispatcher.recall({m_request, now, secure})};
    // The request's head is used again; the same text in the table stays.
    if (std::string_view& value = known.recall.value; !value.empty()) {
        const auto offset = value.data() - m_request.fields.find("Cookie")->data();
        value = std::string_view(text).substr(static_cast<std::size_t>(offset), value.size());
    }
    return known.recall;
}

bool VirtualBalancer::place(VirtualRequest& request, Circumstances& circumstances, TextTable& texts)
{
    if (m_dispatcher.mustName(request.recall, circumstances)) {
        if (request.issued == noText || m_dispatcher.renames(circumstances))
            request.issued = texts.intern(m_dispatcher.issue(circumstances));
        circumstances.issued = texts.text(request.issued);
    }
    const Decision decision = m_dispatcher.place(request.recall, circumstances);
    request.assignedAt = circumstances.now;
    request.bound = decision.bound;
    request.ledger = decision.ledger;
    request.rule = ruleText(decision.rule, texts);
    request.replica = decision.replica;
    request.status = static_cast<std::uint16_t>(decision.status);
    return decision.replica != noReplica;
}

void VirtualBalancer::remember(VirtualRequest& request, std::uint32_t resource, Origin origin,
                               TextTable& texts, WallSeconds now)
{
    // The application's own cookie, which some products read and edit.
    const TextId own = origin == Origin::replica ? request.ownCookie : noText;
    if (!m_dispatcher.hasCookie() && own == noText)
        return;
    m_response.fields.clear();
    m_response.status = request.status;
    if (own != noText)
        m_response.fields.add("Set-Cookie", texts.text(own));
    if (m_cacheable)
        m_response.fields.add("Cache-Control", "max-age=60");
    const CookieOut out = m_dispatcher.remember({.recall = request.recall,
                                                 .replicas = m_dispatcher.replicas(),
                                                 .replica = request.replica,
                                                 .origin = origin,
                                                 .issued = texts.text(request.issued),
                                                 .now = now,
                                                 .secure = m_resources[resource].secure},
                                                m_response);
    if (out == CookieOut::none && own == noText)
        return;
    if (out != CookieOut::none)
        request.cookieOut = out;
    for (const std::string_view control : m_response.fields.all("Cache-Control"))
        request.isPrivate = request.isPrivate || control == "private";
    // Several fields are one text, a line each; those of earlier attempts come first.
    std::string fields = texts.text(request.setCookie);
    for (const std::string_view field : m_response.fields.all("Set-Cookie"))
        fields.append(fields.empty() ? "" : "\n").append(field);
    request.setCookie = texts.intern(fields);
}

void VirtualBalancer::setDraining(ReplicaIndex replica, bool draining)
{
    if (m_dispatcher.replicas()[replica].draining != draining)
        m_dispatcher.setDraining(replica, draining);
}

void VirtualBalancer::add(const ReplicaView& replica)
{
    m_dispatcher.add(replica);
    if (m_health)
        m_health->add();
}

bool VirtualBalancer::checked(ReplicaIndex replica, bool good)
{
    if (!m_health->checked(replica, good))
        return false;
    m_dispatcher.setUp(replica, good);
    return true;
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
