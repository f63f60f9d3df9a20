// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What nearly every test includes: read once, it halves what a test's compilation costs.
#include "tests/support/scenarios.h"
#include "tests/support/sticky_trial.h"

#include <algorithm>
#include <array>
#include <doctest/doctest.h>
#include <map>
#include <set>
