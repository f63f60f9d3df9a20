// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_run.h"

#include <algorithm>

namespace stickyscope::live {

namespace {

constexpr auto beat = std::chrono::milliseconds(5);

// The guard of each connection tells the pacer what kind of address it goes to.
void guardBy(wire::Endpoint& endpoint, const std::shared_ptr<Pacer>& pacer)
{
    endpoint.guard = [guard = endpoint.guard,
                      pacer](const QHostAddress& address) -> std::optional<std::string> {
        if (guard) {
            if (auto refusal = guard(address))
                return refusal;
        }
        pacer->meets(classify(address));
        return std::nullopt;
    };
}

} // namespace

LiveRun::LiveRun(LivePlan plan, LiveShared shared, std::size_t lane, ObservationSink& sink,
                 QObject* parent)
    : QObject(parent)
    , m_plan(std::move(plan))
    , m_shared(std::move(shared))
    , m_lane(lane)
    , m_sink(sink)
    , m_recorder(m_shared.roster, !m_plan.sessionRules.empty())
    , m_sticky(m_plan.stickyName)
{
    m_recorder.setBalancer(m_plan.target().endpoint.url.authority());
    if (m_plan.identify)
        guardBy(m_plan.identify->endpoint, m_shared.pacer);
    for (LiveGroup& group : m_plan.groups) {
        guardBy(group.target.endpoint, m_shared.pacer);
        addGroup(group);
    }
    connect(&m_timer, &QTimer::timeout, this, &LiveRun::tick);
}

LiveRun::~LiveRun() = default;

void LiveRun::addGroup(LiveGroup& group)
{
    // Without a jar the sticky cookie given by hand stays with the others, or is withheld.
    const bool sorted = group.jar != JarKind::none || m_plan.withholdSticky;
    const http::CookieJar first =
        sorted ? jarFor(group.target, m_plan.stickyName) : group.target.initialJar;
    if (group.jar == JarKind::shared)
        m_jars.push_back(std::make_unique<http::CookieJar>(first));
    for (int number = 1; number <= group.count; ++number) {
        const std::string name =
            group.count == 1 ? group.name : group.name + "-" + std::to_string(number);
        const ClientIndex index = m_recorder.addClient(name, std::string(nameOf(group.kind)));
        if (group.jar == JarKind::own)
            m_jars.push_back(std::make_unique<http::CookieJar>(first));
        http::CookieJar* jar = group.jar == JarKind::none ? nullptr : m_jars.back().get();
        auto* client =
            new LiveClient(m_plan, group, m_shared,
                           {.index = index, .name = name, .jar = jar, .sticky = &m_sticky}, this);
        connectClient(*client, index);
        m_turns.push_back({client});
    }
}

void LiveRun::connectClient(LiveClient& client, ClientIndex index)
{
    connect(&client, &LiveClient::sent, this, [this](const LiveAnswer& request) {
        emitOne(m_recorder.sent(request, m_sticky.name(), m_shared.clock()));
    });
    connect(&client, &LiveClient::ended, this, &LiveRun::ended);
    connect(&client, &LiveClient::opened, this, [this](const LiveAnswer& answer) {
        emitOne(m_recorder.opened(answer, m_shared.clock()));
    });
    connect(&client, &LiveClient::messaged, this, [this, index](Duration latency) {
        emitOne(m_recorder.message(index, m_shared.clock(), latency));
    });
    connect(&client, &LiveClient::closed, this, [this, index](int code, const std::string& why) {
        emitOne(m_recorder.closed(index, m_shared.clock(), code, why));
        scheduleNext(index);
        finishIf(isDone());
    });
    connect(&client, &LiveClient::released, this, [this] { m_shared.pacer->released(); });
    connect(&client, &LiveClient::holdAsked, this,
            [this](Duration pause) { m_shared.pacer->holdUntil(m_shared.clock() + pause); });
}

http::CookieJar LiveRun::firstJar() const
{
    return m_jars.empty() ? http::CookieJar {} : *m_jars.front();
}

void LiveRun::start()
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        const Duration mean = m_turns[index].client->group().pause.mean;
        Draw draw =
            Chance {m_plan.seed}.draw(static_cast<ClientIndex>(index), 0, Purpose::firstMoment);
        m_turns[index].next = m_shared.clock()
            + Duration {
                static_cast<Duration::rep>(draw.unit() * static_cast<double>(mean.count()))};
    }
    m_timer.start(beat);
}

