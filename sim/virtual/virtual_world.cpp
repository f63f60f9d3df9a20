// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_world.h"

#include <utility>

namespace stickyscope {

namespace {

ReplicaSet viewOf(const Scenario& scenario)
{
    ReplicaSet set;
    for (const ReplicaSpec& replica : scenario.replicas) {
        // Made up where the file says nothing: the tenth address of a documentation network on.
        const std::string address = replica.address.empty()
            ? "192.0.2." + std::to_string(10 + set.size() % 240) + ":"
                + std::to_string(8000 + set.size() / 240)
            : replica.address;
        set.add({.name = replica.name,
                 .url = "http://" + address,
                 .route = replica.route,
                 .weight = replica.weight});
    }
    return set;
}

std::shared_ptr<const Cast> castOf(const Scenario& scenario, const BalancerSpec& balancer)
{
    auto cast = std::make_shared<Cast>();
    for (const ReplicaSpec& replica : scenario.replicas)
        cast->replicas.push_back(replica.name);
    cast->clients = clientNames(scenario);
    for (const ClientSpec& group : scenario.clients)
        cast->clientKinds.insert(cast->clientKinds.end(), static_cast<std::size_t>(group.count),
                                 std::string(nameOf(group.kind)));
    cast->balancer = findProduct(balancer.product)->title;
    return cast;
}

std::shared_ptr<const std::vector<http::Url>> urlsOf(const Scenario& scenario)
{
    auto urls = std::make_shared<std::vector<http::Url>>();
    const http::Url origin = http::parseUrl(scenario.origin).value_or(http::Url {});
    for (const ClientSpec& group : scenario.clients)
        urls->push_back(http::resolve(origin, group.path).value_or(origin));
    return urls;
}

std::vector<VirtualBalancer::Resource> resourcesOf(const std::vector<http::Url>& urls)
{
    std::vector<VirtualBalancer::Resource> resources;
    resources.reserve(urls.size());
    for (const http::Url& url : urls)
        resources.push_back({url.target(), url.secure()});
    return resources;
}

// Of a network that is set aside for benchmarks (RFC 2544), as large as the most clients.
std::string madeUpAddress(std::uint32_t client)
{
    const std::uint32_t number = client + 1;
    return "198." + std::to_string(18 + (number >> 16U)) + "."
        + std::to_string((number >> 8U) & 255U) + "." + std::to_string(number & 255U);
}

std::shared_ptr<const std::vector<std::string>> sourcesOf(const Scenario& scenario)
{
    auto sources = std::make_shared<std::vector<std::string>>();
    for (const ClientSpec& group : scenario.clients) {
        for (int number = 0; number < group.count; ++number)
            sources->push_back(group.source.empty()
                                   ? madeUpAddress(static_cast<std::uint32_t>(sources->size()))
                                   : group.source);
    }
    return sources;
}

} // namespace

VirtualWorld::VirtualWorld(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                           const std::vector<http::CookieJar>& jars)
    : m_scenario(scenarioOf(scenario, lane))
    , m_cast(castOf(*m_scenario, balancerOf(*m_scenario, m_scenario->lanes[raw(lane)])))
    , m_urls(urlsOf(*m_scenario))
    , m_sources(sourcesOf(*m_scenario))
    , m_lane(lane)
    , m_chance {m_scenario->seed}
    , m_halfTravel(m_scenario->travel / 2)
    , m_balancer(balancerOf(*m_scenario, m_scenario->lanes[raw(lane)]), viewOf(*m_scenario),
                 m_chance, resourcesOf(*m_urls))
{
    m_replicas.reserve(m_scenario->replicas.size());
    for (const ReplicaSpec& spec : m_scenario->replicas)
        m_replicas.emplace_back(spec);
    populate(jars);
    for (std::uint32_t entry = 0; entry < m_scenario->timeline.size(); ++entry)
        m_events.push(Instant(m_scenario->timeline[entry].at), EventKind::timeline, entry);
    if (m_balancer.checksHealth())
        m_events.push({}, EventKind::healthCheck, 0);
}

void VirtualWorld::populate(const std::vector<http::CookieJar>& jars)
{
    for (std::uint32_t group = 0; group < m_scenario->clients.size(); ++group) {
        const ClientSpec& spec = m_scenario->clients[group];
        const http::CookieJar given = group < jars.size() ? jars[group] : http::CookieJar {};
        if (spec.jar == JarKind::shared)
            m_jars.push_back(given);
        for (int number = 0; number < spec.count; ++number) {
            // Without a jar a cookie file is sent all the same, but nothing is learnt: curl -b
            // FILE.
            const bool sends = spec.jar != JarKind::none || !given.cookies().empty();
            if (sends && spec.jar != JarKind::shared)
                m_jars.push_back(given);
            const auto index = static_cast<ClientIndex>(m_clients.size());
            VirtualClient client;
            client.group = group;
            if (sends)
                client.jar = static_cast<std::uint32_t>(m_jars.size() - 1);
            m_clients.push_back(client);
            // Drawn, never in step: clients in lockstep look sticky without any cookie.
            const Distribution& pace = spec.gap ? *spec.gap : spec.thinkTime;
            Draw draw = m_chance.draw(index, 0, Purpose::firstMoment);
            Distribution first = pace;
            if (pace.shape == Distribution::Shape::constant)
                first = {.shape = Distribution::Shape::uniform, .most = pace.mean};
            m_events.push(Instant(first(draw)), EventKind::clientSends, raw(index));
        }
    }
}

void VirtualWorld::advance(Instant until, ObservationSink& sink)
{
    constexpr std::size_t batch = 1024;
    while (!m_events.empty() && m_events.top().at <= until) {
        const Event event = m_events.pop();
        m_now = event.at;
        handle(event);
        if (m_pending.size() >= batch) {
            sink.observe(m_pending);
            m_pending.clear();
        }
    }
    m_now = until;
    if (!m_pending.empty())
        sink.observe(m_pending);
    m_pending.clear();
}

void VirtualWorld::handle(const Event& event)
{
    switch (event.kind()) {
    case EventKind::clientSends:
        return clientSends(static_cast<ClientIndex>(event.index));
    case EventKind::reachesBalancer:
        return reachesBalancer(event.index);
    case EventKind::triesAgain:
        return forward(event.index);
    case EventKind::serviceEnds:
        if (m_requests[event.index].generation == event.generation)
            serviceEnds(event.index);
        return;
    case EventKind::reachesClient:
        return receive(event.index);
    case EventKind::messageAnswered:
        if (m_clients[event.index].connection == event.generation)
            messageAnswered(static_cast<ClientIndex>(event.index));
        return;
    case EventKind::connectionEnds:
        if (m_clients[event.index].connection == event.generation)
            closeConnection(static_cast<ClientIndex>(event.index), 1000);
        return;
    case EventKind::healthCheck:
        return checkHealth();
    case EventKind::timeline:
        return apply(m_scenario->timeline[event.index].intervention);
    }
}

void VirtualWorld::apply(const Intervention& intervention)
{
    const auto forEachClient = [&](auto&& act) {
        for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
            if (intervention.client == noClient || raw(intervention.client) == index)
                act(static_cast<ClientIndex>(index));
        }
    };
    switch (intervention.kind) {
    case Intervention::Kind::stopReplica:
        return stop(intervention.replica);
    case Intervention::Kind::startReplica:
        m_replicas[raw(intervention.replica)].start();
        m_balancer.setDraining(intervention.replica, false);
        return observeReplica(intervention.replica, ObservationKind::replicaStarted);
    case Intervention::Kind::drainReplica:
        m_balancer.setDraining(intervention.replica, true);
        return observeReplica(intervention.replica, ObservationKind::replicaDraining);
    case Intervention::Kind::takeCookies:
        return forEachClient([this](ClientIndex index) {
            if (const auto jar = m_clients[raw(index)].jar; jar != VirtualClient::noJar)
                m_jars[jar].clear();
        });
    case Intervention::Kind::cutConnections:
        return forEachClient([this](ClientIndex index) {
            if (m_clients[raw(index)].connected)
                closeConnection(index, 1006);
        });
    }
}

