// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::live {

/// The words of one command line, as a POSIX shell splits them: quotes, $'...', backslashes and
/// line continuations. Nothing is expanded and nothing is run; a pipe, a redirection or a second
/// command outside quotes is an error that names it.
Outcome<std::vector<std::string>> shellWords(std::string_view text);

} // namespace stickyscope::live