void LiveRun::stop()
{
    m_timer.stop();
    for (const Turn& turn : m_turns)
        turn.client->stop();
}

void LiveRun::cut(ClientIndex client)
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        if (client == noClient || raw(client) == index)
            m_turns[index].client->cut();
    }
}

void LiveRun::takeCookies(ClientIndex client)
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        http::CookieJar* jar = m_turns[index].client->jar();
        if (jar && (client == noClient || raw(client) == index))
            jar->clear();
    }
}

bool LiveRun::exhausted(const LiveClient& client) const
{
    return client.group().requests > 0
        && static_cast<int>(client.requests()) >= client.group().requests;
}

bool LiveRun::ready(const Turn& turn, Instant now) const
{
    return turn.client->idle() && turn.next <= now && !exhausted(*turn.client);
}

bool LiveRun::mayTake(const LiveClient& client, Instant now)
{
    return m_shared.pacer->take(m_lane, now, client.opensConnection());
}

void LiveRun::ended(const LiveAnswer& answer)
{
    note(answer);
    if (answer.failure == Failure::none)
        emit answered(answer.replica);
    emitAll(m_recorder.ended(answer));
    m_shared.pacer->ended(answer.at, answer.failure != Failure::none, answer.latency);
    scheduleNext(answer.client);
    const Turn& turn = m_turns[raw(answer.client)];
    finishIf(exhausted(*turn.client) && isDone());
    // At once where nothing is to be waited for, and it is nobody else's turn.
    if (!m_finished && !m_othersWait && ready(turn, m_shared.clock())
        && mayTake(*turn.client, m_shared.clock()))
        turn.client->send();
}

void LiveRun::tick()
{
    const Instant now = m_shared.clock();
    for (const Turn& turn : m_turns)
        turn.client->tick(now);
    // In turn, so that a low rate does not go to the first clients alone.
    m_othersWait = false;
    for (std::size_t tried = 0; tried < m_turns.size(); ++tried) {
        const std::size_t index = (m_last + 1) % m_turns.size();
        const Turn& turn = m_turns[index];
        if (ready(turn, now)) {
            m_othersWait = !mayTake(*turn.client, now);
            if (m_othersWait)
                break;
            turn.client->send();
        }
        m_last = index;
    }
    finishIf(isDone());
}

void LiveRun::scheduleNext(ClientIndex index)
{
    Turn& turn = m_turns[raw(index)];
    const LiveGroup& group = turn.client->group();
    Draw draw = Chance {m_plan.seed}.draw(index, turn.client->requests(), Purpose::liveGap);
    const Instant now = m_shared.clock();
    // What a slow service has made late is not made up for in a burst.
    const Instant from = group.open ? std::max(turn.next, now - std::chrono::seconds(1)) : now;
    turn.next = from + group.pause(draw);
}

void LiveRun::note(const LiveAnswer& answer)
{
    const bool same = answer.failure == Failure::none && m_noted.failure == Failure::none
        && answer.status == m_noted.status && answer.identifiedBy == m_noted.identifiedBy
        && answer.address == m_noted.address;
    if (same && m_shared.pacer->end().empty())
        return;
    m_noted = answer;
    // By what the replicas are known, and where they were asked: one sentence for the window.
    std::string notice;
    if (!answer.identifiedBy.empty())
        notice = "Who answered: " + answer.identifiedBy + ".";
    if (!answer.address.empty())
        notice += (notice.empty() ? "" : " ") + ("Asked at " + answer.address + ".");
    if (answer.failure == Failure::none && answer.status >= 300)
        notice = "Answered with " + std::to_string(answer.status) + ". " + notice;
    if (answer.failure != Failure::none && !answer.why.empty())
        notice = "Last failure: " + answer.why + ".";
    if (!m_shared.pacer->end().empty())
        notice = m_shared.pacer->end();
    m_recorder.setNotice(notice);
}

bool LiveRun::isDone() const
{
    return std::all_of(m_turns.begin(), m_turns.end(), [&](const Turn& turn) {
        return turn.client->idle() && exhausted(*turn.client);
    });
}

void LiveRun::finishIf(bool done)
{
    const bool given = !m_shared.pacer->end().empty();
    if (m_finished || (!given && !done))
        return;
    m_finished = true;
    if (given)
        m_recorder.setNotice(m_shared.pacer->end());
    // Later: this may be within a client's own signal.
    QMetaObject::invokeMethod(
        this,
        [this] {
            stop();
            emit finished();
        },
        Qt::QueuedConnection);
}

} // namespace stickyscope::live
