// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace stickyscope::lab {

/// Where one lane of a lab can be asked: "http://127.0.0.1:41235", or "https://127.0.0.1:41235".
struct LaneAddress
{
    std::string lane; ///< its name
    std::string balancer;
    std::string certificate {}; ///< its balancer's, in PEM, where it speaks TLS
    std::vector<std::string> replicas {}; ///< in the scenario's order
};

} // namespace stickyscope::lab
