// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/client_spec.h"
#include "sim/model/instant.h"
#include "sim/model/intervention.h"
#include "sim/model/settings.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stickyscope {

/// Where a replica keeps a session's state.
enum class SessionStore : std::uint8_t
{
    inMemory, ///< lost when the replica stops
    withConnection, ///< lost when the connection closes
    shared, ///< every replica has it
};

struct ReplicaSpec
{
    std::string name;
    std::string address; ///< host:port as the balancer writes it; made up where empty
    std::optional<std::string> route; ///< see ReplicaView::route
    int weight = 1;
    int slotCount = 8; ///< requests served at once ("slots" is a macro of Qt)
    int queue = 100; ///< requests that wait; one more is refused
    Distribution serviceTime {.mean = std::chrono::milliseconds(100)};
    SessionStore sessions = SessionStore::inMemory;
    Duration joins {}; ///< when the balancer learns of it; later ones stand behind earlier ones
    std::optional<Duration> leaves; ///< when the balancer is told that it is gone; never if absent
    std::string zone; ///< where it stands; empty: nowhere in particular
    bool backup = false; ///< takes requests only where no other server of the balancer is up
    bool canary = false; ///< see ReplicaView::canary
    bool spare = false; ///< takes fresh ones only in the place of a server that takes none
    std::string redirect; ///< see ReplicaView::redirect
    std::string replaces; ///< whose place it takes in a rolling update; empty in every file
    int answerSize = 10'000; ///< octets of an answer: for faults, and for Apache's bytraffic
    /// What is wrong with it from the beginning; none names a replica, and each kind is there once.
    std::vector<Intervention> faults;

    bool operator==(const ReplicaSpec&) const = default;
};

/// Active checks, as the balancer makes them of each replica.
struct HealthCheck
{
    Duration every = std::chrono::seconds(10);
    std::optional<int>
        fall; ///< failed checks in a row that mark a replica down; else the product's
    std::optional<int> rise; ///< good checks in a row that mark it up; likewise
    /// A check waits in the replica's queue as any request does: it fails where the queue is full,
    /// or where it is not served within this time. Absent: checks are answered apart.
    std::optional<Duration> timeout;

    bool operator==(const HealthCheck&) const = default;
};

enum class SameSite : std::uint8_t
{
    unset,
    none,
    lax,
    strict
};

/// The sticky cookie's settings. A product uses those that it has; the parser refuses the others.
struct StickySpec
{
    std::string cookie; ///< its name; the product's own default where empty
    std::optional<std::string> path; ///< the product's own default where absent
    std::string domain;
    bool secure = false;
    bool httpOnly = false;
    SameSite sameSite = SameSite::unset;
    std::optional<std::chrono::seconds> maxAge;
    Settings settings; ///< further ones of the product's own

    bool operator==(const StickySpec&) const = default;
};

/// Which balancer takes what is asked: the first route that fits, else the one in front of all.
struct RouteSpec
{
    std::string host; ///< without a port; any where empty
    std::string path = "/"; ///< the beginning of the path, up to a slash or its end
    std::string to; ///< a further balancer's name

    bool operator==(const RouteSpec&) const = default;
    bool fits(std::string_view askedHost, std::string_view askedPath) const;
};

struct BalancerSpec
{
    std::string product = "traefik";
    std::string algorithm; ///< the product's default where empty
    std::optional<StickySpec> sticky = StickySpec {};
    std::optional<HealthCheck> healthCheck;
    int count = 1; ///< balancers side by side, each with a state of its own
    bool sharedSessions = false; ///< but for what they remember of sessions, which all know
    std::vector<std::string> zones; ///< where those side by side stand, in turn; empty: nowhere
    /// Connections are placed, not requests (layer 4, or HTTP/2 and gRPC behind a plain service).
    bool perConnection = false;
    std::string name; ///< of one that stands behind another; empty for the one in front
    int weight = 1; ///< as a server of the one before it
    /// The replicas and further balancers that it places requests on; all replicas where empty.
    std::vector<std::string> servers;
    /// How long it waits for an answer that a fault holds back; the product's own where absent.
    std::optional<Duration> answerTimeout;
    Settings settings; ///< of the product's own
    /// The scenario's that lead to it, once it is asked for one of its lanes.
    std::vector<RouteSpec> routes {};

    bool operator==(const BalancerSpec&) const = default;
};

