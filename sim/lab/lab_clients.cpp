// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_clients.h"

#include "sim/http/client_site.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

namespace {

// Between them, answers are read: what is late does not keep its own answers waiting.
constexpr int sentAtOnce = 16;
constexpr int asLongAsItTakes = 24 * 3600 * 1000; ///< milliseconds

// One for each, as the model has them, in the part of this machine's own network that looks like
// the model's (198.18.0.0/15).
std::string ownAddress(std::uint32_t client)
{
    const std::uint32_t number = client + 1;
    return "127." + std::to_string(18 + (number >> 16U)) + "."
        + std::to_string((number >> 8U) & 255U) + "." + std::to_string(number & 255U);
}

live::LiveGroup groupOf(const ClientSpec& spec, const Scenario& scenario, const LaneDoors& doors)
{
    live::LiveGroup group {
        .name = spec.name, .kind = spec.kind, .count = spec.count, .jar = spec.jar};
    group.keepAlive = live::keepAliveOf(spec);
    for (const http::Url& url : http::urlsOf(spec, scenario)) {
        live::Target target;
        target.endpoint.url = url;
        target.endpoint.redirections = {{.toHost = "127.0.0.1", .toPort = doors.of(url.secure())}};
        target.endpoint.trusted = url.secure() ? doors.certificate : std::string();
        target.request.method = spec.method;
        target.request.target = url.target();
        live::addHeaders(target, spec);
        group.turns.push_back(std::move(target));
    }
    group.target = group.turns.front();
    group.context = http::siteOf(spec, group.target.endpoint.url).context;
    group.stripsQuotes = spec.stripsQuotes;
    group.carries = spec.carries;
    group.sessionRequests = spec.sessionRequests;
    group.upgradeAfter = spec.upgradeAfter;
    group.logout = spec.logout;
    group.socket.message = spec.message;
    group.socket.send = spec.send;
    group.socket.pause = spec.messageEvery;
    group.socket.lifetime = spec.connectionLifetime;
    // No pause means no further message to the model.
    if (spec.send != SendRule::onOpen && spec.messageEvery <= Duration::zero())
        group.socket.send = SendRule::never;
    return group;
}

} // namespace

LabClients::LabClients(Terms terms, LabRecorder& recorder, QObject* parent)
    : QObject(parent)
    , m_terms(std::move(terms))
    , m_recorder(recorder)
    , m_plan {.stickyName = m_terms.stickyName,
              .seed = m_terms.scenario->seed,
              .marksRequests = m_terms.marksRequests}
    , m_shared {.clock = m_terms.clock, .wall = m_terms.wall}
    , m_sticky(finder())
{
    const auto& specs = m_terms.scenario->clients;
    // The clients refer to their groups, which must stay where they are.
    for (const ClientSpec& spec : specs) {
        m_plan.groups.push_back(groupOf(spec, *m_terms.scenario, m_terms.doors));
        // Before servers of ours it is the balancer that gives up.
        for (live::Target& target : m_plan.groups.back().turns) {
            if (m_terms.marksRequests)
                target.endpoint.answerMilliseconds = asLongAsItTakes;
        }
    }
    for (std::size_t group = 0; group < specs.size(); ++group)
        addGroup(specs[group], m_plan.groups[group],
                 group < m_terms.jars.size() ? m_terms.jars[group] : http::CookieJar {});
}

LabClients::~LabClients()
{
    for (const Turn& turn : m_turns) {
        for (live::LiveClient* line : turn.lines)
            line->stop();
    }
}

void LabClients::addGroup(const ClientSpec& spec, const live::LiveGroup& group,
                          const http::CookieJar& given)
{
    const auto first = static_cast<std::uint32_t>(m_turns.size());
    // Without a jar of its own it sends a cookie file all the same (curl -b).
    const bool sends = (spec.jar != JarKind::none || !given.cookies().empty())
        && http::siteOf(spec, group.target.endpoint.url).cookies;
    live::LiveSeries::Terms series {.sessionRequests = spec.sessionRequests,
                                    .upgradeAfter = spec.upgradeAfter,
                                    .refused = statusWithoutSession(spec.kind) != 200,
                                    .logoutAfter = spec.logout ? spec.logout->after : 0};
    series.store = [scenario = m_terms.scenario](const std::string& name) {
        for (const ReplicaSpec& replica : scenario->replicas) {
            if (replica.name == name)
                return replica.sessions;
        }
        return SessionStore::inMemory;
    };
    for (int number = 0; number < spec.count; ++number) {
        const auto index = static_cast<ClientIndex>(m_turns.size());
        if (sends && (number == 0 || spec.jar != JarKind::shared))
            m_jars.push_back(std::make_unique<http::CookieJar>(given));
        Turn turn {.spec = &spec, .group = &group, .firstClient = first};
        turn.source = spec.source.empty() ? ownAddress(raw(index)) : spec.source;
        turn.jar = sends ? m_jars.back().get() : nullptr;
        turn.series = std::make_shared<live::LiveSeries>(series);
        const Arrivals arrivals = arrivalsOf(turn);
        turn.next = arrivals.first(index);
        turn.together = arrivals.together(true);
        m_turns.push_back(std::move(turn));
        addLine(index);
    }
}

Arrivals LabClients::arrivalsOf(const Turn& turn) const
{
    return {.group = *turn.spec,
            .firstClient = turn.firstClient,
            .chance = Chance {m_terms.scenario->seed},
            .starts = m_terms.scenario->starts};
}

