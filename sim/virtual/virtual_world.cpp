// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/virtual_world.h"

#include "sim/model/rolling_update.h"
#include "sim/products/balancer_title.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

std::shared_ptr<const Cast> castOf(const Scenario& scenario, const LaneSpec& lane)
{
    auto cast = std::make_shared<Cast>();
    for (const ReplicaSpec& replica : scenario.replicas)
        cast->replicas.push_back(replica.name);
    cast->clients = clientNames(scenario);
    for (const ClientSpec& group : scenario.clients)
        cast->clientKinds.insert(cast->clientKinds.end(), static_cast<std::size_t>(group.count),
                                 std::string(nameOf(group.kind)));
    cast->balancer = balancerTitle(scenario, lane);
    return cast;
}

std::shared_ptr<const std::vector<http::Url>> urlsOf(const Scenario& scenario)
{
    auto urls = std::make_shared<std::vector<http::Url>>();
    for (const ClientSpec& group : scenario.clients) {
        const auto asked = http::urlsOf(group, scenario);
        urls->insert(urls->end(), asked.begin(), asked.end());
    }
    return urls;
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
    : m_scenario(asPlayed(scenarioOf(scenario, lane)))
    , m_cast(castOf(*m_scenario, m_scenario->lanes[raw(lane)]))
    , m_urls(urlsOf(*m_scenario))
    , m_sources(sourcesOf(*m_scenario))
    , m_lane(lane)
    , m_chance {m_scenario->seed}
    , m_halfTravel(m_scenario->travel / 2)
    , m_perConnection(m_scenario->balancer.perConnection)
    , m_hasCache(m_scenario->cache != CacheCookies::pass)
    , m_applicationSpeaks(!m_scenario->sessionCookie.empty())
    , m_hasPathCookies(m_scenario->pathCookies > 0)
{
    m_replicas.reserve(m_scenario->replicas.size());
    for (const ReplicaSpec& spec : m_scenario->replicas)
        m_replicas.emplace_back(spec);
    addTiers();
    if (m_balancers.size() > 1) {
        auto cast = std::make_shared<Cast>(*m_cast);
        cast->balancers = castBalancers();
        m_cast = std::move(cast);
    }
    m_cached.assign(m_urls->size(), noText);
    for (const http::Url& url : *m_urls)
        m_pages.push_back(static_cast<std::size_t>(std::find(m_urls->begin(), m_urls->end(), url)
                                                   - m_urls->begin()));
    m_troubles.resize(m_replicas.size());
    populate(jars);
    for (std::uint32_t place = 0; place < m_replicas.size(); ++place) {
        for (const Intervention& fault : m_scenario->replicas[place].faults)
            startFault(static_cast<ReplicaIndex>(place), fault);
    }
    for (std::uint32_t entry = 0; entry < m_scenario->timeline.size(); ++entry)
        m_events.push(Instant(m_scenario->timeline[entry].at), EventKind::timeline, entry);
    for (std::uint32_t place = 0; place < m_scenario->replicas.size(); ++place) {
        const ReplicaSpec& replica = m_scenario->replicas[place];
        if (replica.joins > Duration::zero())
            m_events.push(Instant(replica.joins), EventKind::replicaJoins, place);
        if (replica.leaves)
            m_events.push(Instant(*replica.leaves), EventKind::replicaLeaves, place);
    }
    // Those side by side check in turn, not at once.
    for (std::uint32_t number = 0; number < m_balancers.size(); ++number) {
        const BalancerTier& tier = m_tiers[m_tierOf[number]];
        if (tier.spec.healthCheck)
            m_events.push(
                Instant(tier.spec.healthCheck->every * (number - tier.first) / tier.spec.count),
                EventKind::healthCheck, number);
    }
}

void VirtualWorld::populate(const std::vector<http::CookieJar>& jars)
{
    std::uint32_t resource = 0;
    for (std::uint32_t group = 0; group < m_scenario->clients.size(); ++group) {
        const ClientSpec& spec = m_scenario->clients[group];
        m_sites.push_back({http::siteOf(spec, (*m_urls)[resource])});
        m_sites.back().open = spec.isOpen();
        m_sites.back().given = http::givenCookies(spec);
        m_sites.back().firstClient = static_cast<std::uint32_t>(m_clients.size());
        const auto resources =
            static_cast<std::uint32_t>(std::max<std::size_t>(spec.paths.size(), 1));
        m_applicationSpeaks = m_applicationSpeaks || statusWithoutSession(spec.kind) != 200;
        const http::CookieJar given = group < jars.size() ? jars[group] : http::CookieJar {};
        if (spec.jar == JarKind::shared)
            m_jars.push_back(given);
        for (int number = 0; number < spec.count; ++number) {
            // Without a jar a cookie file is sent all the same, but nothing is learnt: curl -b
            // FILE.
            const bool sends =
                (spec.jar != JarKind::none || !given.cookies().empty()) && m_sites.back().cookies;
            if (sends && spec.jar != JarKind::shared)
                m_jars.push_back(given);
            const auto index = static_cast<ClientIndex>(m_clients.size());
            VirtualClient client;
            client.group = group;
            client.firstResource = resource;
            client.resources = resources;
            if (sends)
                client.jar = static_cast<std::uint32_t>(m_jars.size() - 1);
            m_clients.push_back(client);
            sendFirst(index);
        }
        resource += resources;
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
        return clientSends(static_cast<ClientIndex>(event.index), event.generation == 1);
    case EventKind::reachesBalancer:
        return reachesBalancer(event.index);
    case EventKind::triesAgain:
    case EventKind::triesElsewhere:
    case EventKind::triesAnew:
        return tryAgain(event.index, event.kind());
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
        return checkHealth(static_cast<std::uint8_t>(event.index));
    case EventKind::timeline:
        if (m_scenario->timeline[event.index].changed)
            return reload(m_scenario->timeline[event.index]);
        return apply(m_scenario->timeline[event.index].intervention);
    case EventKind::updateStep:
        return apply(m_updateSteps[event.index]);
    case EventKind::givesUp:
        return giveUp(event.index, m_requests[event.index].status);
    case EventKind::timesOut:
        if (m_requests[event.index].generation == event.generation)
            timesOut(event.index);
        return;
    case EventKind::faultEnds:
        return faultIsOver(static_cast<ReplicaIndex>(event.index), event.generation);
    case EventKind::waitEnds:
        if (m_requests[event.index].generation == event.generation)
            waitedInVain(event.index);
        return;
    case EventKind::placesAnew:
        return placeAnew(event.index);
    case EventKind::replicaJoins:
        return replicaJoins(static_cast<ReplicaIndex>(event.index));
    case EventKind::replicaLeaves:
        return replicaLeaves(static_cast<ReplicaIndex>(event.index));
    }
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
            .cookie = request.sentCookie,
            .rule = request.rule,
            .replica = request.replica,
            .pointsTo = request.pointsTo,
            .status = request.status,
            .kind = kind,
            .cookieIn = request.cookieIn,
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
