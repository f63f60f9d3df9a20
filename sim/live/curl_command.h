// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/target.h"

#include <string>
#include <vector>

namespace stickyscope::live {

/// One of curl's options by its long name, without the dashes; "url" is the address.
struct CurlOption
{
    std::string name;
    std::string value; ///< empty for those that take none

    bool operator==(const CurlOption&) const = default;
};

/// Reads a curl command line as a shell would split it (quotes, $'...', backslashes, line
/// continuations): the browser's "Copy as cURL", or one typed by hand. An option that is not
/// understood is an error that names it. Nothing is run, and no file is opened.
Outcome<Target> parseCurlCommand(std::string_view text);

/// The same in two steps, for who shows the options.
Outcome<std::vector<CurlOption>> curlOptions(std::string_view text);
Outcome<Target> targetOf(const std::vector<CurlOption>& options);
/// And back: a line that can be pasted into a shell.
std::string curlCommand(const std::vector<CurlOption>& options);

} // namespace stickyscope::live