live::LiveClient* LabClients::addLine(ClientIndex index)
{
    Turn& turn = m_turns[raw(index)];
    auto* line = new live::LiveClient(m_plan, *turn.group, m_shared,
                                      {.index = index,
                                       .name = m_recorder.cast().clients[raw(index)],
                                       .jar = turn.jar,
                                       .sticky = &m_sticky,
                                       .from = QHostAddress(QString::fromStdString(turn.source)),
                                       .series = turn.series},
                                      this);
    turn.lines.push_back(line);
    connectLine(index, line);
    return line;
}

void LabClients::connectLine(ClientIndex index, live::LiveClient* line)
{
    connect(line, &live::LiveClient::sent, this,
            [this](const live::LiveAnswer& request) { m_terms.join.sent(request); });
    connect(line, &live::LiveClient::ended, this,
            [this](const live::LiveAnswer& answer) { m_terms.join.clientEnded(answer); });
    connect(line, &live::LiveClient::sent, this, [this, line](const live::LiveAnswer& request) {
        m_terms.cookiesChanged(request.client);
        m_terms.sent(request, *line);
    });
    connect(line, &live::LiveClient::ended, this, [this, line](const live::LiveAnswer& answer) {
        // Also where the cookie that came is another one's, or none.
        live::LiveAnswer known = answer;
        known.stickyKept = returnsSticky(m_turns[raw(answer.client)], line->target());
        m_terms.cookiesChanged(answer.client);
        m_terms.ended(answer, *line);
        m_recorder.ended(known);
        const Turn& turn = m_turns[raw(answer.client)];
        const bool open = answer.failure == Failure::none && answer.status == 101;
        if (!open && !turn.spec->isOpen() && answer.ordinal == turn.leads)
            scheduleNext(answer.client, answer.ordinal, answer.at);
    });
    connect(line, &live::LiveClient::opened, this,
            [this](const live::LiveAnswer& answer) { m_recorder.opened(answer.client); });
    connect(line, &live::LiveClient::messaged, this,
            [this, index](Duration latency) { m_recorder.messaged(index, latency); });
    connect(line, &live::LiveClient::closed, this,
            [this, index, line](int code, const std::string& why) {
                const Turn& turn = m_turns[raw(index)];
                m_recorder.closed(index, code, why, turn.spec->upgradeAfter > 0);
                scheduleNext(index, turn.leads, line->lifeEnded().value_or(m_terms.clock()));
            });
}

void LabClients::scheduleNext(ClientIndex index, std::uint32_t ordinal, Instant from)
{
    Turn& turn = m_turns[raw(index)];
    const Arrivals arrivals = arrivalsOf(turn);
    turn.next = arrivals.next(index, ordinal, from);
    turn.together = arrivals.together(false);
}

live::LiveClient* LabClients::lineFor(ClientIndex index)
{
    for (live::LiveClient* line : m_turns[raw(index)].lines) {
        if (line->idle())
            return line;
    }
    if (m_further == mostLines)
        return nullptr;
    ++m_further;
    return addLine(index);
}

void LabClients::sendWaiting(ClientIndex index)
{
    Turn& turn = m_turns[raw(index)];
    while (turn.waiting > 0) {
        live::LiveClient* line = lineFor(index);
        if (!line)
            return;
        --turn.waiting;
        line->send();
    }
}

bool LabClients::sendDue(ClientIndex index)
{
    live::LiveClient* line = lineFor(index);
    if (!line)
        return false;
    Turn& turn = m_turns[raw(index)];
    const Instant due = *std::exchange(turn.next, std::nullopt);
    turn.leads = turn.series->requests();
    turn.waiting = turn.together - 1;
    line->send();
    if (turn.spec->isOpen())
        scheduleNext(index, turn.leads, due);
    sendWaiting(index);
    return true;
}

void LabClients::tick()
{
    const Instant now = m_terms.clock();
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        for (live::LiveClient* line : m_turns[index].lines)
            line->tick(now);
        sendWaiting(static_cast<ClientIndex>(index));
    }
    if (!m_goingOn)
        sendSome();
}

void LabClients::catchUp()
{
    while (sendMoment()) { }
}

void LabClients::sendSome()
{
    m_goingOn = sendMoment();
    if (m_goingOn)
        QMetaObject::invokeMethod(this, &LabClients::sendSome, Qt::QueuedConnection);
}

bool LabClients::sendMoment()
{
    const Instant now = m_terms.clock();
    m_due.clear();
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        const Turn& turn = m_turns[index];
        if (turn.next && *turn.next <= now && turn.waiting == 0)
            m_due.push_back(index);
    }
    std::sort(m_due.begin(), m_due.end(), [this](std::size_t a, std::size_t b) {
        return std::pair(m_turns[a].next, a) < std::pair(m_turns[b].next, b);
    });
    int sent = 0;
    for (const std::size_t index : m_due) {
        if (sendDue(static_cast<ClientIndex>(index)) && ++sent == sentAtOnce)
            break;
    }
    return sent > 0;
}

void LabClients::cut(ClientIndex client)
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        if (client != noClient && raw(client) != index)
            continue;
        for (live::LiveClient* line : m_turns[index].lines)
            line->cut();
    }
}

} // namespace stickyscope::lab
