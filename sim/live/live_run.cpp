// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_run.h"

#include "sim/live/verdict.h"

#include <QDateTime>
#include <QUuid>

#include <algorithm>

namespace stickyscope::live {

namespace {

WallSeconds wallNow()
{
    return WallSeconds(std::chrono::seconds(QDateTime::currentSecsSinceEpoch()));
}

bool namesNobody(int status)
{
    return (status >= 300 && status < 400) || status == 401 || status == 403;
}

std::string newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

constexpr std::size_t cookiesRemembered = 200;
constexpr auto messageWait = std::chrono::seconds(3);

} // namespace

LiveRun::LiveRun(LivePlan plan, ObservationSink& sink, QObject* parent)
    : QObject(parent)
    , m_plan(std::move(plan))
    , m_sink(sink)
    , m_recorder(m_plan.roster)
    , m_sticky(m_plan.stickyName)
    , m_rate(m_plan.rateInAll)
{
    const http::CookieJar jar = jarFor(m_plan.target, m_plan.stickyName);
    m_recorder.setBalancer(m_plan.target.endpoint.url.authority());
    if (m_plan.jar == JarKind::shared)
        m_jars.push_back(std::make_unique<http::CookieJar>(jar));
    for (int number = 1; number <= m_plan.clients; ++number) {
        Client& client = m_clients.emplace_back();
        const std::string name =
            m_plan.clients == 1 ? m_plan.group : m_plan.group + "-" + std::to_string(number);
        m_recorder.addClient(name,
                             m_plan.websocket                  ? "websocket"
                                 : m_plan.jar == JarKind::none ? "curl"
                                                               : "browser");
        if (m_plan.jar == JarKind::own)
            m_jars.push_back(std::make_unique<http::CookieJar>(jar));
        client.jar = m_plan.jar == JarKind::none ? nullptr : m_jars.back().get();
    }
    connect(&m_timer, &QTimer::timeout, this, &LiveRun::tick);
}

LiveRun::~LiveRun() = default;

void LiveRun::start()
{
    for (std::size_t index = 0; index < m_clients.size(); ++index) {
        Draw draw =
            Chance {m_plan.seed}.draw(static_cast<ClientIndex>(index), 0, Purpose::firstMoment);
        m_clients[index].next = m_plan.clock()
            + Duration {static_cast<Duration::rep>(draw.unit() * 1e9 / m_plan.ratePerClient)};
    }
    pace(0);
}

void LiveRun::stop()
{
    m_timer.stop();
    for (Client& client : m_clients) {
        client.connection.reset();
        client.webSocket.reset();
    }
}

// One request a tick at most: that is the cap on all clients together.
void LiveRun::pace(double failed)
{
    // Halved while a fifth of the requests fails (limits: a target in trouble is left in peace).
    m_failing = 0.9 * m_failing + 0.1 * failed;
    const double rate = m_failing > 0.2 ? m_rate / 2 : m_rate;
    const int wanted = std::max(1, static_cast<int>(1000 / rate));
    if (!m_timer.isActive() || m_timer.interval() != wanted)
        m_timer.start(wanted);
}

bool LiveRun::ready(const Client& client) const
{
    const bool more = m_plan.requestsPerClient == 0
        || static_cast<int>(client.ordinal) < m_plan.requestsPerClient;
    return !client.busy && more && client.next <= m_plan.clock();
}

void LiveRun::tick()
{
    for (std::size_t tried = 0; tried < m_clients.size(); ++tried) {
        m_last = (m_last + 1) % m_clients.size();
        if (ready(m_clients[m_last]))
            return send(m_last);
    }
}

std::string LiveRun::cookieFor(Client& client)
{
    if (!client.jar)
        return {};
    std::string all = client.jar->cookieFor(m_plan.target.endpoint.url, wallNow());
    if (!m_plan.withholdSticky || m_sticky.empty())
        return all;
    std::string kept;
    for (const http::CookiePair& pair : http::parseCookieField(all)) {
        if (pair.name != m_sticky)
            kept +=
                (kept.empty() ? "" : "; ") + std::string(pair.name) + "=" + std::string(pair.value);
    }
    return kept;
}

void LiveRun::send(std::size_t index)
{
    Client& client = m_clients[index];
    client.busy = true;
    const std::string cookies = cookieFor(client);
    client.answer = {.client = static_cast<ClientIndex>(index),
                     .ordinal = client.ordinal++,
                     .cookieSent = cookies};
    for (const http::CookiePair& pair : http::parseCookieField(cookies))
        client.answer.stickySent = client.answer.stickySent || pair.name == m_sticky;
    emitOne(m_recorder.sent(client.answer.client, client.answer.ordinal, m_plan.clock(),
                            client.answer.stickySent ? cookies : std::string()));
    const http::RequestHead head = requestFor(m_plan.target, cookies, newId());
    if (m_plan.websocket)
        return openWebSocket(index, head);
    client.connection.reset(new wire::HttpConnection(m_plan.target.endpoint, nullptr));
    connect(client.connection.get(), &wire::HttpConnection::finished, this,
            [this, index](const wire::Exchange& exchange) { answered(index, exchange); });
    client.connection->send(head, m_plan.target.body);
}

void LiveRun::openWebSocket(std::size_t index, const http::RequestHead& head)
{
    Client& client = m_clients[index];
    client.webSocket.reset(new wire::WebSocketClient(m_plan.target.endpoint, nullptr));
    connect(client.webSocket.get(), &wire::WebSocketClient::handshakeEnded, this,
            [this, index](const wire::Exchange& exchange) { answered(index, exchange); });
    connect(client.webSocket.get(), &wire::WebSocketClient::received, this,
            [this, index](const QByteArray& message) { received(index, message); });
    connect(client.webSocket.get(), &wire::WebSocketClient::closed, this,
            [this, index] { giveUpOnMessage(index); });
    client.webSocket->open(head);
}

void LiveRun::nameReplica(LiveAnswer& answer, const http::ResponseHead& head,
                          std::string_view body) const
{
    if (namesNobody(head.status))
        return;
    if (const auto identity = m_plan.identity.identify(head, body))
        answer.replica = identity->name;
}

// According to the balancer: what its cookie names.
void LiveRun::nameByCookie(LiveAnswer& answer) const
{
    if (m_sticky.empty() || answer.status >= 400 || namesNobody(answer.status) || m_plan.identify)
        return;
    if (answer.stickySet) {
        if (const auto cookie = http::parseSetCookie(answer.setCookie))
            answer.replica = replicaNamedBy(cookie->name, cookie->value);
        return;
    }
    if (!answer.stickySent)
        return;
    for (const http::CookiePair& pair : http::parseCookieField(answer.cookieSent)) {
        if (pair.name == m_sticky)
            answer.replica = replicaNamedBy(pair.name, pair.value);
    }
}

void LiveRun::takeCookies(Client& client, const http::ResponseHead& head,
                          const std::string& replica)
{
    for (const std::string_view field : head.fields.all("Set-Cookie")) {
        if (client.jar)
            client.jar->receive(field, m_plan.target.endpoint.url, wallNow());
        const auto cookie = http::parseSetCookie(field);
        if (!cookie || cookie->name.empty())
            continue;
        if (m_seen.size() < cookiesRemembered)
            m_seen.push_back({cookie->name, cookie->value, replica});
        if (cookie->name == m_sticky) {
            client.answer.stickySet = true;
            client.answer.setCookie = std::string(field);
        }
    }
}

void LiveRun::answered(std::size_t index, const wire::Exchange& exchange)
{
    Client& client = m_clients[index];
    LiveAnswer& answer = client.answer;
    answer.latency = exchange.latency;
    answer.failure = exchange.failure;
    answer.status = exchange.head.status;
    if (m_sticky.empty()) {
        for (const std::string_view field : exchange.head.fields.all("Set-Cookie")) {
            if (const auto cookie = http::parseSetCookie(field);
                cookie && fingerprintOf(cookie->name, cookie->value))
                m_sticky = cookie->name;
        }
    }
    nameReplica(answer, exchange.head, exchange.body);
    takeCookies(client, exchange.head, answer.replica);
    if (m_sticky.empty()) {
        if (const auto proposal = proposeSticky(m_seen))
            m_sticky = proposal->name;
    }
    const bool speaks = m_plan.websocket && answer.status == 101 && !m_plan.message.empty();
    if (answer.failure == Failure::none && answer.replica.empty() && !speaks)
        nameByCookie(answer);
    const bool refused =
        m_plan.websocket && answer.failure == Failure::none && answer.status != 101;
    answer.failure = balancersOwn(answer.failure, answer.status, !answer.replica.empty());
    if (refused && answer.failure == Failure::none)
        answer.failure = Failure::handshakeRefused;
    if (answer.failure != Failure::none || !answer.replica.empty() || namesNobody(answer.status))
        return finishRequest(index);
    if (m_plan.identify)
        return askWho(index);
    // A WebSocket may name its replica in its first message, as ours do.
    if (speaks) {
        // Who does not speak is not waited for.
        QTimer::singleShot(messageWait, client.webSocket.get(),
                           [this, index] { giveUpOnMessage(index); });
        return client.webSocket->send(m_plan.message);
    }
    finishRequest(index);
}

void LiveRun::received(std::size_t index, const QByteArray& message)
{
    Client& client = m_clients[index];
    emitOne(m_recorder.message(client.answer.client, m_plan.clock()));
    if (!client.busy)
        return;
    nameReplica(client.answer, {.status = 200},
                {message.constData(), static_cast<std::size_t>(message.size())});
    if (client.answer.replica.empty())
        nameByCookie(client.answer);
    finishRequest(index);
}

void LiveRun::giveUpOnMessage(std::size_t index)
{
    if (!m_clients[index].busy)
        return;
    nameByCookie(m_clients[index].answer);
    finishRequest(index);
}

// A second request with the same jar, for answers that name nobody.
void LiveRun::askWho(std::size_t index)
{
    Client& client = m_clients[index];
    const std::string cookies = cookieFor(client);
    client.connection.reset(new wire::HttpConnection(m_plan.identify->endpoint, nullptr));
    connect(client.connection.get(), &wire::HttpConnection::finished, this,
            [this, index](const wire::Exchange& exchange) {
                if (exchange.failure == Failure::none && !namesNobody(exchange.head.status)) {
                    if (const auto identity =
                            m_plan.identity.identify(exchange.head, exchange.body))
                        m_clients[index].answer.replica = identity->name;
                }
                finishRequest(index);
            });
    client.connection->send(requestFor(*m_plan.identify, cookies, newId()));
}

void LiveRun::finishRequest(std::size_t index)
{
    Client& client = m_clients[index];
    client.busy = false;
    client.answer.at = m_plan.clock();
    emitOne(m_recorder.ended(client.answer));
    if (client.webSocket && client.webSocket->isOpen())
        client.webSocket->close();
    Draw draw = Chance {m_plan.seed}.draw(client.answer.client, client.ordinal, Purpose::liveGap);
    // Between half and one and a half of the mean: never in step.
    client.next = m_plan.clock()
        + Duration {static_cast<Duration::rep>((0.5 + draw.unit()) * 1e9 / m_plan.ratePerClient)};
    pace(client.answer.failure == Failure::none ? 0 : 1);
    const bool done =
        m_plan.requestsPerClient > 0
        && std::all_of(m_clients.begin(), m_clients.end(), [this](const Client& one) {
               return !one.busy && static_cast<int>(one.ordinal) >= m_plan.requestsPerClient;
           });
    if (done) {
        m_timer.stop();
        emit finished();
    }
}

} // namespace stickyscope::live
