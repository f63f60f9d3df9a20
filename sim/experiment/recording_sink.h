// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"
#include "sim/model/intervention.h"
#include "sim/model/observation.h"
#include "sim/model/text_table.h"
#include "sim/model/world.h"

#include <span>

namespace stickyscope {

/// Takes down what happens in an experiment, as it happens. Called by the experiment, on its
/// thread. Clients and texts keep their numbers and names, and more may be added; replicas may
/// also be renamed.
class RecordingSink
{
public:
    virtual ~RecordingSink() = default;

    /// What happened in a lane next. Without observations before anything has, and after a
    /// replica was renamed, so that the names are known.
    virtual void observed(std::size_t lane, std::span<const Observation> observations,
                          const Cast& cast, const TextTable& texts) = 0;
    /// Somebody did this by hand.
    virtual void intervened(Instant at, const Intervention& intervention) = 0;
    /// Every lane has been observed up to and including `now`.
    virtual void reached(Instant now) = 0;
};

} // namespace stickyscope
