// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/figures.h"

#include "ui/format.h"

#include <QObject>

#include <algorithm>

namespace stickyscope {

namespace {

// Whoever answers does not say who he is: then nobody can be seen to change.
bool namesNobody(const LaneResult& lane)
{
    return lane.answered > 0 && lane.unidentified == lane.answered;
}

} // namespace

std::vector<Figure> figuresOf(const Snapshot& snapshot)
{
    Figure met {
        QObject::tr("requests that met their session"),
        QObject::tr("Follow-up requests whose replica had the state of their session, of all "
                    "follow-up requests."),
        {},
        {},
        {}};
    Figure broken {
        QObject::tr("sessions broken"),
        QObject::tr(
            "Sessions whose state was gone when it was asked for, or whose server stopped."),
        {},
        {},
        {}};
    Figure busiest {
        QObject::tr("busiest server / mean"),
        QObject::tr(
            "Requests of the busiest server, divided by the mean of all: 1.00 is perfectly even."),
        {},
        {},
        {}};
    const auto& lanes = snapshot.lanes;
    const bool visible = std::all_of(lanes.begin(), lanes.end(), [](const LaneSnapshot& lane) {
        return lane.result.broken.has_value();
    });
    if (!visible) {
        met.title = QObject::tr("requests that stayed");
        met.explanation =
            QObject::tr("Follow-up requests that the same replica answered as before.");
        const bool named = std::none_of(lanes.begin(), lanes.end(), [](const LaneSnapshot& lane) {
            return namesNobody(lane.result);
        });
        broken.title = named ? QObject::tr("switches to another server")
                             : QObject::tr("switches to another server: not visible");
        broken.explanation =
            QObject::tr("Follow-up requests that another replica answered. Whether a "
                        "session broke is not visible here.");
    }
    for (const LaneSnapshot& lane : lanes) {
        met.values << asPercent(visible ? lane.result.met : lane.result.stickiness);
        if (visible)
            broken.values << asCount(*lane.result.sessionsLost);
        else
            broken.values << (namesNobody(lane.result) ? QObject::tr("–")
                                                       : asCount(lane.result.switches));
        std::optional<double> ratio;
        if (lane.result.imbalance)
            ratio = lane.result.imbalance->busiestOverMean;
        busiest.values << asRatio(ratio);
    }
    const bool failures = std::any_of(lanes.begin(), lanes.end(), [](const LaneSnapshot& lane) {
        return lane.result.failed + lane.result.errors > 0;
    });
    if (!failures)
        return {met, broken, busiest};
    // A request that fails is no follow-up: "100 %" may be of very few.
    met.noteEnds = QObject::tr(" answered");
    met.explanation += QObject::tr(" Requests that failed are not among them.");
    Figure failed {
        QObject::tr("failed requests"),
        QObject::tr("Requests without an answer, or with an error for one (status 500 or more)."),
        {},
        {},
        {}};
    for (const LaneSnapshot& lane : lanes) {
        met.notes << QObject::tr("of %1").arg(asCount(lane.result.followUps));
        failed.values << asCount(lane.result.failed + lane.result.errors);
        failed.notes << QObject::tr("of %1").arg(asCount(lane.result.requests));
    }
    return {met, failed, broken, busiest};
}

} // namespace stickyscope
