// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What clients' jars hold, and what befalls it.
#include "sim/http/jar_mishaps.h"
#include "sim/lab/lab_clients.h"

#include <utility>

namespace stickyscope::lab {

bool LabClients::returnsSticky(const Turn& turn, const live::Target& asked) const
{
    return turn.jar
        && turn.jar->wouldSend(m_terms.stickyName, asked.endpoint.url, m_terms.wall(),
                               turn.group->context);
}

std::optional<BalancerProxy::Asked> LabClients::nextOf(ClientIndex client) const
{
    const Turn& turn = m_turns[raw(client)];
    if (!turn.jar)
        return std::nullopt;
    const live::Target& target = turn.group->targetOf(turn.series->requests());
    const http::Url& url = target.endpoint.url;
    std::string cookies = turn.jar->cookieFor(url, m_terms.wall(), turn.group->context);
    if (turn.group->stripsQuotes)
        cookies = http::withoutQuotes(cookies);
    return BalancerProxy::Asked {.head = live::requestFor(target, cookies, {}),
                                 .secure = url.secure(),
                                 .source = turn.source};
}

live::StickyFinder LabClients::finder() const
{
    return m_terms.sticky || !m_terms.stickyName.empty() ? live::StickyFinder(m_terms.stickyName)
                                                         : live::StickyFinder::ofNone();
}

void LabClients::setStickyName(const std::string& name)
{
    m_terms.stickyName = name;
    m_plan.stickyName = name;
    m_sticky = finder();
}

void LabClients::befall(const Intervention& intervention)
{
    http::JarMishap mishap {.kind = intervention.kind, .sticky = {m_terms.stickyName}};
    if (raw(intervention.from) < m_turns.size())
        mishap.other = m_turns[raw(intervention.from)].jar;
    const http::CookieJar* last = nullptr;
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        http::CookieJar* jar = m_turns[index].jar;
        const bool meant = intervention.client == noClient || raw(intervention.client) == index;
        // A jar that several have is changed once.
        if (jar && meant && jar != std::exchange(last, jar))
            http::befall(*jar, mishap);
    }
    // A jar may be that of others, too.
    for (std::size_t index = 0; index < m_turns.size(); ++index)
        m_terms.cookiesChanged(static_cast<ClientIndex>(index));
}

} // namespace stickyscope::lab
