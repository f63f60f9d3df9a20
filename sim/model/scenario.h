// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
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
    int answerSize = 10'000; ///< octets of an answer, for the faults bandwidth and limit-data
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

    bool operator==(const BalancerSpec&) const = default;
};

enum class ClientKind : std::uint8_t
{
    browser,
    curl,
    rest,
    websocket,
    grpc, ///< one connection for many requests, no jar
    socketio, ///< Engine.IO polling: a replica without the session answers 400
    signalr, ///< likewise 404
    mcp, ///< likewise 404; the session is named by a header, not by a cookie
    load, ///< a load generator: sends whatever is answered (open loop)
};
inline constexpr std::size_t clientKinds = 9;
/// What a replica answers a follow-up whose session it does not have.
int statusWithoutSession(ClientKind kind);
enum class JarKind : std::uint8_t
{
    none,
    own,
    shared
};

/// When a WebSocket client sends its message.
enum class SendRule : std::uint8_t
{
    onOpen, ///< once, when the connection opens
    afterAnswer, ///< on opening, then `messageEvery` after each answer
    every, ///< on opening, then one each `messageEvery`, whatever is answered
    never
};

/// A point of a curve of rates over a day; between two points the rate changes linearly.
struct RatePoint
{
    Duration at {}; ///< the time of day, below 24 h
    Duration gap {}; ///< mean time between two requests of each client; zero: none is sent

    bool operator==(const RatePoint&) const = default;
};

/// Several requests side by side, again and again.
struct BurstSpec
{
    Duration every = std::chrono::seconds(10);
    int requests = 20;

    bool operator==(const BurstSpec&) const = default;
};

/// What a client's logging out takes from its jar.
struct LogoutSpec
{
    int after = 20; ///< answered requests since the last; the last of them is the logout
    bool clearsAll = true; ///< Clear-Site-Data: "cookies"; false: the application's cookie alone

    bool operator==(const LogoutSpec&) const = default;
};

/// A group of clients that are alike.
struct ClientSpec
{
    std::string name;
    ClientKind kind = ClientKind::browser;
    int count = 1;
    JarKind jar = JarKind::own;
    std::string origin; ///< what it asks, such as another host; the scenario's where empty
    std::string path = "/";
    std::vector<std::string> paths; ///< asked for in turn; `path` alone where empty
    std::string page; ///< origin of the page that sends the requests; the target's where empty
    bool credentials = true; ///< false: its scripts send and keep no cookies of another origin
    bool thirdPartyCookies = true; ///< false: the browser blocks those of other sites
    int burst = 1; ///< requests side by side at the beginning
    int keepAlive = 1; ///< requests on one connection
    /// The address that all of them have to the balancer, such as that of a NAT; one of its own
    /// for each where empty.
    std::string source;
    /// Pause after an answer, or after a connection's end (closed loop). Either this or `gap`.
    Distribution thinkTime {.shape = Distribution::Shape::exponential,
                            .mean = std::chrono::milliseconds(1500)};
    /// Time between two requests whatever became of the first (open loop): `rate`, `every`.
    std::optional<Distribution> gap;
    // Further open loops, of which a group has one at most:
    std::vector<RatePoint> daily; ///< a Poisson process by the time of day; by `at`, ascending
    std::optional<BurstSpec> bursts;
    /// A file beside the scenario with one time in seconds a line, read only when run. The group's
    /// clients send in turn.
    std::string trace;
    /// What stands in that file; null until it is read, and then nobody of the group sends.
    std::shared_ptr<const std::vector<Duration>> arrivals;
    std::optional<LogoutSpec> logout;
    bool stripsQuotes = false; ///< sends cookies' values without the quotes that they came with
    int sessionRequests = 20; ///< answered requests (or handshakes) of a session; 0: it never ends
    /// Of a session's requests so many poll, socketio, before it goes on as a WebSocket; 0: all do.
    int upgradeAfter = 0;
    SendRule send = SendRule::afterAnswer; ///< websocket
    Duration messageEvery = std::chrono::milliseconds(500); ///< websocket; 0: none but `onOpen`
    /// What is sent, websocket. {n} is the number of the client's message from 1, {ms} the
    /// milliseconds since 1970, {client} the client's name.
    std::string message = R"({"topic": "{ms}"})";
    Distribution connectionLifetime {
        .shape = Distribution::Shape::exponential,
        .mean = std::chrono::seconds(10)}; ///< websocket, and what became one
    std::vector<std::pair<std::string, std::string>> headers;
    /// Netscape format, beside the scenario; read only when run. Its cookies are in the jar from
    /// the start; with the jar `none` they are sent, and nothing is learnt (as with curl -b).
    std::string cookieFile;

    /// Whether it sends whatever becomes of its requests.
    bool isOpen() const { return gap || bursts || !daily.empty() || !trace.empty(); }

    /// `arrivals` follows from `trace`.
    bool operator==(const ClientSpec& other) const;
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

/// Which balancer takes what is asked: the first route that fits, else the one in front of all.
struct RouteSpec
{
    std::string host; ///< without a port; any where empty
    std::string path = "/"; ///< the beginning of the path, up to a slash or its end
    std::string to; ///< a further balancer's name

    bool operator==(const RouteSpec&) const = default;
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
/// All balancers of one lane, the one in front first. Sticky is off for all or none.
std::vector<BalancerSpec> balancersOf(const Scenario& scenario, const LaneSpec& lane);
/// The place among balancersOf() of the one that takes this address.
std::size_t routeOf(const Scenario& scenario, const std::string& host, std::string_view path);
/// "browsers-2": one name for each client, in order; the group's name alone where it has one.
std::vector<std::string> clientNames(const Scenario& scenario);

std::string_view nameOf(ClientKind kind);
std::string_view nameOf(JarKind kind);
std::string_view nameOf(SessionStore store);
std::string_view nameOf(SendRule rule);
std::string_view nameOf(SameSite sameSite); ///< empty for `unset`
/// The jar of a client group that names none.
JarKind usualJar(ClientKind kind);

} // namespace stickyscope
