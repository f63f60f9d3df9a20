// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_fields.h"
#include "sim/model/replica_faults.h"
#include "sim/model/scenario.h"
#include "sim/products/product.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The readers of a scenario file's parts, for readScenario() alone. Each throws FieldError.
namespace stickyscope {

/// As a product's row has the limits of a time.
inline Duration inSeconds(double seconds)
{
    return std::chrono::floor<Duration>(std::chrono::duration<double>(seconds));
}

std::vector<ReplicaSpec> readReplicas(const Place& at);
std::vector<ClientSpec> readClients(const Place& at);
/// Which of the settings that all cookies have this key is; absent: none.
std::optional<CookieKey> cookieKeyOf(std::string_view key);
/// The keys of a client group that say when it sends, whose names go to `paces`, and its habits.
std::vector<Place::Field> arrivalFields(ClientSpec& spec, std::vector<std::string>& paces);
/// Requests on one connection of a client group that says nothing: a gRPC channel stays open.
constexpr int usualKeepAlive(ClientKind kind)
{
    return kind == ClientKind::grpc ? 1'000'000 : 1;
}
std::string readFileBeside(const Place& at);
/// The settings of a fault, which go to `intervention`; both must outlive the fields.
std::vector<Place::Field> faultFields(const ReplicaFault& fault, Intervention& intervention);
/// What is wrong with a replica from the beginning.
std::vector<Intervention> readFaults(const Place& at);

// Written as a file has them.
using Entry = std::pair<std::string_view, std::string>; ///< a key, and its value as YAML
std::vector<Entry> arrivalEntries(const ClientSpec& client); ///< of arrivalFields()
std::string faultsText(const std::vector<Intervention>& faults);
/// What stands behind the intervention's name, such as "{of: server-1, add: 200ms}"; `clients`
/// are clientNames().
std::string interventionText(const Intervention& what, const Scenario& scenario,
                             const std::vector<std::string>& clients);

/// A lane as it stands in the file; what it changes is read once the rest is.
struct LanePart
{
    LaneSpec spec;
    const YamlNode* with = nullptr;
};
std::vector<LanePart> readLanes(const Place& at);
/// What a timeline calls the balancer in front; no other has this name.
inline constexpr std::string_view inFront = "balancer";

/// A balancer as it stands in the file. Which of its settings the product has is known once the
/// lanes are, since a lane may have another product.
struct BalancerPart
{
    BalancerSpec spec;
    std::string path; ///< "balancer", "balancers[0]"
    const YamlNode* node = nullptr;
    std::vector<const YamlNode*> stickyKeys {}; ///< those that were given
    std::shared_ptr<const YamlNode> changed {}; ///< keeps the node of one that a reload brings
};
BalancerPart readBalancer(const Place& at);
/// One with a name, behind the one in front or beside it.
BalancerPart readFurtherBalancer(const Place& at);
std::vector<BalancerPart> readBalancers(const Place& at);
std::vector<RouteSpec> readRoutes(const Place& at, const std::vector<BalancerSpec>& balancers);
/// Throws where a balancer names a server that is not there, or one that stands before it.
void checkServers(const std::vector<BalancerPart>& balancers, const Scenario& scenario);
/// Throws where the product has not what this lane's balancer asks for.
void checkBalancer(const LaneSpec& lane, const Scenario& scenario, const BalancerPart& part);

/// The replicas and clients that it names are those of `scenario`; what reloads bring is added to
/// `balancers`.
std::vector<TimelineEntry> readTimeline(const Place& at, const Scenario& scenario,
                                        std::vector<BalancerPart>& balancers);
/// An address with its scheme.
std::string readUrl(const Place& at);
/// The id of a product that there is.
std::string readProduct(const Place& at);

} // namespace stickyscope
