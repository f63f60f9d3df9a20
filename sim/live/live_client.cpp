// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_client.h"

#include "sim/live/request_marks.h"
#include "sim/live/retry_after.h"
#include "sim/live/verdict.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>
#include <utility>

namespace stickyscope::live {

namespace {

WallSeconds wallNow()
{
    return WallSeconds(std::chrono::seconds(QDateTime::currentSecsSinceEpoch()));
}

} // namespace

LiveClient::LiveClient(const LivePlan& plan, const LiveGroup& group, const LiveShared& shared,
                       Self self, QObject* parent)
    : QObject(parent)
    , m_plan(plan)
    , m_group(group)
    , m_shared(shared)
    , m_name(std::move(self.name))
    , m_jar(self.jar)
    , m_sticky(*self.sticky)
    , m_idPrefix(QString::number(QRandomGenerator::system()->generate64(), 16).toStdString() + "-")
{
    m_answer.client = self.index;
}

LiveClient::~LiveClient() = default;

std::string LiveClient::newId()
{
    return m_idPrefix + std::to_string(++m_ids);
}

void LiveClient::hold()
{
    m_holding = true;
}

void LiveClient::release()
{
    if (std::exchange(m_holding, false))
        emit released();
}

void LiveClient::stop()
{
    m_connection.reset();
    m_identifying.reset();
    m_webSocket.reset();
}

// Off withholds the sticky cookie alone: a login stays a login.
std::string LiveClient::cookieField() const
{
    if (!m_jar)
        return {};
    std::string all = m_jar->cookieFor(m_group.target.endpoint.url, wallNow());
    if (!m_plan.withholdSticky)
        return all;
    std::string kept;
    for (const http::CookiePair& pair : http::parseCookieField(all)) {
        if (!m_sticky.is(pair.name))
            kept +=
                (kept.empty() ? "" : "; ") + std::string(pair.name) + "=" + std::string(pair.value);
    }
    return kept;
}

void LiveClient::send()
{
    m_busy = true;
    m_cookiesSent = cookieField();
    m_answer = {.client = m_answer.client, .ordinal = m_ordinal++};
    m_answer.id = newId();
    for (const http::CookiePair& pair : http::parseCookieField(m_cookiesSent)) {
        if (m_sticky.is(pair.name))
            m_answer.stickySent = pair.value;
    }
    emit sent(m_answer);
    if (m_group.kind == ClientKind::websocket) {
        hold();
        return openSocket(head());
    }
    m_reused = m_connection && m_connection->isOpen();
    sendRequest();
}

void LiveClient::sendRequest()
{
    hold();
    if (!m_reused) {
        m_connection.reset(new wire::HttpConnection(m_group.target.endpoint, nullptr));
        connect(m_connection.get(), &wire::HttpConnection::finished, this, &LiveClient::answered);
        m_onConnection = 0;
    }
    ++m_onConnection;
    m_connection->send(head(), m_group.target.body);
}

http::RequestHead LiveClient::head() const
{
    http::RequestHead head = requestFor(m_group.target, m_cookiesSent, m_answer.id);
    if (!m_plan.marksRequests)
        return head;
    head.fields.add(requestMark,
                    std::to_string(raw(m_answer.client)) + " " + std::to_string(m_answer.ordinal)
                        + " " + std::string(nameOf(m_group.kind)));
    head.fields.add(sessionMark, m_session.empty() ? "new" : m_session);
    return head;
}

void LiveClient::answered(const wire::Exchange& exchange)
{
    // A kept connection may have been closed by the peer just then: that says nothing of the
    // service, and the request is sent again over a new one (RFC 9112 9.3.1).
    const bool stale = exchange.failure == Failure::closedWithoutAnswer
        || exchange.failure == Failure::connectionReset;
    if (m_reused && stale) {
        m_reused = false;
        return sendRequest();
    }
    if (m_connection && (m_onConnection >= m_group.keepAlive || !m_connection->isOpen())) {
        m_connection.reset();
        release();
    }
    judge(exchange);
    if (const auto pause = retryAfter(exchange.head, wallNow()))
        emit holdAsked(*pause);
    const bool open = m_answer.failure == Failure::none && m_answer.status == 101;
    if (m_webSocket && !open) {
        m_webSocket.reset();
        release();
    }
    if (open)
        return socketOpened();
    const bool nobody = m_answer.failure == Failure::none && m_answer.replica.empty();
    if (nobody && m_plan.identify && !namesNobody(m_answer.status))
        return askWho();
    if (nobody)
        nameByCookie();
    finish();
}

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
    if (exchange.failure == Failure::none)
        readMarks(exchange.head);
    if (m_answer.session == SessionMark::none
        && (m_answer.broken || !namesNobody(exchange.head.status)))
        nameReplica(exchange.head, exchange.body);
    takeCookies(exchange.head);
    const bool routed = m_answer.status == 404 && !m_answer.stickySet.empty();
    if (!m_answer.broken)
        m_answer.failure =
            balancersOwn(m_answer.failure, m_answer.status, !m_answer.replica.empty() || routed);
    if (m_webSocket && m_answer.failure == Failure::none && m_answer.status != 101) {
        m_answer.failure = Failure::handshakeRefused;
        m_answer.why = "the handshake was answered with " + std::to_string(m_answer.status);
    }
}

