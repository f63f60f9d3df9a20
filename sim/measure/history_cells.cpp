// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How stretches of time are put together when their series is halved.
#include "sim/model/snapshot.h"

namespace stickyscope {

namespace {

void addUp(std::vector<std::uint32_t>& counts, const std::vector<std::uint32_t>& more)
{
    if (more.size() > counts.size())
        counts.resize(more.size());
    for (std::size_t index = 0; index < more.size(); ++index)
        counts[index] += more[index];
}

} // namespace

void ShareCell::merge(const ShareCell& later)
{
    addUp(answered, later.answered);
    addUp(errors, later.errors);
    addUp(failedAt, later.failedAt);
    failed += later.failed;
    strayErrors += later.strayErrors;
}

void TimelineCell::merge(const TimelineCell& later)
{
    if (later.replica != noReplica || later.failed)
        endsFailed = later.endsFailed;
    if (later.replica != noReplica)
        replica = later.replica;
    broken = broken || later.broken;
    failed = failed || later.failed;
}

void TimelineColumn::merge(const TimelineColumn& later)
{
    if (later.size() > size())
        resize(later.size());
    for (std::size_t index = 0; index < later.size(); ++index)
        (*this)[index].merge(later[index]);
}

} // namespace stickyscope
