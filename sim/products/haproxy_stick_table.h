// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>

// HAProxy's other way to be sticky: a table within it, and no cookie of its own.
namespace stickyscope {

/// `stick on src`, or the application's session, learnt from its answers by its cookie or by a
/// header
/// (`stick store-response res.cook` or `res.hdr`, `stick match req.cook` or `req.hdr`), for a
/// balancer whose `sticky` is there. The
/// table is that of one process: a reload begins with an empty one (configuration.txt,
/// stick-table; stream.c, process_sticking_rules).
std::unique_ptr<StickyPolicy> makeHaproxyStickTable(const BalancerSpec& balancer);

} // namespace stickyscope
