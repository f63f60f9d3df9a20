// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/parse.h"
#include "sim/lab/lab_world.h"

#include <chrono>
#include <string>
#include <vector>

namespace stickyscope::cli {

/// Whether other machines may ask a lab's balancers: asked for in person, never by a file.
struct NetworkOptions
{
    bool open = false;
    std::vector<std::string> addresses; ///< only these; empty: all private ones

    bool wanted() const { return open || !addresses.empty(); }
};

void addNetworkOptions(CLI::App& app, NetworkOptions& options);

/// Opens the balancers; by which URLs, for each lane. What is left out is said. One line where it
/// cannot be.
Outcome<lab::LabTraffic::LaneUrls> openToNetwork(const NetworkOptions& options,
                                                 lab::LabTraffic& traffic);

/// Says once, after half a minute in which no other machine has asked, what may be in the way.
class NobodyHint
{
public:
    NobodyHint(std::weak_ptr<lab::LabTraffic> traffic, lab::LabTraffic::LaneUrls urls)
        : m_traffic(std::move(traffic))
        , m_urls(std::move(urls))
    {
    }
    void look();

private:
    std::weak_ptr<lab::LabTraffic> m_traffic;
    lab::LabTraffic::LaneUrls m_urls; ///< empty: not open
    std::chrono::steady_clock::time_point m_opened = std::chrono::steady_clock::now();
    bool m_done = false;
};

} // namespace stickyscope::cli
