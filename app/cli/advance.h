// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"

#include <functional>

namespace stickyscope::cli {

/// To the scenario's end as fast as it goes, or until Ctrl-C; shows how far it is.
void advanceToEnd(Experiment& experiment);

/// By the wall clock, with what happens on sockets, to the scenario's end or until Ctrl-C.
enum class ShowProgress : bool
{
    no,
    yes
};
/// `each` is called with every beat, and ends it by false; may be null.
void advanceWithClock(Experiment& experiment, ShowProgress showProgress,
                      const std::function<bool()>& each = {});

} // namespace stickyscope::cli
