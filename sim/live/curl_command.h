// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/target.h"

namespace stickyscope::live {

/// Reads a curl command line as a shell would split it (quotes, $'...', backslashes, line
/// continuations): the browser's "Copy as cURL", or one typed by hand. An option that is not
/// understood is an error that names it. Nothing is run, and no file is opened.
Outcome<Target> parseCurlCommand(std::string_view text);

} // namespace stickyscope::live
