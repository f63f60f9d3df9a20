// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/comparison_words.h"

#include "ui/format.h"

#include <QObject>

#include <cmath>

namespace stickyscope {

namespace {

bool areOffAndOn(const LaneResult& first, const LaneResult& second)
{
    return first.name == "off" && !first.sticky && second.name == "on" && second.sticky;
}

// "with sticky cookies", or "in “mended”".
QString settingOf(const LaneResult& lane, bool offAndOn)
{
    if (!offAndOn)
        return QObject::tr("in “%1”").arg(fromCore(lane.name));
    return lane.sticky ? QObject::tr("with sticky cookies") : QObject::tr("without");
}

bool anyFailed(const LaneResult& first, const LaneResult& second)
{
    return first.failed + first.errors + second.failed + second.errors > 0;
}

// As besides() in sim/experiment/comparison.cpp.
QString besides(const LaneResult& first, const LaneResult& second, const QString& before,
                const QString& after)
{
    constexpr double worthSaying = 0.5;
    QString words;
    if (anyFailed(first, second))
        words += QObject::tr(" Failed requests: %1 of %2 %3, %4 of %5 %6.")
                     .arg(asCount(second.failed + second.errors), asCount(second.requests), after,
                          asCount(first.failed + first.errors), asCount(first.requests), before);
    if (first.imbalance && second.imbalance
        && std::abs(first.imbalance->busiestOverMean - second.imbalance->busiestOverMean)
            >= worthSaying)
        words += QObject::tr(" The busiest server had %1 times the mean %2, %3 times %4.")
                     .arg(asRatio(second.imbalance->busiestOverMean), after,
                          asRatio(first.imbalance->busiestOverMean), before);
    return words;
}

} // namespace

QString comparisonInWords(const Snapshot& snapshot)
{
    const auto& comparison = snapshot.result.comparison;
    if (!comparison)
        return {};
    if (comparison->agreement || snapshot.lanes.size() < 2)
        return fromCore(comparison->sentence);
    const LaneResult& first = snapshot.lanes[0].result;
    const LaneResult& second = snapshot.lanes[1].result;
    if (!first.stickiness || !second.stickiness)
        return fromCore(comparison->sentence);
    const bool offAndOn = areOffAndOn(first, second);
    const QString before = settingOf(first, offAndOn);
    const QString after = settingOf(second, offAndOn);
    // A request that fails is no follow-up: the share of these says nothing about it.
    const QString followUps = anyFailed(first, second)
        ? QObject::tr("the follow-up requests that were answered")
        : QObject::tr("the follow-up requests");
    const bool sessions = first.met && second.met && first.sessionsLost && second.sessionsLost;
    if (!sessions)
        return asSentence(QObject::tr("%1, %2 of %5 stayed with their server; %3, %4.")
                              .arg(after, asPercent(second.stickiness), before,
                                   asPercent(first.stickiness), followUps)
                          + besides(first, second, before, after));
    QString words =
        QObject::tr("%1, %2 of %7 met their session; %3, %4. "
                    "Sessions lost: %5 %1, %6 %3.")
            .arg(after, asPercent(second.met), before, asPercent(first.met),
                 asCount(*second.sessionsLost), asCount(*first.sessionsLost), followUps);
    if (first.sessionsLostByStop + second.sessionsLostByStop > 0)
        words += QObject::tr(" Of these, because a server stopped: %1 %2, %3 %4.")
                     .arg(asCount(second.sessionsLostByStop), after,
                          asCount(first.sessionsLostByStop), before);
    return asSentence(words + besides(first, second, before, after));
}

} // namespace stickyscope
