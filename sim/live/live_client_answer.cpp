// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a client makes of an answer: who gave it, what it says of the session, its cookies.
#include "sim/live/live_client.h"
#include "sim/live/request_marks.h"
#include "sim/live/verdict.h"

namespace stickyscope::live {

// Everything that the answer itself says.
void LiveClient::judge(const wire::Exchange& exchange)
{
    m_answer.latency = exchange.latency;
    m_answer.failure = exchange.failure;
    m_answer.why = exchange.why;
    m_answer.status = exchange.head.status;
    m_answer.address = exchange.address;
    m_answer.broken = exchange.failure == Failure::none
        && brokenBy(m_plan.sessionRules, exchange.head, exchange.body, m_cookiesSent);
    readMarks(exchange.head);
    if (m_answer.session == SessionMark::none
        && (m_answer.broken || !namesNobody(exchange.head.status)))
        nameReplica(exchange.head, exchange.body);
    takeCookies(exchange.head);
    const std::string* carried = exchange.head.fields.find(m_group.carries);
    if (carried && !m_group.carries.empty())
        m_carried = *carried;
    const bool routed = m_answer.status == 404 && !m_answer.stickySet.empty();
    if (!m_answer.broken)
        m_answer.failure =
            balancersOwn(m_answer.failure, m_answer.status, !m_answer.replica.empty() || routed);
    // An answer that knows no session is one, also to a handshake.
    if (m_webSocket && m_answer.failure == Failure::none && m_answer.status != 101
        && m_answer.session != SessionMark::broken) {
        m_answer.failure = Failure::handshakeRefused;
        m_answer.why = "the handshake was answered with " + std::to_string(m_answer.status);
    }
}

// What our own replica says of itself and of the session. Who has not had all of the answer goes on
// as if there had been none.
void LiveClient::readMarks(const http::ResponseHead& head)
{
    const std::string* session = m_plan.marksRequests ? head.fields.find(sessionMark) : nullptr;
    const std::string* replica = head.fields.find(replicaMark);
    if (!session || !replica || m_answer.failure != Failure::none)
        return m_series->failed(m_sent);
    m_answer.replica = *replica;
    const LiveSeries::Judged judged = m_series->answered(m_sent, *session, *replica);
    m_answer.session = judged.mark;
    m_answer.endsSession = judged.endsSession;
}

void LiveClient::nameReplica(const http::ResponseHead& head, std::string_view body)
{
    if (const Identity* identity = m_identities.of(m_plan.identity, head, body)) {
        m_answer.replica = identity->name;
        m_answer.identifiedBy = identity->source;
    }
}

// According to the balancer: what its cookie names.
void LiveClient::nameByCookie()
{
    if (m_sticky.name().empty() || m_answer.status >= 400 || namesNobody(m_answer.status))
        return;
    const std::string& value =
        m_answer.stickySet.empty() ? m_answer.stickySent : m_answer.stickySet;
    if (value.empty())
        return;
    m_answer.replica = replicaNamedBy(m_sticky.name(), value);
    m_answer.identifiedBy = accordingToTheBalancer;
}

void LiveClient::takeCookies(const http::ResponseHead& head)
{
    for (const std::string_view field : head.fields.all("Set-Cookie")) {
        // Without a jar of its own it sends what it was given, and learns nothing (curl -b).
        if (m_jar && m_group.jar != JarKind::none)
            m_jar->receive(field, m_target->endpoint.url, wall(), m_group.context);
        const auto cookie = http::parseSetCookie(field);
        if (!cookie || cookie->name.empty())
            continue;
        m_sticky.sees(cookie->name, cookie->value);
        m_sticky.saw({cookie->name, cookie->value, m_answer.replica});
        if (m_sticky.is(cookie->name)) {
            m_answer.stickySet = cookie->value;
            m_answer.setCookie = std::string(field);
            m_answer.stickyKept = m_jar
                && m_jar->wouldSend(cookie->name, m_target->endpoint.url, wall(), m_group.context);
        }
    }
}

} // namespace stickyscope::live
