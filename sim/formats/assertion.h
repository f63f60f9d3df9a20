// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

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

    /// True where it holds; else a sentence with the value that was found. `json` is a document
    /// of toJson(). A null or missing value fails.
    Outcome<bool> check(const std::string& json) const;

private:
    std::string m_text;
    std::string m_path;
    std::string m_operator;
    double m_bound = 0;
};

} // namespace stickyscope
