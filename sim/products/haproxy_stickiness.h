// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <memory>
#include <string>

// HAProxy's sticky cookie: inserted, rewritten or prefixed.
namespace stickyscope {

/// For a fresh request.
extern const Rule haproxyPicked;

/// Whether `force-persist`, the name of a header, makes the request keep to a server that is down.
bool forcesHaproxy(const std::string& header, const http::RequestHead& request);

/// For a balancer whose `sticky` is there (configuration.txt, `cookie`).
std::unique_ptr<StickyPolicy> makeHaproxyCookie(const BalancerSpec& balancer,
                                                const ReplicaSet& replicas);

} // namespace stickyscope
