// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"

#include <string_view>

namespace stickyscope::http {

/// What stands before the first comma of a list such as Connection's (RFC 9110 5.6.1), trimmed; it
/// is taken from `list`, with the comma.
std::string_view takeOption(std::string_view& list);

/// Whether a list in fields of this name has the option; letters may be of either case.
bool lists(const Fields& fields, std::string_view name, std::string_view option);

} // namespace stickyscope::http