struct TimelineEntry
{
    Duration at {};
    Intervention intervention;
    /// Of a reload: what is different from then on, as YAML on one line; empty for nothing.
    std::string with {};
    /// The balancer as it is from then on; null where nothing is different.
    std::shared_ptr<const BalancerSpec> changed {};

    /// `changed` follows from the rest.
    bool operator==(const TimelineEntry& other) const
    {
        return at == other.at && intervention == other.intervention && with == other.with;
    }
};

/// One arm of a comparison: the scenario's balancer with some settings changed.
struct Scenario;
struct LaneSpec
{
    std::string name;
    bool sticky = true; ///< false: the sticky policy `none`
    std::optional<std::string> product;
    std::optional<std::string> algorithm;
    /// What else differs in this lane, as YAML on one line; empty for nothing. Names, numbers of
    /// clients and the time are those of the scenario.
    std::string with;
    /// The scenario with these differences; null where there are none.
    std::shared_ptr<const Scenario> own;

    /// `own` follows from the rest.
    bool operator==(const LaneSpec& other) const
    {
        return name == other.name && sticky == other.sticky && product == other.product
            && algorithm == other.algorithm && with == other.with;
    }
};

/// What a cache or CDN in front of the balancers does with Set-Cookie.
enum class CacheCookies : std::uint8_t
{
    pass, ///< there is no cache, or it leaves them alone
    strip, ///< no client ever sees one
    store, ///< it keeps the first answer of each path, and hands its cookie to all who have none
};

/// What to run: the contents of a *.sticky.yaml file. Valid once scenario_yaml has read it.
struct Scenario
{
    std::string title = "Untitled";
    std::string about; ///< what it shows, in a paragraph; empty where nobody has said
    std::uint64_t seed = 1;
    Duration duration = std::chrono::seconds(60);
    WallSeconds starts {std::chrono::seconds(1767225600)}; ///< 2026-01-01T00:00:00Z
    std::string origin = "http://app.example";
    std::string target; ///< live: what to ask
    Duration travel {}; ///< client to balancer and back, together
    /// The application's own cookie, set when a session begins; none where empty.
    std::string sessionCookie;
    CacheCookies cache = CacheCookies::pass;
    /// Octets of a cookie of its own that the application sets on each path, for the whole host; 0:
    /// none.
    int pathCookies = 0;
    bool sessionRoute = false; ///< its value ends with ".route", as Tomcat's jvmRoute does
    std::vector<ReplicaSpec> replicas;
    BalancerSpec balancer;
    /// Further ones: behind it, or beside it for some routes. Each stands before its own servers.
    std::vector<BalancerSpec> balancers;
    std::vector<RouteSpec> routes;
    std::vector<ClientSpec> clients;
    std::vector<TimelineEntry> timeline;
    std::vector<LaneSpec> lanes;
    /// What must hold of the result when the file is run as it is, such as "on.stickiness == 1".
    std::vector<std::string> assertions;

    bool operator==(const Scenario&) const = default;
};

/// The lanes `off` and `on`, which a file without lanes has.
std::vector<LaneSpec> offAndOn();
/// The scenario that a lane runs: its own, or that of all.
std::shared_ptr<const Scenario> scenarioOf(const std::shared_ptr<const Scenario>& scenario,
                                           LaneIndex lane);
/// The balancer of one lane: the scenario's, with the lane's changes.
BalancerSpec balancerOf(const Scenario& scenario, const LaneSpec& lane);
/// A balancer of the scenario as this lane has it; the lane's product is that of the first alone.
BalancerSpec inLane(BalancerSpec balancer, const LaneSpec& lane, bool first);
/// Likewise the one that a reload brings.
BalancerSpec afterReload(const TimelineEntry& reload, const Scenario& scenario,
                         const LaneSpec& lane);
/// All balancers of one lane, the one in front first. Sticky is off for all or none.
std::vector<BalancerSpec> balancersOf(const Scenario& scenario, const LaneSpec& lane);
/// The place among balancersOf() of the one that takes this address.
std::size_t routeOf(const Scenario& scenario, const std::string& host, std::string_view path);
/// "browsers-2": one name for each client, in order; the group's name alone where it has one.
std::vector<std::string> clientNames(const Scenario& scenario);

std::string_view nameOf(SessionStore store);
std::string_view nameOf(SameSite sameSite); ///< empty for `unset`

} // namespace stickyscope
