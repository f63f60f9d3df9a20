// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"round-robin", "round-robin"}, {"random", "random"}}};
constexpr Rule picked {"It does not remember: each request is placed anew.",
                       "a balancer without cookies"};
constexpr Rule gaveUp {"The server did not take the request, and it is not tried elsewhere.",
                       "by definition"};
constexpr Rule onceMore {"The server broke the connection before its answer: a request that may be "
                         "repeated is sent to another one, once.",
                         "RFC 9110 9.2.2"};

OnFailure failed(const BalancerSpec&, const Attempt& attempt)
{
    if (attempt.fault == Fault::reset && attempt.number == 0)
        return {.action = OnFailure::Action::another, .rule = &onceMore};
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &gaveUp};
}

} // namespace

constexpr Product plain {.id = "plain",
                         .title = "Plain balancer",
                         .follows = "no product: the textbook's",
                         .source = "by definition",
                         .algorithms = algorithmNames,
                         .isProduct = false,
                         .picked = &picked,
                         .failed = failed};

} // namespace stickyscope
