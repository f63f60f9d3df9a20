// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/products/product.h"

#include <string_view>

namespace stickyscope {

/// What an algorithm hashes of a request, as it stands there, decoded by nobody: where the product
/// has no way of its own (HashKey::read), the first header, parameter or cookie of the name. Null
/// where there is none (an empty header or cookie is none; a parameter "name=" is there, and
/// empty), and for the client's address, which is not in the head. Lives as long as the head.
std::string_view hashedPart(const HashKey& key, const http::RequestHead& request);

} // namespace stickyscope
