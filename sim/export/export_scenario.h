// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/export/config_format.h"
#include "sim/model/outcome.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

struct Product;

/// A product and one of its formats.
struct ExportTarget
{
    const Product* product = nullptr;
    const ConfigFormat* format = nullptr;
};

/// By a product's id (its first format) or a format's id; empty where there is none.
std::optional<ExportTarget> findExportTarget(std::string_view name);
/// traefik, compose, haproxy and so on: what can be asked for.
std::vector<std::string_view> exportTargets();

struct ExportedFile
{
    std::string name;
    std::string text;
};

struct Exported
{
    std::vector<ExportedFile> files;
    std::vector<std::string> notes; ///< stand in the first file's comments too
};

/// Takes a template's name, and gives its text.
using TemplateSource = Outcome<std::string> (*)(std::string_view name);
/// The templates that were compiled in.
Outcome<std::string> shippedTemplate(std::string_view name);

/// Gives the balancer another product. One line for each thing that this has no word for.
std::vector<std::string> translate(BalancerSpec& balancer, const Product& product);

/// Writes the configuration of a real balancer that does what the scenario's does. The balancer is
/// given, so that it can be a lane's; one of another product is translated. What cannot be said
/// there is in the notes; an error is one line.
Outcome<Exported> exportScenario(const Scenario& scenario, const BalancerSpec& balancer,
                                 const ExportTarget& target, const ExportSite& site = {},
                                 TemplateSource templates = shippedTemplate);

} // namespace stickyscope
