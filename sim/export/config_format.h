// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/export/template.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// What somebody asked of one server while the balancer runs.
enum class ServerOrder : std::uint8_t
{
    ready,
    drain, ///< bound requests only
    stop, ///< none
};

/// Where an exported balancer stands: what a scenario does not say.
struct ExportSite
{
    std::string listen = "127.0.0.1"; ///< an address in numbers
    std::uint16_t port = 8000;
    std::uint16_t adminPort = 8001; ///< statistics and control, on loopback
    std::string healthPath = "/"; ///< what its checks ask for
    int version = 1; ///< of the files, which nginx's status page tells
    std::vector<ServerOrder> orders; ///< by replica; ready where there is none
};

/// One configuration while it is made: what a format's describe() reads and writes.
struct Draft
{
    const Scenario& scenario; ///< every replica has an address
    const BalancerSpec& balancer; ///< of the format's product
    const ExportSite& site;
    TemplateValues values {};
    std::vector<std::string> notes {}; ///< what of the scenario it cannot say; one line each
    bool isOwnProduct = false; ///< the scenario has it in this place already

    ServerOrder order(std::size_t replica) const
    {
        return replica < site.orders.size() ? site.orders[replica] : ServerOrder::ready;
    }
    const StickySpec* sticky() const { return balancer.sticky ? &*balancer.sticky : nullptr; }
    void note(std::string text) { notes.push_back(std::move(text)); }
    /// The note where `given` is true.
    void noteIf(bool given, std::string text)
    {
        if (given)
            note(std::move(text));
    }
};

/// One file of a configuration: its usual name, and its template in resources/balancers.
struct ConfigFile
{
    std::string_view name;
    std::string_view templateName;
};

/// One way in which a product is configured. A new one is a template, a describe() and a place in
/// its product's list.
struct ConfigFormat
{
    std::string_view id; ///< on the command line
    std::string_view title;
    std::span<const ConfigFile> files;
    bool addresses = true; ///< servers are written by address; else whoever runs them gives one
    /// Throws ExportError where the format cannot hold a text of the scenario.
    void (*describe)(Draft&);
};

// The formats of each product that has one; the first is the usual one.
std::span<const ConfigFormat> traefikFormats();
std::span<const ConfigFormat> haproxyFormats();
std::span<const ConfigFormat> nginxFormats();
std::span<const ConfigFormat> envoyFormats();
std::span<const ConfigFormat> caddyFormats();
std::span<const ConfigFormat> apacheFormats();
std::span<const ConfigFormat> ingressNginxFormats();
std::span<const ConfigFormat> gatewayApiFormats();

} // namespace stickyscope
