// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_client.h"

#include "sim/http/jar_mishaps.h"
#include "sim/live/request_marks.h"
#include "sim/live/retry_after.h"
#include "sim/live/verdict.h"
#include "sim/model/session_name.h"

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
    , m_from(self.from)
    , m_jar(self.jar)
    , m_sticky(*self.sticky)
    , m_series(self.series ? std::move(self.series) : std::make_shared<LiveSeries>())
    , m_idPrefix(QString::number(QRandomGenerator::system()->generate64(), 16).toStdString() + "-")
    , m_target(&group.target)
{
    m_answer.client = self.index;
    if (m_group.upgradeAfter > 0)
        m_engine.emplace();
}

LiveClient::~LiveClient() = default;

void LiveClient::nextId(std::string& id)
{
    id.assign(m_idPrefix).append(std::to_string(++m_ids));
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

wire::Endpoint LiveClient::endpoint() const
{
    wire::Endpoint endpoint = m_target->endpoint;
    endpoint.from = m_from;
    return endpoint;
}

WallSeconds LiveClient::wall() const
{
    return m_shared.wall ? m_shared.wall() : wallNow();
}

// Off withholds the sticky cookie alone: a login stays a login.
std::string LiveClient::cookieField() const
{
    if (!m_jar)
        return {};
    std::string all = m_jar->cookieFor(m_target->endpoint.url, wall(), m_group.context);
    if (m_group.stripsQuotes)
        all = http::withoutQuotes(all);
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
    const bool upgrades = m_group.kind == ClientKind::websocket || m_series->upgrades();
    m_sent = m_series->send();
    m_target = &m_group.targetOf(m_sent.ordinal);
    m_cookiesSent = cookieField();
    m_answer.restart(m_sent.ordinal);
    nextId(m_answer.id);
    for (const http::CookiePair& pair : http::parseCookieField(m_cookiesSent)) {
        if (m_sticky.is(pair.name))
            m_answer.stickySent = pair.value;
    }
    // One given by hand stands before those of the jar.
    for (const http::CookiePair& pair : http::parseCookieField(m_target->cookies)) {
        if (m_sticky.is(pair.name)) {
            m_answer.stickySent = pair.value;
            break;
        }
    }
    writeHead();
    emit sent(m_answer);
    m_reused = !upgrades && m_connection && m_connection->isOpen();
    if (!upgrades)
        return sendRequest();
    hold();
    if (!m_engine)
        return openSocket(m_head);
    http::RequestHead handshake = m_head;
    handshake.target = m_engine->upgradeTarget(m_head.target);
    openSocket(handshake);
}

void LiveClient::sendRequest()
{
    hold();
    if (!m_reused) {
        m_connection.reset(new wire::HttpConnection(endpoint(), nullptr));
        connect(m_connection.get(), &wire::HttpConnection::finished, this, &LiveClient::answered);
        m_onConnection = 0;
    }
    ++m_onConnection;
    if (!m_engine)
        return m_connection->send(m_head, m_target->body);
    const EngineIoSession::Poll poll = m_engine->poll(m_head.target);
    http::RequestHead request = m_head;
    request.target = poll.target;
    request.method = poll.says ? "POST" : "GET";
    m_connection->send(request, poll.body);
}

void LiveClient::writeHead()
{
    // Who gives it an X-Request-Id gets ours beside it.
    const bool twoIds = m_target->request.fields.find("X-Request-Id") != nullptr;
    if (m_commonTarget != m_target || m_commonCookies != m_cookiesSent || twoIds) {
        m_common = requestFor(*m_target, m_cookiesSent, m_answer.id);
        m_commonTarget = m_target;
        m_commonCookies = m_cookiesSent;
    }
    m_head = m_common;
    if (m_target->requestId && !twoIds)
        m_head.fields.set("X-Request-Id", m_answer.id);
    if (!m_carried.empty())
        m_head.fields.set(m_group.carries, m_carried);
    if (!m_plan.marksRequests)
        return;
    m_head.fields.add(requestMark,
                      std::to_string(raw(m_answer.client)) + " " + std::to_string(m_answer.ordinal)
                          + " " + std::string(nameOf(m_group.kind)));
    m_head.fields.add(sessionMark, m_sent.session.empty() ? "new" : m_sent.session);
    nameSession();
    if (m_sent.logsOut)
        m_head.fields.add(logoutMark, m_group.logout->clearsAll ? "all" : "session");
}

// As the kind's own protocol does. Engine.IO's polls name theirs themselves.
void LiveClient::nameSession()
{
    const SessionPlace place = sessionPlaceOf(m_group.kind);
    if (m_sent.session.empty() || m_engine)
        return;
    if (place.in == SessionPlace::In::header)
        m_head.fields.set(place.name, m_sent.session);
    if (place.in == SessionPlace::In::query)
        m_head.target = withParameter(m_head.target, place.name, m_sent.session);
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
    if (m_engine && m_answer.failure != Failure::none)
        m_engine->failed();
    else if (m_engine && !(m_webSocket && m_answer.status == 101))
        m_engine->answered(m_answer.status, exchange.body);
    if (m_engine && m_answer.endsSession && m_answer.status != 101)
        m_engine->end();
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
    std::string id;
    nextId(id);
    m_identifying->send(requestFor(*m_plan.identify, cookieField(), id));
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
