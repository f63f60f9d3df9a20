// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/lab_lane.h"

#include "sim/http/client_site.h"
#include "sim/lab/cache_in_front.h"
#include "sim/lab/replica_page.h"

#include <algorithm>
#include <utility>

namespace stickyscope::lab {

namespace {

Backend backendOf(const ReplicaSpec& spec, const std::string& address)
{
    return {viewOf(spec, address)};
}

std::vector<std::string> namesOf(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const ReplicaSpec& replica : scenario.replicas)
        names.push_back(replica.name);
    return names;
}

std::vector<std::string> namesOf(const std::vector<CastBalancer>& balancers)
{
    std::vector<std::string> names;
    names.reserve(balancers.size());
    for (const CastBalancer& balancer : balancers)
        names.push_back(balancer.name);
    return names;
}

// Each path that is asked for.
std::vector<std::string> pagesOf(const Scenario& scenario)
{
    std::vector<std::string> pages;
    for (const ClientSpec& group : scenario.clients) {
        for (const http::Url& url : http::urlsOf(group, scenario))
            pages.push_back(url.path);
    }
    return pages;
}

} // namespace

LabLane::LabLane(Terms terms, live::LiveQueue& queue)
    : m_terms(std::move(terms))
    , m_queue(queue)
    , m_recorder(*m_terms.scenario, m_terms.lane, queue, [this] { return m_now; },
                 {.decisions = !m_terms.cast.program,
                  .sessions = !m_terms.cast.theirs,
                  .balancers = m_terms.balancers})
    , m_join(namesOf(*m_terms.scenario),
             {.balancer = !m_terms.cast.program,
              .replicas = !m_terms.cast.theirs,
              .balancers = namesOf(m_terms.balancers)})
    , m_balancers(balancersOf(*m_terms.scenario, m_terms.scenario->lanes[raw(m_terms.lane)]))
{
}

void LabLane::addReplica(std::size_t place)
{
    const Scenario& scenario = *m_terms.scenario;
    m_lives.emplace_back();
    if (m_terms.cast.theirs) {
        m_replicas.push_back(nullptr);
        return;
    }
    ReplicaMake make {.spec = scenario.replicas[place],
                      .seed = scenario.seed,
                      .sessionCookie = scenario.sessionCookie,
                      .sessionRoute = scenario.sessionRoute,
                      .pathCookies = scenario.pathCookies,
                      .pages = pagesOf(scenario),
                      .cacheable = scenario.cache == CacheCookies::store,
                      .colour = colourOf(place),
                      .limits = m_terms.replicaLimits,
                      .checksWait = m_balancers.front().healthCheck
                          && m_balancers.front().healthCheck->timeout,
                      .clock = [this] { return m_now; }};
    auto server = std::make_unique<ReplicaServer>(std::move(make), nullptr);
    const auto index = static_cast<ReplicaIndex>(place);
    // What comes past the balancer is not the lane's.
    server->setNoted([this, index](const ReplicaEvent& event) {
        m_guest = event.direct ? std::string() : m_recorder.noted(index, event);
    });
    server->setAnswered([this, index](const std::string& id, ClientIndex client,
                                      std::uint32_t ordinal, bool direct) {
        if (direct)
            m_join.passedBy();
        else
            m_join.replicaAnswered(index, id, client, ordinal);
    });
    // A program's own log is its own: the replicas tell who came.
    if (m_terms.cast.program && m_terms.log)
        server->setLines([this, index](const ReplicaLine& line) { log(index, line); });
    m_replicas.push_back(std::move(server));
}

std::string LabLane::addressOf(std::size_t place) const
{
    return m_terms.cast.theirs ? m_terms.scenario->replicas[place].address
                               : "127.0.0.1:" + std::to_string(m_replicas[place]->port());
}

std::string LabLane::listen()
{
    const auto& replicas = m_terms.scenario->replicas;
    for (std::size_t place = 0; place < replicas.size(); ++place) {
        addReplica(place);
        ReplicaServer* server = m_replicas[place].get();
        if (auto error = server ? server->listenOnLoopback(0) : std::string(); !error.empty())
            return error;
        m_joined += replicas[place].joins == Duration::zero() ? 1 : 0;
    }
    tellConditions();
    return {};
}

Scenario LabLane::scenarioForProgram() const
{
    Scenario scenario = *m_terms.scenario;
    scenario.balancer = m_balancers.front();
    scenario.replicas.resize(m_joined);
    for (std::size_t place = 0; place < m_joined; ++place)
        scenario.replicas[place].address = addressOf(place);
    return scenario;
}

std::string LabLane::begin(std::unique_ptr<LabBalancer> program)
{
    if (program) {
        m_balancer = std::move(program);
        m_doors.plain = m_balancer->port();
        addClients(std::string(Dispatcher(m_balancers.front(), {}, Chance {}).cookieName()));
        return {};
    }
    if (auto error = beginOurs(); !error.empty())
        return error;
    addClients(std::string(m_ours->dispatcher().cookieName()));
    return {};
}

