// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/site_options.h"

#include "sim/http/url.h"

#include <charconv>

namespace stickyscope::cli {

Outcome<Scenario> ofLane(const Scenario& scenario, const std::string& name)
{
    if (name.empty())
        return scenario;
    std::string known;
    for (const LaneSpec& lane : scenario.lanes) {
        known.append(known.empty() ? "" : ", ").append(lane.name);
        if (lane.name != name)
            continue;
        Scenario result = lane.own ? *lane.own : scenario;
        result.balancer = balancerOf(result, lane);
        return result;
    }
    return Outcome<Scenario>::failure("--lane must be one of " + known + ", not " + name);
}

bool readListen(const std::string& text, int least, ExportSite& site)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return false;
    const std::string host = text.substr(0, colon);
    const std::string port = text.substr(colon + 1);
    int number = -1;
    std::from_chars(port.data(), port.data() + port.size(), number);
    if (!http::isIpAddress(host) || port != std::to_string(number) || number < least
        || number > 65535)
        return false;
    site.listen = host;
    site.port = static_cast<std::uint16_t>(number);
    return true;
}

} // namespace stickyscope::cli
