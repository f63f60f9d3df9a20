// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/open_files.h"

#include "sim/wire/stream.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <sys/resource.h>

namespace stickyscope::lab {

namespace {

// Listeners, active checks, and what the system's libraries open for a moment.
constexpr std::size_t beside = 16;

std::size_t filesFor(std::size_t connections)
{
    return 2 * connections + turnedAwayAtOnce(connections) + beside;
}

} // namespace

std::size_t turnedAwayAtOnce(std::size_t connections)
{
    return std::clamp<std::size_t>(connections / 4, 4, 256);
}

std::string keepWithin(ProxyLimits& limits, std::size_t files)
{
    const std::size_t wanted = limits.connections;
    if (filesFor(wanted) <= files)
        return {};
    // The largest one that fits, as filesFor() grows with what it is asked for.
    std::size_t fits = 1;
    for (std::size_t above = wanted; above - fits > 1;) {
        const std::size_t middle = fits + (above - fits) / 2;
        (filesFor(middle) <= files ? fits : above) = middle;
    }
    limits.connections = fits;
    return "at most " + std::to_string(fits) + " connections at once, not " + std::to_string(wanted)
        + ": more files may not be open here (ulimit -Hn)";
}

std::size_t filesLeft()
{
    rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 0;
    std::error_code error;
    const std::filesystem::directory_iterator open("/proc/self/fd", error);
    auto count = static_cast<rlim_t>(std::distance(open, {}));
    if (error)
        count = wire::isOutOfFiles(error.value()) ? limit.rlim_cur : beside;
    return static_cast<std::size_t>(limit.rlim_cur - std::min(limit.rlim_cur, count));
}

} // namespace stickyscope::lab
