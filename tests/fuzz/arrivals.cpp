// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Trace files: the times are in order, and a reason stands on one line.
#include "sim/formats/arrival_files.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto times = readArrivals(fuzz::textOf(data, size), "f");
    if (times)
        fuzz::require(std::is_sorted(times->begin(), times->end()));
    else
        fuzz::require(times.error().find('\n') == std::string::npos);
    return 0;
}
