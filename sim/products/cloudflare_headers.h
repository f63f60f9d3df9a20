// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/settings.h"
#include "sim/products/sticky_policy.h"

#include <memory>

namespace stickyscope {

/// Cloudflare's session affinity by header: it remembers of each value of the header where its
/// requests go, for as long as they come, and sets no cookie.
std::unique_ptr<StickyPolicy> makeCloudflareHeaders(const Settings& given);

} // namespace stickyscope
