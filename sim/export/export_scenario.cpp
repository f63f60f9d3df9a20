// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/export_scenario.h"

#include "sim/export/safe_text.h"
#include "sim/formats/time_text.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

struct Row
{
    const Product* product;
    std::span<const ConfigFormat> (*formats)();
};

// The products that have a configuration to write.
constexpr std::array<Row, 8> table {{{&traefik, traefikFormats},
                                     {&haproxy, haproxyFormats},
                                     {&nginx, nginxFormats},
                                     {&envoy, envoyFormats},
                                     {&caddy, caddyFormats},
                                     {&apache, apacheFormats},
                                     {&ingressNginx, ingressNginxFormats},
                                     {&gatewayApi, gatewayApiFormats}}};

// The same as in the model: the tenth address of a documentation network on.
std::string madeUpAddress(std::size_t place)
{
    return "192.0.2." + std::to_string(10 + place % 240) + ":" + std::to_string(8000 + place / 240);
}

Scenario withAddresses(const Scenario& scenario, const ConfigFormat& format,
                       std::vector<std::string>& notes)
{
    Scenario result = scenario;
    std::size_t madeUp = 0;
    for (std::size_t index = 0; index < result.replicas.size(); ++index) {
        ReplicaSpec& replica = result.replicas[index];
        if (!replica.address.empty())
            continue;
        ++madeUp;
        replica.address = madeUpAddress(index);
    }
    const bool none = madeUp == result.replicas.size();
    if (!format.addresses && !none)
        notes.emplace_back("servers have no fixed addresses here: the scenario's are left out");
    if (format.addresses && madeUp > 0)
        notes.push_back(std::string("the scenario does not give the addresses of ")
                        + (none ? "its" : "all") + " servers: those in 192.0.2.0/24 are made up");
    return result;
}

void noteLostAttributes(const StickySpec& before, const StickySpec& after, std::string_view title,
                        std::vector<std::string>& notes)
{
    const std::array<std::pair<std::string_view, bool>, 7> lost {{
        {"name", !before.cookie.empty() && after.cookie.empty()},
        {"path", before.path != after.path && before.path != "/"},
        {"domain", before.domain != after.domain},
        {"secure", before.secure != after.secure},
        {"http-only", before.httpOnly != after.httpOnly},
        {"same-site", before.sameSite != after.sameSite},
        {"max-age", before.maxAge != after.maxAge},
    }};
    for (const auto& [name, isLost] : lost) {
        if (isLost)
            notes.push_back("the sticky cookie's " + std::string(name) + " cannot be set in "
                            + std::string(title));
    }
}

void noteLostSettings(const Settings& before, const Settings& after, const Product& from,
                      const Product& to, std::vector<std::string>& notes)
{
    for (const auto& [key, value] : before) {
        if (!after.has(key))
            notes.push_back("the setting " + key + " of " + std::string(from.title)
                            + " has no counterpart in " + std::string(to.title));
    }
}

// Settings that no template has a line for.
constexpr std::array<std::string_view, 9> unwritten {
    "circuit-breaker",      "fallback-duration", "recovery-duration",
    "in-flight-req",        "max-requests",      "max-connections",
    "max-pending-requests", "max-retries",       "slow-start-window"};

void noteSurroundings(const Scenario& scenario, const BalancerSpec& balancer,
                      std::vector<std::string>& notes)
{
    if (!scenario.balancers.empty())
        notes.emplace_back("the scenario has further balancers behind or beside this one, which "
                           "are not part of this configuration");
    if (!balancer.zones.empty())
        notes.emplace_back("zones are not part of this configuration");
    for (const std::string_view key : unwritten) {
        if (balancer.settings.has(key))
            notes.push_back("the setting " + std::string(key)
                            + " is not written into this configuration");
    }
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (replica.leaves)
            notes.push_back(replica.name + " leaves after " + writeTime(*replica.leaves)
                            + " in the scenario: here it stays");
        if (replica.backup && balancer.product != haproxy.id && balancer.product != apache.id)
            notes.push_back(replica.name
                            + " is a backup in the scenario: here it is a server like "
                              "the others");
        if (replica.spare && balancer.product != apache.id)
            notes.push_back(replica.name
                            + " is a spare in the scenario: here it is a server like the others");
        if (!replica.redirect.empty() && balancer.product != apache.id)
            notes.push_back("the redirect of " + replica.name
                            + " is not written into this configuration");
    }
}

// The replicas that the balancer places on itself.
void keepOwnServers(Scenario& scenario, const BalancerSpec& balancer)
{
    const auto& own = balancer.servers;
    if (own.empty())
        return;
    std::erase_if(scenario.replicas, [&own](const ReplicaSpec& replica) {
        return std::find(own.begin(), own.end(), replica.name) == own.end();
    });
    if (scenario.replicas.empty())
        throw ExportError {"the balancer stands before further balancers alone, which are not part "
                           "of a configuration"};
}

