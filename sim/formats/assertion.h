// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stickyscope {

/// A condition on a result, such as "on.stickiness >= 0.99" or "on.replicas.server-1.share < 0.5".
/// It names a lane and then a key of the JSON document; without a lane it must hold in every one.
class Assertion
{
public:
    /// Understands <, <=, >, >=, == and != with a number on the right.
    static Outcome<Assertion> parse(std::string_view text);

    /// What came of it.
    struct Finding
    {
        enum class Kind : std::uint8_t
        {
            holds,
            fails, ///< also where the lane has no value yet
            namesNothing, ///< no lane, or no number of a lane, is called so: wrong use
        };
        Kind kind = Kind::holds;
        std::string sentence; ///< for the user, with the value that was found; empty where it holds
    };
    /// `json` is a document of toJson(). What a document leaves out because there is none of it
    /// ("failures.timed-out") is 0.
    Finding check(const std::string& json) const;

private:
    Finding findingOf(Finding::Kind kind, const std::string& what) const;

    std::string m_text;
    std::string m_path;
    std::string m_operator;
    double m_bound = 0;
};

} // namespace stickyscope
