// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_clients.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

namespace {

constexpr int asLongAsItTakes = 24 * 3600 * 1000; ///< milliseconds

live::LiveGroup groupOf(const ClientSpec& spec, const Scenario& scenario, std::uint16_t port)
{
    live::LiveGroup group {
        .name = spec.name, .kind = spec.kind, .count = spec.count, .jar = spec.jar};
    group.keepAlive = live::keepAliveOf(spec);
    wire::Endpoint& endpoint = group.target.endpoint;
    const http::Url origin = *http::parseUrl(scenario.origin);
    endpoint.url = http::resolve(origin, spec.path).value_or(origin);
    endpoint.redirections = {{.toHost = "127.0.0.1", .toPort = port}};
    group.target.request.target = endpoint.url.target();
    for (const auto& [name, value] : spec.headers)
        group.target.request.fields.add(name, value);
    group.sessionRequests = spec.sessionRequests;
    group.socket.message = spec.message;
    group.socket.send = spec.send;
    group.socket.pause = spec.messageEvery;
    group.socket.lifetime = spec.connectionLifetime;
    // No pause means no further message to the model.
    if (spec.send != SendRule::onOpen && spec.messageEvery <= Duration::zero())
        group.socket.send = SendRule::never;
    return group;
}

// Drawn as the model draws it: clients in lockstep look sticky without any cookie.
Instant firstMoment(const Chance& chance, ClientIndex index, const ClientSpec& spec)
{
    Distribution first = spec.gap.value_or(spec.thinkTime);
    if (first.shape == Distribution::Shape::constant)
        first = {.shape = Distribution::Shape::uniform, .most = first.mean};
    Draw draw = chance.draw(index, 0, Purpose::firstMoment);
    return Instant {first(draw)};
}

} // namespace

LabClients::LabClients(Terms terms, LabRecorder& recorder, QObject* parent)
    : QObject(parent)
    , m_terms(std::move(terms))
    , m_recorder(recorder)
    , m_plan {.stickyName = m_terms.stickyName,
              .seed = m_terms.scenario->seed,
              .marksRequests = m_terms.marksRequests}
    , m_shared {.clock = m_terms.clock}
    , m_sticky(m_terms.stickyName)
{
    const auto& specs = m_terms.scenario->clients;
    // The clients refer to their groups, which must stay where they are.
    for (const ClientSpec& spec : specs) {
        m_plan.groups.push_back(groupOf(spec, *m_terms.scenario, m_terms.port));
        // Before servers of ours it is the balancer that gives up.
        if (m_terms.marksRequests)
            m_plan.groups.back().target.endpoint.answerMilliseconds = asLongAsItTakes;
    }
    for (std::size_t group = 0; group < specs.size(); ++group)
        addGroup(specs[group], m_plan.groups[group],
                 group < m_terms.jars.size() ? m_terms.jars[group] : http::CookieJar {});
}

LabClients::~LabClients()
{
    for (const Turn& turn : m_turns)
        turn.client->stop();
}

void LabClients::addGroup(const ClientSpec& spec, const live::LiveGroup& group,
                          const http::CookieJar& given)
{
    const Chance chance {m_terms.scenario->seed};
    if (spec.jar == JarKind::shared)
        m_jars.push_back(std::make_unique<http::CookieJar>(given));
    for (int number = 0; number < spec.count; ++number) {
        const auto index = static_cast<ClientIndex>(m_turns.size());
        if (spec.jar == JarKind::own)
            m_jars.push_back(std::make_unique<http::CookieJar>(given));
        http::CookieJar* jar = spec.jar == JarKind::none ? nullptr : m_jars.back().get();
        auto* client = new live::LiveClient(m_plan, group, m_shared,
                                            {.index = index,
                                             .name = m_recorder.cast().clients[raw(index)],
                                             .jar = jar,
                                             .sticky = &m_sticky},
                                            this);
        m_turns.push_back({client, &spec, firstMoment(chance, index, spec)});
        connectClient(index);
    }
}

void LabClients::connectClient(ClientIndex index)
{
    const live::LiveClient* client = m_turns[raw(index)].client;
    if (RequestJoin* join = m_terms.join) {
        connect(client, &live::LiveClient::sent, this,
                [join](const live::LiveAnswer& request) { join->sent(request); });
        connect(client, &live::LiveClient::ended, this,
                [join](const live::LiveAnswer& answer) { join->clientEnded(answer); });
    }
    connect(client, &live::LiveClient::sent, this, [this, client](const live::LiveAnswer& request) {
        m_recorder.sent(request, m_terms.names(request, client->group().target.request.target));
    });
    connect(client, &live::LiveClient::ended, this, [this](const live::LiveAnswer& answer) {
        m_recorder.ended(answer);
        if (!m_turns[raw(answer.client)].spec->gap)
            scheduleNext(answer.client, answer.at);
    });
    connect(client, &live::LiveClient::opened, this,
            [this](const live::LiveAnswer& answer) { m_recorder.opened(answer.client); });
    connect(client, &live::LiveClient::messaged, this,
            [this, index](Duration latency) { m_recorder.messaged(index, latency); });
    connect(client, &live::LiveClient::closed, this,
            [this, index](int code, const std::string& why) {
                m_recorder.closed(index, code, why);
                scheduleNext(index, m_terms.clock());
            });
}

void LabClients::scheduleNext(ClientIndex index, Instant from)
{
    Turn& turn = m_turns[raw(index)];
    Draw draw = Chance {m_terms.scenario->seed}.draw(index, turn.client->requests() - 1,
                                                     Purpose::thinkTime);
    turn.next = from + turn.spec->gap.value_or(turn.spec->thinkTime)(draw);
}

void LabClients::tick()
{
    const Instant now = m_terms.clock();
    m_due.clear();
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        m_turns[index].client->tick(now);
        if (m_turns[index].next <= now && m_turns[index].client->idle())
            m_due.push_back(index);
    }
    std::sort(m_due.begin(), m_due.end(), [this](std::size_t a, std::size_t b) {
        return std::pair(m_turns[a].next, a) < std::pair(m_turns[b].next, b);
    });
    for (const std::size_t index : m_due) {
        Turn& turn = m_turns[index];
        const Instant due = turn.next;
        turn.client->send();
        if (turn.spec->gap)
            scheduleNext(static_cast<ClientIndex>(index), due);
    }
}

void LabClients::cut(ClientIndex client)
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        if (client == noClient || raw(client) == index)
            m_turns[index].client->cut();
    }
}

void LabClients::setStickyName(const std::string& name)
{
    m_plan.stickyName = name;
    m_sticky = live::StickyFinder(name);
}

void LabClients::takeCookies(ClientIndex client)
{
    for (std::size_t index = 0; index < m_turns.size(); ++index) {
        if (client == noClient || raw(client) == index)
            m_turns[index].client->takeCookies();
    }
}

} // namespace stickyscope::lab