// What our own replica says of itself and of the session.
void LiveClient::readMarks(const http::ResponseHead& head)
{
    const std::string* session = m_plan.marksRequests ? head.fields.find(sessionMark) : nullptr;
    const std::string* replica = head.fields.find(replicaMark);
    if (!session || !replica)
        return;
    m_answer.replica = *replica;
    const auto space = std::min(session->find(' '), session->size());
    for (const SessionMark mark : {SessionMark::begins, SessionMark::met, SessionMark::broken}) {
        if (nameOf(mark) == std::string_view(*session).substr(0, space))
            m_answer.session = mark;
    }
    if (m_answer.session != SessionMark::met) {
        m_session = session->substr(std::min(space + 1, session->size()));
        m_sessionAnswered = 0;
    }
    m_answer.endsSession = ++m_sessionAnswered == m_group.sessionRequests;
    if (m_answer.endsSession)
        m_session.clear();
}

void LiveClient::nameReplica(const http::ResponseHead& head, std::string_view body)
{
    if (const auto identity = m_plan.identity.identify(head, body)) {
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
        if (m_jar)
            m_jar->receive(field, m_group.target.endpoint.url, wallNow());
        const auto cookie = http::parseSetCookie(field);
        if (!cookie || cookie->name.empty())
            continue;
        m_sticky.sees(cookie->name, cookie->value);
        m_sticky.saw({cookie->name, cookie->value, m_answer.replica});
        if (m_sticky.is(cookie->name)) {
            m_answer.stickySet = cookie->value;
            m_answer.setCookie = std::string(field);
        }
    }
}

// A second request with the same jar, for answers that name nobody.
void LiveClient::askWho()
{
    m_identifying.reset(new wire::HttpConnection(m_plan.identify->endpoint, nullptr));
    connect(m_identifying.get(), &wire::HttpConnection::finished, this,
            [this](const wire::Exchange& exchange) {
                if (exchange.failure == Failure::none && !namesNobody(exchange.head.status))
                    nameReplica(exchange.head, exchange.body);
                m_identifying.reset();
                finish();
            });
    m_identifying->send(requestFor(*m_plan.identify, cookieField(), newId()));
}

void LiveClient::takeCookies()
{
    if (m_jar)
        m_jar->clear();
}

void LiveClient::finish()
{
    m_busy = false;
    m_answer.at = m_shared.clock();
    // Who is told may send the next request at once.
    const bool open = m_webSocket != nullptr;
    emit ended(m_answer);
    if (open && m_webSocket)
        beginLife();
}

} // namespace stickyscope::live