std::string LabLane::beginOurs()
{
    const Scenario& scenario = *m_terms.scenario;
    ProxySettings settings {.balancer = m_balancers.front(), .seed = scenario.seed};
    settings.limits = m_terms.limits;
    settings.behind.assign(m_balancers.begin() + 1, m_balancers.end());
    if (!scenario.routes.empty())
        settings.route = [kept = m_terms.scenario](const std::string& host, std::string_view path) {
            return routeOf(*kept, host, path);
        };
    if (scenario.cache != CacheCookies::pass)
        settings.cache = std::make_shared<CacheInFront>(scenario.cache);
    settings.wall = [this] { return wall(); };
    settings.waitsAsProduct = !m_terms.cast.theirs || m_balancers.front().answerTimeout;
    if (const auto& check = m_balancers.front().healthCheck; check && check->timeout)
        settings.check.timeout = std::chrono::ceil<std::chrono::milliseconds>(*check->timeout);
    // Somebody's own servers answer what clients ask, and a hung one is to be seen.
    settings.check.path = m_terms.cast.theirs ? scenario.clients.front().path : "/healthz";
    std::vector<Backend> backends;
    for (std::size_t place = 0; place < m_joined; ++place)
        backends.push_back(backendOf(scenario.replicas[place], addressOf(place)));
    auto ours = std::make_unique<BalancerProxy>(settings, backends, nullptr);
    if (const auto origin = http::parseUrl(scenario.origin))
        ours->setNetworkName(origin->host);
    ours->setWhose([this](const std::string& requestId) { return m_recorder.whose(requestId); });
    ours->setLog([this](const ProxyRecord& record) {
        log(record, m_recorder.decided(record));
        m_join.balancerEnded(record);
        noteTrouble(record.replica, record.answered ? std::string() : record.why);
    });
    ours->setNoticed([this](ReplicaIndex replica, bool up, const std::string& why) {
        m_recorder.noticed(replica, up);
        if (up || !why.empty())
            noteTrouble(replica, up ? std::string() : why);
    });
    if (m_terms.cast.theirs)
        ours->setSocketEnded([this](const std::string& id) { m_recorder.socketEnded(id); });
    if (auto error = openDoors(*ours); !error.empty())
        return error;
    m_ours = ours.get();
    m_balancer = std::move(ours);
    tellConditions();
    return {};
}

void LabLane::noteTrouble(ReplicaIndex replica, const std::string& why)
{
    if (!m_terms.cast.theirs || replica == noReplica)
        return;
    std::string& known = m_troubles[replica];
    if (known == why)
        return;
    known = why;
    std::string notice;
    for (const auto& [server, trouble] : m_troubles) {
        if (!trouble.empty())
            notice += (notice.empty() ? "" : " ") + trouble + ".";
    }
    m_recorder.setNotice(notice);
}

void LabLane::tellStickyName(const std::string& name)
{
    m_recorder.setStickyName(name);
    for (const auto& replica : m_replicas) {
        if (replica)
            replica->setStickyName(name);
    }
}

void LabLane::setProgramCounts(std::vector<std::optional<std::uint64_t>> counts)
{
    m_programCounts = std::move(counts);
}

Reconciliation LabLane::reconciled() const
{
    std::vector<std::size_t> open;
    open.reserve(m_replicas.size());
    for (const auto& replica : m_replicas)
        open.push_back(replica ? replica->webSockets() : 0);
    return m_join.reconciled(m_programCounts, open);
}

void LabLane::join()
{
    const Scenario& scenario = *m_terms.scenario;
    const std::size_t before = m_joined;
    for (; m_joined < m_replicas.size()
         && scenario.replicas[m_joined].joins <= m_now.time_since_epoch();
         ++m_joined) {
        m_balancer->add(backendOf(scenario.replicas[m_joined], addressOf(m_joined)));
        if (!m_lives[m_joined].stopped)
            m_recorder.replicaChanged(static_cast<ReplicaIndex>(m_joined),
                                      ObservationKind::replicaStarted);
    }
    if (m_joined > before)
        tellConditions();
}

// It may still run: the balancer alone is told.
void LabLane::leave()
{
    for (std::size_t place = 0; place < m_joined; ++place) {
        const auto& leaves = m_terms.scenario->replicas[place].leaves;
        if (!leaves || m_now < Instant(*leaves) || std::exchange(m_lives[place].left, true))
            continue;
        m_balancer->remove(static_cast<ReplicaIndex>(place));
        m_recorder.replicaChanged(static_cast<ReplicaIndex>(place),
                                  ObservationKind::replicaDraining);
    }
}

// When the next replica joins or leaves, or something is done to it in a rolling update.
Instant LabLane::nextChange() const
{
    const std::vector<ReplicaSpec>& replicas = m_terms.scenario->replicas;
    Duration next = m_updateSteps.empty() ? Duration::max() : m_updateSteps.front().at;
    if (m_joined < m_replicas.size())
        next = std::min(next, replicas[m_joined].joins);
    for (std::size_t place = 0; place < m_joined; ++place) {
        if (replicas[place].leaves && !m_lives[place].left)
            next = std::min(next, *replicas[place].leaves);
    }
    return Instant(next);
}

void LabLane::tick(Instant now)
{
    if (nextChange() <= now)
        m_clients->catchUp();
    // Each at its own time, however long ago that was.
    for (Instant next = nextChange(); next <= now; next = nextChange()) {
        m_now = std::max(m_now, next);
        endFaultsDue();
        join();
        leave();
        updateStepsDue();
    }
    m_now = std::max(m_now, now);
    endFaultsDue();
    m_clients->tick();
    m_recorder.giveUpWaiting();
}

} // namespace stickyscope::lab