// What no configuration of one balancer can say.
void noteCommon(const Scenario& scenario, const BalancerSpec& balancer,
                std::vector<std::string>& notes)
{
    noteSurroundings(scenario, balancer, notes);
    if (balancer.count > 1)
        notes.push_back("the scenario has " + std::to_string(balancer.count)
                        + " balancers side by side: this is one of them");
    if (balancer.perConnection)
        notes.emplace_back(
            "the scenario places connections, not requests: this configuration places "
            "each request");
    if (scenario.cache != CacheCookies::pass)
        notes.emplace_back("the cache in front of the balancers is not part of this configuration");
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (replica.joins > Duration::zero())
            notes.push_back(replica.name + " joins after " + writeTime(replica.joins)
                            + " in the scenario: here it is there from the beginning");
    }
}

void describeCommon(Draft& draft, std::string_view product)
{
    TemplateValues& values = draft.values;
    values.set("title", inComment(draft.scenario.title));
    values.set("product", std::string(product));
    values.set("listen", plainAddress(draft.site.listen + ":" + std::to_string(draft.site.port)));
    values.set("host", draft.site.listen);
    values.set("port", std::to_string(draft.site.port));
    values.set("version", std::to_string(draft.site.version));
    values.set("admin", std::to_string(draft.site.adminPort));
    for (const std::string& note : draft.notes)
        values.repeat("notes").set("note", inComment(note));
    values.showIf("notes", false);
}

// Which the product would refuse.
void noteLongRoutes(const Scenario& scenario, const BalancerSpec& balancer, const Product& product,
                    std::vector<std::string>& notes)
{
    for (const ReplicaSpec& replica : scenario.replicas) {
        if (balancer.sticky && product.longestRoute > 0
            && replica.route.value_or("").size() > product.longestRoute)
            notes.push_back(std::string(product.title) + " takes a route of "
                            + std::to_string(product.longestRoute) + " characters at most: that of "
                            + replica.name + " is longer");
    }
}

} // namespace

std::optional<ExportTarget> findExportTarget(std::string_view name)
{
    for (const Row& row : table) {
        for (const ConfigFormat& format : row.formats()) {
            if (format.id == name || row.product->id == name)
                return ExportTarget {row.product, &format};
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> exportTargets()
{
    std::vector<std::string_view> names;
    for (const Row& row : table) {
        names.push_back(row.product->id);
        for (const ConfigFormat& format : row.formats()) {
            if (format.id != row.product->id)
                names.push_back(format.id);
        }
    }
    return names;
}

std::vector<std::string> translate(BalancerSpec& balancer, const Product& product)
{
    std::vector<std::string> notes;
    const BalancerSpec before = balancer;
    const Product* from = findProduct(before.product);
    if (!from || from == &product)
        return notes;
    changeProduct(balancer, product);
    if (!before.algorithm.empty() && findAlgorithm(product, before.algorithm))
        balancer.algorithm = before.algorithm;
    else if (!before.algorithm.empty())
        notes.push_back("the algorithm " + before.algorithm + " of " + std::string(from->title)
                        + " is not one of " + std::string(product.title) + ": it is "
                        + balancer.algorithm);
    noteLostSettings(before.settings, balancer.settings, *from, product, notes);
    if (before.sticky) {
        noteLostAttributes(*before.sticky, *balancer.sticky, product.title, notes);
        noteLostSettings(before.sticky->settings, balancer.sticky->settings, *from, product, notes);
    }
    return notes;
}

Outcome<Exported> exportScenario(const Scenario& scenario, const BalancerSpec& balancer,
                                 const ExportTarget& target, const ExportSite& site,
                                 TemplateSource templates)
{
    try {
        BalancerSpec written = balancer;
        std::vector<std::string> notes = translate(written, *target.product);
        Scenario complete = withAddresses(scenario, *target.format, notes);
        keepOwnServers(complete, balancer);
        plainPath(site.healthPath);
        noteCommon(scenario, written, notes);
        noteLongRoutes(complete, written, *target.product, notes);
        Draft draft {.scenario = complete,
                     .balancer = written,
                     .site = site,
                     .notes = notes,
                     .isOwnProduct = balancer.product == target.product->id};
        target.format->describe(draft);
        describeCommon(draft, target.product->title);
        Exported result {.notes = draft.notes};
        for (const ConfigFile& file : target.format->files) {
            const auto source = templates(file.templateName);
            if (!source)
                return Outcome<Exported>::failure(source.error());
            const auto text = fillTemplate(*source, draft.values);
            if (!text)
                return Outcome<Exported>::failure(std::string(file.templateName) + ": "
                                                  + text.error());
            result.files.push_back({std::string(file.name), *text});
        }
        return result;
    } catch (const ExportError& error) {
        return Outcome<Exported>::failure(error.text);
    }
}

} // namespace stickyscope