void VirtualWorld::checkHealth()
{
    for (std::size_t place = 0; place < m_replicas.size(); ++place) {
        const auto replica = static_cast<ReplicaIndex>(place);
        const bool good = m_replicas[place].running();
        if (m_balancer.checked(replica, good))
            observeReplica(replica,
                           good ? ObservationKind::noticedUp : ObservationKind::noticedDown);
    }
    m_events.push(m_now + m_scenario->balancer.healthCheck->every, EventKind::healthCheck, 0);
}

void VirtualWorld::stop(ReplicaIndex replica)
{
    VirtualReplica& stopped = m_replicas[raw(replica)];
    if (!stopped.running())
        return;
    observeReplica(replica, ObservationKind::replicaStopped);
    for (const RequestSlot slot : stopped.stop()) {
        ++m_requests[slot].generation;
        fault(slot, Fault::reset);
    }
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        if (m_clients[index].connected && m_clients[index].connectedTo == replica)
            closeConnection(static_cast<ClientIndex>(index), 1006);
    }
    if (stopped.sessions() == SessionStore::inMemory)
        loseSessionsOf(replica);
}

void VirtualWorld::loseSessionsOf(ReplicaIndex replica)
{
    for (std::uint32_t index = 0; index < m_clients.size(); ++index) {
        if (m_clients[index].holder == replica && !m_clients[index].sessionLost)
            loseSession(static_cast<ClientIndex>(index));
    }
}

void VirtualWorld::loseSession(ClientIndex index)
{
    VirtualClient& client = m_clients[raw(index)];
    client.sessionLost = true;
    Observation lost {.at = m_now, .client = index, .replica = client.holder};
    lost.kind = ObservationKind::sessionLost;
    lost.ledger = Ledger::down;
    observe(lost);
}

Instant VirtualWorld::nextEvent() const
{
    return m_events.empty() ? Instant::max() : m_events.top().at;
}

void VirtualWorld::observe(const Observation& observation)
{
    m_pending.push_back(observation);
    m_pending.back().lane = m_lane;
}

void VirtualWorld::observeReplica(ReplicaIndex replica, ObservationKind kind)
{
    Observation observation {.at = m_now, .replica = replica};
    observation.kind = kind;
    observe(observation);
}

Observation VirtualWorld::about(const VirtualRequest& request, ObservationKind kind) const
{
    return {.at = m_now,
            .ordinal = request.ordinal,
            .client = request.client,
            .cookie = request.cookie,
            .rule = request.rule,
            .replica = request.replica,
            .pointsTo = request.recall.names,
            .status = request.status,
            .kind = kind,
            .cookieIn = request.recall.state,
            .cookieOut = request.cookieOut,
            .ledger = request.ledger,
            .failure = request.failure};
}

RequestSlot VirtualWorld::takeSlot()
{
    if (m_freeSlots.empty()) {
        m_requests.emplace_back();
        return static_cast<RequestSlot>(m_requests.size() - 1);
    }
    const RequestSlot slot = m_freeSlots.back();
    m_freeSlots.pop_back();
    return slot;
}

} // namespace stickyscope
