// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/shown_behind.h"

namespace stickyscope::live {

namespace {

// How long a dot takes to the balancer; what it really takes is not visible.
constexpr Duration shownTravel = std::chrono::milliseconds(150);

bool ends(const Observation& observation)
{
    return observation.kind == ObservationKind::answered
        || observation.kind == ObservationKind::failed;
}

bool isOnItsWay(const Observation& observation)
{
    return observation.kind == ObservationKind::placed
        || observation.kind == ObservationKind::served;
}

} // namespace

// Where answers are shown behind, all that follows from an answer is as well.
void ShownBehind::take(Observation observation, std::vector<Observation>& shown)
{
    // From one balancer to another it goes at once.
    const bool passedOn =
        observation.kind == ObservationKind::placed && observation.replica == noReplica;
    if (passedOn)
        shown.push_back(observation);
    if (isOnItsWay(observation))
        return;
    if (observation.kind == ObservationKind::sent) {
        observation.value = shownTravel;
        shown.push_back(observation);
        return;
    }
    if (ends(observation) && m_behind > Duration::zero()) {
        Observation way = observation;
        way.value = {};
        way.kind = ObservationKind::placed;
        if (observation.replica != noReplica)
            shown.push_back(way);
        way.value = m_behind;
        way.kind = ObservationKind::served;
        shown.push_back(way);
    }
    observation.at += m_behind;
    m_landing.push_back(observation);
}

void ShownBehind::land(Instant until, std::vector<Observation>& shown)
{
    for (; !m_landing.empty() && m_landing.front().at <= until; m_landing.pop_front())
        shown.push_back(m_landing.front());
}

} // namespace stickyscope::live
