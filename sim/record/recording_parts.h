// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/ids.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stickyscope::record {

/// What a recording is of.
struct Subject
{
    Scenario scenario;
    std::string world; ///< "virtual", "lab", "live", or modelAndLab
    std::vector<std::string> stickyCookies; ///< names of the cookies whose values may be kept
};

/// A text where it is first used at an end of a request, which says how to read it.
struct NewText
{
    enum class Role : std::uint8_t
    {
        rule,
        cookie, ///< a Cookie field
        setCookie
    };

    TextId id = noText;
    Role role = Role::rule;
    std::string text;
};

} // namespace stickyscope::record
