// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/network_hint.h"

#include "sim/http/url.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

std::string portsIn(const std::vector<std::string>& urls)
{
    std::vector<std::uint16_t> ports;
    for (const std::string& text : urls) {
        const auto url = http::parseUrl(text);
        if (url && std::find(ports.begin(), ports.end(), url->port) == ports.end())
            ports.push_back(url->port);
    }
    std::string list;
    for (const std::uint16_t port : ports)
        list += (list.empty() ? "" : ", ") + std::to_string(port);
    return list;
}

} // namespace

std::vector<std::string> whyNobodyComes(const std::vector<std::string>& urls)
{
    const std::string network = "Another network: the phone must be in the same Wi-Fi or network "
                                "as this computer, not on mobile data.";
    const std::string isolation = "Client isolation: guest and many office Wi-Fis keep their "
                                  "devices apart. Try a phone's hotspot with both in it, or "
                                  "another network.";
    return {
        "Nobody from another machine has come yet. What to try:",
        network,
        isolation,
        "A firewall on this computer: it must let TCP in at port " + portsIn(urls) + ".",
        "The address: it begins with http://, not https://, and ends with the port.",
    };
}

} // namespace stickyscope::lab
