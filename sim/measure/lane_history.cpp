// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/lane_history.h"

#include <algorithm>

namespace stickyscope {

namespace {

// The newest marks are the ones that a time axis has room for.
constexpr std::size_t mostMarks = 200;

std::string wordsFor(const Observation& mark, const Cast& cast)
{
    const std::size_t index = raw(mark.replica);
    const std::string name = index < cast.replicas.size() ? cast.replicas[index] : "a server";
    switch (mark.kind) {
    case ObservationKind::replicaStopped:
        return name + " stopped";
    case ObservationKind::replicaStarted:
        return name + " started";
    case ObservationKind::replicaDraining:
        return name + " draining";
    case ObservationKind::rollingUpdate:
        return "rolling update";
    default:
        return {};
    }
}

void countOne(std::vector<std::uint32_t>& counts, ReplicaIndex replica)
{
    if (replica == noReplica)
        return;
    if (raw(replica) >= counts.size())
        counts.resize(raw(replica) + 1);
    ++counts[raw(replica)];
}

} // namespace

LaneHistory::LaneHistory(Duration expected)
    : m_width(std::max<Duration>(std::chrono::milliseconds(1), expected / 240))
    , m_share(m_width)
    , m_timeline(m_width)
{
}

ClientPicture* LaneHistory::client(ClientIndex index)
{
    if (raw(index) >= mostClients)
        return nullptr;
    while (raw(index) >= m_clients.size())
        m_clients.emplace_back();
    return &m_clients[raw(index)];
}

std::vector<Flight>& LaneHistory::flightsOf(ClientIndex index)
{
    if (raw(index) >= m_flights.size())
        m_flights.resize(raw(index) + 1);
    return m_flights[raw(index)];
}

ReplicaPicture& LaneHistory::replica(ReplicaIndex index)
{
    if (raw(index) >= m_replicas.size())
        m_replicas.resize(raw(index) + 1);
    return m_replicas[raw(index)];
}

void LaneHistory::observe(std::span<const Observation> observations)
{
    for (const Observation& observation : observations)
        take(observation);
}

void LaneHistory::take(const Observation& observation)
{
    switch (observation.kind) {
    case ObservationKind::sent:
    case ObservationKind::placed:
    case ObservationKind::served:
        return flies(observation);
    case ObservationKind::answered:
    case ObservationKind::failed:
        return ended(observation);
    case ObservationKind::opened:
        if (observation.replica != noReplica)
            ++replica(observation.replica).openConnections;
        if (ClientPicture* one = client(observation.client))
            one->connected = observation.replica;
        return;
    case ObservationKind::closed:
        if (observation.replica != noReplica)
            --replica(observation.replica).openConnections;
        if (ClientPicture* one = client(observation.client)) {
            one->connected = noReplica;
            one->closed = {observation.status, observation.rule};
        }
        return;
    case ObservationKind::replicaStopped:
    case ObservationKind::replicaStarted:
    case ObservationKind::replicaDraining:
    case ObservationKind::noticedDown:
    case ObservationKind::noticedUp:
        return replicaChanged(observation);
    case ObservationKind::rollingUpdate:
        ++m_updates;
        return addMark(observation);
    case ObservationKind::rollingUpdateEnds:
        m_updates = std::max(m_updates - 1, 0);
        return;
    case ObservationKind::message:
    case ObservationKind::sessionLost:
        return;
    }
}

void LaneHistory::replicaChanged(const Observation& observation)
{
    ReplicaPicture& picture = replica(observation.replica);
    switch (observation.kind) {
    case ObservationKind::replicaStopped:
        picture.state = ReplicaState::stopped;
        break;
    case ObservationKind::replicaStarted:
        picture.state = ReplicaState::running;
        break;
    case ObservationKind::replicaDraining:
        picture.state = ReplicaState::draining;
        break;
    case ObservationKind::noticedDown:
        picture.noticedDown = true;
        return;
    default:
        picture.noticedDown = false;
        return;
    }
    // What happens to servers during a rolling update is that one mark.
    if (m_updates == 0)
        addMark(observation);
}

void LaneHistory::addMark(const Observation& observation)
{
    m_marks.push_back(observation);
    if (m_marks.size() > mostMarks)
        m_marks.erase(m_marks.begin());
}

void LaneHistory::flies(const Observation& observation)
{
    if (observation.client == noClient)
        return;
    std::vector<Flight>& flights = flightsOf(observation.client);
    auto flight = std::find_if(flights.begin(), flights.end(), [&](const Flight& flying) {
        return flying.ordinal == observation.ordinal;
    });
    if (flight == flights.end())
        flight = flights.insert(flights.end(),
                                {.client = observation.client, .ordinal = observation.ordinal});
    if (observation.kind == ObservationKind::sent)
        asks(*flight, observation);
    if (observation.kind == ObservationKind::placed && observation.replica == noReplica)
        return flight->via.push_back(static_cast<std::uint8_t>(observation.status - 1));
    leaves(*flight); // a retry leaves the replica that failed
    if (observation.kind == ObservationKind::placed)
        ++replica(observation.replica).inService;
    flight->since = observation.at;
    flight->lasts = observation.value;
    flight->pointsTo = observation.pointsTo;
    flight->replica = observation.replica;
    flight->cookieIn = observation.cookieIn;
    flight->rule = observation.rule;
    flight->failed = observation.failure != Failure::none;
    flight->leg = observation.kind == ObservationKind::sent ? Flight::Leg::toBalancer
        : observation.kind == ObservationKind::placed       ? Flight::Leg::toReplica
                                                            : Flight::Leg::back;
}

// Where there are several balancers, the status says which one it asks, counted from 1.
void LaneHistory::asks(Flight& flight, const Observation& sent)
{
    if (sent.status == 0)
        return;
    const auto balancer = static_cast<std::uint8_t>(sent.status - 1);
    flight.via.assign(1, balancer);
    ClientPicture* one = client(sent.client);
    if (!one)
        return;
    auto& asked = one->asked;
    const auto place = std::lower_bound(asked.begin(), asked.end(), balancer);
    if (place == asked.end() || *place != balancer)
        asked.insert(place, balancer);
}

void LaneHistory::leaves(const Flight& flight)
{
    if (flight.leg == Flight::Leg::toReplica && flight.replica != noReplica)
        --replica(flight.replica).inService;
}

void LaneHistory::ended(const Observation& observation)
{
    const bool failed = observation.kind == ObservationKind::failed;
    ShareCell& share = m_share.at(observation.at);
    const bool error = !failed && isServerError(observation.status);
    share.failed += failed ? 1 : 0;
    countOne(failed ? share.failedAt : share.answered, observation.replica);
    if (error && observation.replica == noReplica)
        ++share.strayErrors;
    else if (error)
        countOne(share.errors, observation.replica);
    if (observation.client == noClient)
        return;
    ClientPicture* one = client(observation.client);
    std::erase_if(flightsOf(observation.client), [&](const Flight& flying) {
        if (flying.ordinal != observation.ordinal)
            return false;
        if (one)
            one->via = flying.via;
        leaves(flying);
        return true;
    });
    if (!one)
        return;
    const bool broken = observation.session == SessionMark::broken;
    const ReplicaIndex by = failed ? noReplica : observation.replica;
    TimelineColumn& column = m_timeline.at(observation.at);
    if (raw(observation.client) >= column.size())
        column.resize(raw(observation.client) + 1);
    column[raw(observation.client)].merge({by, broken, failed || error, failed || error});
    auto& trail = one->trail;
    if (trail.size() == ClientPicture::longestTrail)
        trail.erase(trail.begin());
    trail.push_back({.replica = by,
                     .broken = broken,
                     .failed = failed,
                     .ordinal = observation.ordinal,
                     .latency = observation.value,
                     .rule = observation.rule,
                     .pointsTo = observation.pointsTo,
                     .status = observation.status,
                     .ledger = observation.ledger,
                     .cookieOut = observation.cookieOut,
                     .failure = observation.failure});
    // What came in tells whose cookie the client has, though it be another's than who answers.
    if (observation.pointsTo != noReplica)
        one->cookie = observation.pointsTo;
    if (observation.cookieOut == CookieOut::deleted || observation.cookieOut == CookieOut::notKept)
        one->cookie = noReplica;
    else if (observation.cookieOut != CookieOut::none)
        one->cookie = observation.replica;
}

void LaneHistory::writeTo(LaneSnapshot& snapshot, const Cast& cast, const TextTable& texts) const
{
    snapshot.shareWidth = m_share.width();
    snapshot.share = m_share.cells();
    snapshot.timelineWidth = m_timeline.width();
    snapshot.timeline = m_timeline.cells();
    snapshot.replicas = m_replicas;
    snapshot.replicas.resize(cast.replicas.size());
    snapshot.clients = m_clients;
    for (const std::vector<Flight>& flights : m_flights)
        snapshot.flights.insert(snapshot.flights.end(), flights.begin(), flights.end());
    snapshot.clients.resize(std::min(cast.clients.size(), mostClients));
    for (const Observation& mark : m_marks)
        snapshot.marks.push_back({mark.at, wordsFor(mark, cast)});
    const auto need = [&](TextId text) {
        if (raw(text) >= snapshot.rules.size())
            snapshot.rules.resize(raw(text) + 1);
        snapshot.rules[raw(text)] = texts.text(text);
    };
    for (const Flight& flight : snapshot.flights)
        need(flight.rule);
    for (const ClientPicture& client : snapshot.clients) {
        need(client.closed.second);
        for (const TrailCell& answer : client.trail)
            need(answer.rule);
    }
}

} // namespace stickyscope
