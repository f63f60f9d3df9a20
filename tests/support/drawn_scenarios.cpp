// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/drawn_scenarios.h"

#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"
#include "tests/support/accepted.h"

#include <algorithm>
#include <cmath>
#include <rapidcheck.h>

namespace stickyscope::test {

using namespace std::chrono_literals;

int whole(int least, int most)
{
    return *rc::gen::inRange(least, most + 1);
}

bool perhaps()
{
    return whole(0, 1) == 1;
}

std::chrono::milliseconds milliseconds(int least, int most)
{
    return std::chrono::milliseconds(whole(least, most));
}

namespace {

template <typename Values>
auto oneOf(const Values& values)
{
    return values[static_cast<std::size_t>(whole(0, static_cast<int>(std::size(values)) - 1))];
}

SettingValue anyValue(const Setting& setting)
{
    switch (setting.type) {
    case Setting::Type::flag:
        return perhaps();
    case Setting::Type::whole: {
        const int least = static_cast<int>(setting.least);
        return std::int64_t {whole(least, std::min(static_cast<int>(setting.most), least + 10))};
    }
    case Setting::Type::number:
        return setting.least + (setting.most - setting.least) * whole(0, 1000) / 1000.0;
    case Setting::Type::time: {
        const int least = static_cast<int>(std::lround(setting.least * 1000));
        return Duration(milliseconds(
            least,
            std::min(static_cast<int>(std::min(setting.most, 1000.0)) * 1000, least + 3000)));
    }
    case Setting::Type::text:
        return std::string(oneOf(std::array {"key", "true", "a: b #c"}));
    case Setting::Type::words:
    case Setting::Type::choice:
        return std::string(oneOf(setting.choices));
    }
    return {};
}

void addArrivals(ClientSpec& client)
{
    switch (whole(0, 4)) {
    case 0:
        client.gap = Distribution {.shape = Distribution::Shape::exponential,
                                   .mean = milliseconds(100, 1000)};
        return;
    case 1:
        client.gap = Distribution {.mean = milliseconds(100, 1000)};
        return;
    case 2: // of the first seconds of a day
        for (int second = 0; second < 4; ++second)
            client.daily.push_back({second * 3s, perhaps() ? milliseconds(100, 1000) : 0ms});
        client.daily.back().gap = 1s;
        return;
    case 3:
        client.burst = 1;
        client.bursts = BurstSpec {.every = milliseconds(500, 2000), .requests = whole(1, 5)};
        return;
    default: {
        client.burst = 1;
        client.trace = "times.txt";
        const Duration gap = milliseconds(20, 300);
        std::vector<Duration> times;
        for (Duration at {}; at < 9s; at += gap)
            times.push_back(at);
        client.arrivals = std::make_shared<const std::vector<Duration>>(std::move(times));
    }
    }
}

void addConnections(ClientSpec& client)
{
    client.thinkTime.mean = milliseconds(20, 500);
    client.send = static_cast<SendRule>(whole(0, 3));
    client.messageEvery = milliseconds(10, 1000);
    client.connectionLifetime.mean = milliseconds(10, 2000);
}

ReplicaSpec anyReplica(const Product& product, int number)
{
    ReplicaSpec replica;
    replica.name = "r" + std::to_string(number);
    replica.weight = number == 0 ? 1 : std::min(whole(0, 3), product.largestWeight);
    replica.slotCount = whole(1, 4);
    replica.queue = whole(0, 5);
    replica.serviceTime = {.shape = Distribution::Shape::exponential, .mean = milliseconds(1, 200)};
    replica.sessions = static_cast<SessionStore>(whole(0, 2));
    replica.backup = product.hasBackups && number > 0 && whole(0, 3) == 0;
    replica.spare = product.hasSpares && !replica.backup && number > 0 && whole(0, 3) == 0;
    if (product.hasZones)
        replica.zone = oneOf(std::array {"", "z1", "z2"});
    return replica;
}

StickySpec anyCookie(const Product& product)
{
    StickySpec sticky;
    if (product.has(CookieKey::name) && perhaps())
        sticky.cookie = "stuck";
    if (product.has(CookieKey::path) && perhaps())
        sticky.path = oneOf(std::array {"/", "/a"});
    if (product.has(CookieKey::domain) && whole(0, 4) == 0)
        sticky.domain = oneOf(std::array {"app.example", "other.example"});
    sticky.secure = product.has(CookieKey::secure) && whole(0, 4) == 0;
    sticky.httpOnly = product.has(CookieKey::httpOnly) && perhaps();
    if (product.has(CookieKey::sameSite))
        sticky.sameSite = static_cast<SameSite>(whole(0, 3));
    if (product.has(CookieKey::maxAge) && whole(0, 2) == 0)
        sticky.maxAge = std::chrono::seconds(whole(1, 10));
    sticky.settings = anySettings(product.cookieSettings);
    return sticky;
}

BalancerSpec anyBalancer(const Product& product)
{
    BalancerSpec balancer;
    balancer.product = product.id;
    balancer.algorithm = oneOf(product.algorithms).name;
    balancer.settings = anySettings(product.settings);
    balancer.sticky = anyCookie(product);
    balancer.count = whole(1, 2);
    balancer.sharedSessions = whole(0, 4) == 0;
    balancer.perConnection = whole(0, 4) == 0;
    if (product.hasZones && perhaps())
        balancer.zones = {"z1", "z2"};
    if (whole(0, 3) == 0)
        balancer.answerTimeout = milliseconds(50, 2000);
    if (perhaps()) {
        HealthCheck& check = balancer.healthCheck.emplace();
        check.every = milliseconds(200, 1000);
        if (perhaps())
            check.fall = whole(1, 3);
        if (perhaps())
            check.rise = whole(1, 3);
        if (whole(0, 3) == 0)
            check.timeout = milliseconds(50, 500);
    }
    takeBackRefused(balancer);
    return balancer;
}

// The balancer becomes one of two behind another: one for all servers, one for the first.
void standBehind(Scenario& scenario)
{
    BalancerSpec inner = scenario.balancer;
    inner.name = "inner";
    BalancerSpec other = inner;
    other.name = "other";
    other.servers = {scenario.replicas.front().name};
    scenario.balancers = {inner, other};
    scenario.balancer = {.product = perhaps() ? "haproxy" : "envoy",
                         .count = whole(1, 2),
                         .servers = {"inner", "other"}};
    if (perhaps())
        scenario.balancer.healthCheck = HealthCheck {.every = 500ms};
    if (perhaps())
        scenario.routes.push_back({.path = "/b", .to = "other"});
}

// One that ends, so that no request hangs for ever.
Intervention anyFault(const ReplicaFault& row)
{
    Intervention fault = usualFault(row);
    for (const FaultSetting& setting : row.settings) {
        // Five times as slow at most: what is sent is to end within a minute.
        const bool factor = setting.type == FaultSetting::Type::factor;
        const auto most =
            static_cast<int>(std::min<std::int64_t>(setting.most, factor ? 5'000 : 2'000'000));
        setValue(fault, setting.field, whole(static_cast<int>(setting.least), most));
    }
    fault.lasts = milliseconds(1, 3000);
    return fault;
}

TimelineEntry anyEntry(const Scenario& scenario)
{
    using Kind = Intervention::Kind;
    TimelineEntry entry {.at = milliseconds(0, 9000)};
    Intervention& what = entry.intervention;
    what.kind = static_cast<Kind>(whole(0, static_cast<int>(interventionKinds) - 1));
    if (const ReplicaFault* row = findFault(what.kind))
        what = anyFault(*row);
    if (isOfBalancer(what.kind))
        what.balancer =
            static_cast<std::uint8_t>(whole(0, static_cast<int>(scenario.balancers.size())));
    else if (isOfTwoClients(what.kind))
        what.from = ClientIndex {0};
    else if (!isOfClients(what.kind) && what.kind != Kind::scaleToZero
             && what.kind != Kind::rollingUpdate)
        what.replica =
            static_cast<ReplicaIndex>(whole(0, static_cast<int>(scenario.replicas.size()) - 1));
    if (what.kind == Kind::setWeight)
        what.amount = whole(0, 1);
    // Where the replicas are those of the scenario.
    if (what.kind == Kind::rollingUpdate)
        what = asIntervention({.every = milliseconds(1, 2000),
                               .drain = milliseconds(0, 1000),
                               .startsIn = milliseconds(0, 1000)});
    if (what.kind == Kind::swapCookies) // of two that are named
        what.client = ClientIndex {0};
    return entry;
}

} // namespace

Settings anySettings(std::span<const Setting> known)
{
    Settings settings;
    for (const Setting& setting : known) {
        if (whole(0, 2) == 0)
            settings.set(setting.key, anyValue(setting));
    }
    return settings;
}

ClientSpec anyClients(const std::string& name)
{
    ClientSpec client;
    client.name = name;
    client.kind = static_cast<ClientKind>(whole(0, static_cast<int>(clientKinds) - 1));
    client.count = whole(1, 6);
    client.jar =
        client.kind == ClientKind::rest ? JarKind::none : static_cast<JarKind>(whole(0, 2));
    client.sessionRequests = whole(0, 6);
    client.keepAlive = whole(1, 4);
    client.paths = {"/a/x", "/b/y"};
    client.stripsQuotes = perhaps();
    if (client.kind != ClientKind::websocket && client.kind != ClientKind::socketio && perhaps())
        client.method = "POST";
    if (whole(0, 3) == 0)
        client.carries = "X-Session";
    if (whole(0, 4) == 0)
        client.source = "198.51.100.7";
    if (whole(0, 3) == 0)
        client.logout = LogoutSpec {.after = whole(1, 10), .clearsAll = perhaps()};
    if (client.kind == ClientKind::websocket) {
        addConnections(client);
        return client;
    }
    if (client.kind == ClientKind::socketio && perhaps()) {
        client.upgradeAfter = whole(1, 3);
        addConnections(client);
        return client;
    }
    client.burst = whole(1, 3);
    if (client.kind == ClientKind::load || whole(0, 2) == 0)
        addArrivals(client);
    else
        client.thinkTime.mean = milliseconds(20, 500);
    return client;
}

std::shared_ptr<Scenario> anyScenario()
{
    auto scenario = std::make_shared<Scenario>();
    scenario->seed = *rc::gen::arbitrary<std::uint32_t>();
    scenario->duration = 10s;
    scenario->travel = milliseconds(0, 50);
    if (whole(0, 3) == 0)
        scenario->origin = "https://app.example";
    if (perhaps())
        scenario->sessionCookie = "JSESSIONID";
    scenario->sessionRoute = whole(0, 3) == 0;
    const Product& product = *oneOf(products());
    const int replicas = whole(1, 5);
    for (int number = 0; number < replicas; ++number)
        scenario->replicas.push_back(anyReplica(product, number));
    if (replicas > 1 && whole(0, 2) == 0)
        scenario->replicas.back().joins = 4s;
    if (whole(0, 2) == 0)
        scenario->replicas.back().leaves = milliseconds(4001, 9000);
    scenario->balancer = anyBalancer(product);
    for (const char* name : {"c0", "c1"})
        scenario->clients.push_back(anyClients(name));
    if (whole(0, 2) == 0)
        standBehind(*scenario);
    for (int number = whole(0, 6); number > 0; --number)
        scenario->timeline.push_back(anyEntry(*scenario));
    scenario->lanes = offAndOn();
    return scenario;
}

} // namespace stickyscope::test
