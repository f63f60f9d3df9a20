// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A property: what is written is read as the same scenario, whatever the scenario. RC_PARAMS, which
// a failure prints, repeats it.
#include "sim/formats/scenario_writer.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_merge.h"
#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"
#include "sim/products/product.h"
#include "tests/support/accepted.h"
#include "tests/support/scenarios.h"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <ostream>
#include <rapidcheck.h>
#include <set>

namespace stickyscope {

// What rapidcheck prints of a scenario that fails.
void showValue(const Scenario& scenario, std::ostream& out)
{
    out << writeScenario(scenario);
}

} // namespace stickyscope

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

int whole(int least, int most)
{
    return *rc::gen::inRange(least, most + 1);
}

bool perhaps()
{
    return whole(0, 1) == 1;
}

template <typename Value>
Value oneOf(const std::vector<Value>& values)
{
    return *rc::gen::elementOf(values);
}

/// A round one, or any number of nanoseconds.
Duration anyTime(Duration least, Duration most)
{
    const auto unit = oneOf<std::int64_t>(
        {1, 1, 1'000, 1'000'000, 1'000'000'000, 60'000'000'000, 3'600'000'000'000});
    const std::int64_t first = (least.count() + unit - 1) / unit;
    const std::int64_t last = most.count() / unit;
    if (first > last)
        return least;
    return Duration {*rc::gen::inRange(first, last + 1) * unit};
}

Distribution anyDistribution()
{
    switch (whole(0, 3)) {
    case 0:
        return {.mean = anyTime({}, longestTime)};
    case 1:
        return {.shape = Distribution::Shape::exponential, .mean = anyTime({}, longestTime)};
    case 2: {
        const Duration least = anyTime({}, longestTime);
        const Duration most = anyTime(least, longestTime);
        return {.shape = Distribution::Shape::uniform,
                .mean = (least + most) / 2,
                .least = least,
                .most = most};
    }
    default: {
        const Duration mean = anyTime(1us, 600h);
        const Duration p99 = anyTime(mean + 1ns, std::min<Duration>(mean * 14, longestTime));
        return {.shape = Distribution::Shape::lognormal, .mean = mean, .p99 = p99};
    }
    }
}

/// One line of anything that a file may hold.
std::string anyText(const std::string& begin, std::size_t longest)
{
    static const std::vector<std::string> pieces {
        "a",      "Z",      "0",      " ",          ":",         ": ",   " #",     "{",
        "}",      "[",      "]",      ",",          "'",         "\"",   "\\",     "\\n",
        "-",      "- ",     "?",      "!",          "&",         "*",    "|",      ">",
        "%",      "@",      "`",      "~",          "on",        "null", "1e3",    "=",
        "<<",     "\u00e9", "\u0085", "\u009b",     "\u00a0",    "/",    "\u2028", "\u2029",
        "\ufeff", "\ufffe", "\uffff", "\U0001f600", "\U0010ffff"};
    std::string text = begin;
    for (const std::string& piece :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
        if (text.size() + piece.size() <= longest)
            text += piece;
    }
    return text.empty() ? "x" : text;
}

std::string newName(std::set<std::string>& taken)
{
    static const std::string first = "abcXYZ019";
    static const std::string further = first + "._-";
    static const std::vector<std::string> tricky {"on",  "off",      "yes",  "true", "null",
                                                  "all", "1e3",      "007",  "0x1",  "1.5",
                                                  "y",   "server-1", "none", "N"};
    std::string name;
    if (perhaps()) {
        name = oneOf(tricky);
    } else if (!taken.empty() && perhaps()) {
        name = *taken.begin() + "-" + std::to_string(whole(0, 5)); // as clients of a group are
    } else {
        name = *rc::gen::elementOf(first);
        for (int letters = whole(0, 6); letters > 0; --letters)
            name += *rc::gen::elementOf(further);
    }
    while (!taken.insert(name).second)
        name += *rc::gen::elementOf(first);
    return name;
}

std::string anyUrl()
{
    return oneOf<std::string>({"http://app.example", "https://a.b:8443/x?y=z&token=1",
                               "ws://[::1]:80/", "http://user:pass@h/%20", "WSS://H/#fragment"})
        + oneOf<std::string>({"", "/a", "/a:b c"});
}

/// What all products of the lanes have, those that are not sticky apart for the cookie's part.
struct Abilities
{
    unsigned cookieKeys = allCookieKeys;
    std::vector<const Setting*> cookieSettings = allCookieSettings();
    std::vector<const Setting*> settings = allSettings();
    int largestWeight = 1000;
    bool backups = true;
    bool spares = true;
    bool redirects = true;

    void keepRoles(const Product& product)
    {
        backups = backups && product.hasBackups;
        spares = spares && product.hasSpares;
        redirects = redirects && product.hasRedirects;
    }
    bool has(CookieKey key) const { return (cookieKeys & static_cast<unsigned>(key)) != 0; }
};

// What every product allows that has the setting.
Setting narrowest(Setting setting)
{
    for (const Product* product : products()) {
        for (const auto settings : {product->settings, product->cookieSettings}) {
            if (const Setting* same = findSetting(settings, setting.key)) {
                setting.least = std::max(setting.least, same->least);
                setting.most = std::min(setting.most, same->most);
                if (same->choices.size() < setting.choices.size())
                    setting.choices = same->choices;
            }
        }
    }
    return setting;
}

SettingValue anyValue(const Setting& known)
{
    const Setting setting = narrowest(known);
    switch (setting.type) {
    case Setting::Type::flag:
        return perhaps();
    case Setting::Type::whole:
        return static_cast<std::int64_t>(
            whole(static_cast<int>(setting.least), static_cast<int>(setting.most)));
    case Setting::Type::number:
        return setting.least + (setting.most - setting.least) * whole(0, 1000) / 1000.0;
    case Setting::Type::time:
        return anyTime(std::chrono::milliseconds(std::llround(setting.least * 1000)),
                       std::chrono::seconds(static_cast<int>(setting.most)));
    case Setting::Type::text:
        return oneOf<std::string>({"key", "true", "1", "a: b #c", "~"});
    case Setting::Type::words:
        return std::string(setting.choices.front());
    case Setting::Type::choice:
        return std::string(oneOf(std::vector(setting.choices.begin(), setting.choices.end())));
    }
    return {};
}

Settings anySettings(const std::vector<const Setting*>& known)
{
    Settings settings;
    for (const Setting* setting : known) {
        if (perhaps())
            settings.set(setting->key, anyValue(*setting));
    }
    return settings;
}

StickySpec anySticky(const Abilities& can)
{
    StickySpec sticky;
    std::set<std::string> taken;
    if (perhaps() && can.has(CookieKey::name))
        sticky.cookie = oneOf<std::string>({"ws-session", "on", "!#$%&'*+-.^_`|~", "5"});
    if (perhaps() && can.has(CookieKey::path)) {
        sticky.path = anyText("/", 100);
        std::replace(sticky.path->begin(), sticky.path->end(), ';', '_');
    }
    if (perhaps() && can.has(CookieKey::domain))
        sticky.domain = newName(taken);
    sticky.secure = can.has(CookieKey::secure) && perhaps();
    sticky.httpOnly = can.has(CookieKey::httpOnly) && perhaps();
    if (can.has(CookieKey::sameSite))
        sticky.sameSite = static_cast<SameSite>(whole(0, 3));
    if (perhaps() && can.has(CookieKey::maxAge))
        sticky.maxAge = std::chrono::floor<std::chrono::seconds>(anyTime(1s, longestTime));
    sticky.settings = anySettings(can.cookieSettings);
    return sticky;
}

std::int64_t anyAmount(const FaultSetting& setting)
{
    if (setting.type == FaultSetting::Type::time)
        return anyTime(Duration {setting.least}, Duration {setting.most}).count();
    return *rc::gen::inRange(setting.least, setting.most + 1);
}

Intervention anyFault(const ReplicaFault& row)
{
    Intervention fault = usualFault(row);
    for (const FaultSetting& setting : row.settings) {
        if (setting.required || perhaps())
            setValue(fault, setting.field, anyAmount(setting));
    }
    return fault;
}

ReplicaSpec anyReplica(std::set<std::string>& names, int largestWeight)
{
    ReplicaSpec replica;
    std::set<std::string> zones;
    replica.name = newName(names);
    if (perhaps())
        replica.address =
            oneOf<std::string>({"10.0.0.3:8000", "server.example", "[::1]:80", "7:8", "on"});
    if (perhaps())
        replica.route = oneOf<std::string>({"r1", "on", ""});
    replica.weight = whole(0, largestWeight);
    replica.slotCount = perhaps() ? 8 : whole(1, 100'000);
    replica.queue = perhaps() ? 100 : whole(0, 1'000'000);
    replica.serviceTime = anyDistribution();
    replica.sessions = static_cast<SessionStore>(whole(0, 2));
    if (perhaps())
        replica.zone = newName(zones);
    replica.answerSize = perhaps() ? 10'000 : whole(0, 1'000'000'000);
    for (const ReplicaFault& row : replicaFaults()) {
        if (row.fromBeginning && whole(0, 5) == 0)
            replica.faults.push_back(anyFault(row));
    }
    return replica;
}

void addHabits(ClientSpec& client)
{
    if (perhaps())
        client.logout = LogoutSpec {.after = whole(1, 1'000'000), .clearsAll = perhaps()};
    client.stripsQuotes = perhaps();
}

// One of the ways to send whatever becomes of it.
void addArrivals(ClientSpec& client)
{
    switch (whole(0, 4)) {
    case 0:
        client.gap = Distribution {.shape = Distribution::Shape::exponential,
                                   .mean = anyTime(1us, longestTime)};
        return;
    case 1:
        client.gap = Distribution {.mean = anyTime(1us, longestTime)};
        return;
    case 2: {
        Duration at {};
        for (int points = whole(1, 4); points > 0; --points) {
            at += anyTime(1ns, 5h);
            client.daily.push_back({at, perhaps() ? Duration::zero() : anyTime(1us, longestTime)});
        }
        client.daily.back().gap = anyTime(1us, longestTime);
        return;
    }
    case 3:
        client.burst = 1;
        client.bursts =
            BurstSpec {.every = anyTime(1us, longestTime), .requests = whole(1, 10'000)};
        return;
    default:
        client.burst = 1;
        client.trace = oneOf<std::string>({"times.txt", "a b: c", "on", "#1"});
    }
}

ClientSpec anyClient(std::set<std::string>& names)
{
    ClientSpec client;
    client.name = newName(names);
    client.kind = static_cast<ClientKind>(whole(0, 8));
    client.count = whole(1, 4);
    client.jar =
        client.kind == ClientKind::rest ? JarKind::none : static_cast<JarKind>(whole(0, 2));
    if (perhaps())
        client.origin = anyUrl();
    if (perhaps())
        client.path = anyText("/", 2000);
    if (perhaps())
        client.source = oneOf<std::string>({"198.51.100.7", "::1"});
    for (int count = whole(0, 3); count > 0; --count)
        client.paths.push_back(anyText("/", 40));
    if (perhaps())
        client.page = oneOf<std::string>({"https://portal.test", "http://[::1]:8080"});
    client.credentials = perhaps();
    client.thirdPartyCookies = perhaps();
    client.keepAlive = whole(1, 1'000'000);
    const bool websocket = client.kind == ClientKind::websocket;
    if (!websocket)
        client.burst = whole(1, 100);
    if (client.kind == ClientKind::load || (!websocket && perhaps()))
        addArrivals(client);
    else if (perhaps())
        client.thinkTime = anyDistribution();
    addHabits(client);
    client.sessionRequests = perhaps() ? 20 : whole(0, 1'000'000);
    if (client.kind == ClientKind::socketio && !client.isOpen() && perhaps()) {
        client.burst = 1;
        client.upgradeAfter = whole(1, 1'000'000);
    }
    if (websocket || client.upgradeAfter > 0) {
        client.send = static_cast<SendRule>(whole(0, 3));
        if (perhaps())
            client.message = anyText("", 8000);
        client.messageEvery = anyTime({}, longestTime);
        client.connectionLifetime = anyDistribution();
    }
    std::set<std::string> headers;
    for (int count = whole(0, 3); count > 0; --count) {
        const std::string name = newName(headers);
        client.headers.emplace_back(name, anyText("", 8000));
    }
    if (perhaps())
        client.cookieFile = oneOf<std::string>({"cookies.txt", "a b: c", "on", "#1", "~"});
    return client;
}

TimelineEntry anyEntry(const Scenario& scenario)
{
    using Kind = Intervention::Kind;
    TimelineEntry entry {.at = anyTime({}, longestTime)};
    Intervention& what = entry.intervention;
    what.kind = static_cast<Kind>(whole(0, static_cast<int>(interventionKinds) - 1));
    if (isOfBalancer(what.kind)) {
        what.balancer =
            static_cast<std::uint8_t>(whole(0, static_cast<int>(scenario.balancers.size())));
        if (what.kind == Kind::reloadBalancer && perhaps())
            entry.with = flowText(
                *parseYaml(oneOf<std::string>({"{sticky: none}", "{health-check: {every: 2s}}"})));
        return entry;
    }
    if (const ReplicaFault* row = findFault(what.kind))
        what = anyFault(*row);
    if (what.kind == Kind::mend && perhaps()) {
        const auto row =
            static_cast<std::size_t>(whole(0, static_cast<int>(replicaFaults().size()) - 1));
        what = endOf(replicaFaults()[row].kind, noReplica);
    }
    if (what.kind == Kind::setWeight)
        what.amount = whole(0, 1); // every product has these
    const auto clients = clientNames(scenario);
    // To a timeline, "all" is everybody.
    const auto anyone = [&] {
        const auto one = static_cast<std::size_t>(whole(0, static_cast<int>(clients.size()) - 1));
        return clients[one] == "all" ? noClient : static_cast<ClientIndex>(one);
    };
    if (isOfClients(what.kind)) {
        what.client = perhaps() ? anyone() : noClient;
        const auto one = [&] {
            return static_cast<ClientIndex>(whole(0, static_cast<int>(clients.size()) - 1));
        };
        if (what.kind == Kind::shareCookies || what.kind == Kind::swapCookies)
            what.from = one();
        if (what.kind == Kind::swapCookies)
            what.client = one();
    } else if (what.kind == Kind::rollingUpdate) {
        what = asIntervention(
            {.every = anyTime(1ns, 1h), .drain = anyTime({}, 1h), .startsIn = anyTime({}, 1h)});
    } else if (what.kind != Kind::scaleToZero) {
        const auto one = whole(0, static_cast<int>(scenario.replicas.size()) - 1);
        // Likewise.
        if (scenario.replicas[static_cast<std::size_t>(one)].name != "all")
            what.replica = static_cast<ReplicaIndex>(one);
    }
    return entry;
}

std::string anyAlgorithm(const Product& product)
{
    const auto index = whole(0, static_cast<int>(product.algorithms.size()) - 1);
    return std::string(product.algorithms[static_cast<std::size_t>(index)].name);
}

void addLanes(Scenario& scenario)
{
    const Product& usual =
        *oneOf(std::vector<const Product*>(products().begin(), products().end()));
    scenario.balancer.product = usual.id;
    if (perhaps())
        scenario.balancer.algorithm = anyAlgorithm(usual);
    scenario.lanes = offAndOn();
    if (perhaps())
        return;
    scenario.lanes.clear();
    std::set<std::string> names;
    for (int count = whole(1, 4); count > 0; --count) {
        LaneSpec lane {.name = newName(names), .sticky = perhaps()};
        const Product* product = &usual;
        if (perhaps()) {
            product = oneOf(std::vector<const Product*>(products().begin(), products().end()));
            lane.product = product->id;
        }
        if (perhaps())
            lane.algorithm = anyAlgorithm(*product);
        scenario.lanes.push_back(lane);
    }
}

void keepShared(std::vector<const Setting*>& some, std::span<const Setting> known)
{
    std::erase_if(some, [&](const Setting* setting) { return !findSetting(known, setting->key); });
}

Abilities abilitiesOf(const Scenario& scenario)
{
    Abilities can;
    for (const LaneSpec& lane : scenario.lanes) {
        const Product& product = *findProduct(lane.product.value_or(scenario.balancer.product));
        can.largestWeight = std::min(can.largestWeight, product.largestWeight);
        can.keepRoles(product);
        keepShared(can.settings, product.settings);
        if (!lane.sticky)
            continue;
        can.cookieKeys &= product.cookieKeys;
        keepShared(can.cookieSettings, product.cookieSettings);
    }
    return can;
}

// Each knows the replicas, and the balancers behind it.
void addBalancers(Scenario& scenario, std::set<std::string>& names)
{
    names.insert("balancer");
    std::vector<std::string> known;
    for (const ReplicaSpec& replica : scenario.replicas)
        known.push_back(replica.name);
    const auto some = [&] {
        std::vector<std::string> chosen;
        std::copy_if(known.begin(), known.end(), std::back_inserter(chosen),
                     [](const std::string&) { return perhaps(); });
        return chosen;
    };
    for (int count = whole(0, 3); count > 0; --count) {
        BalancerSpec balancer;
        balancer.name = newName(names);
        balancer.product = oneOf<std::string>({"custom", "envoy"});
        balancer.weight = whole(0, 1);
        balancer.servers = some();
        if (balancer.product == "envoy" && perhaps())
            balancer.zones = {"z1", "on"};
        balancer.sharedSessions = perhaps();
        known.push_back(balancer.name);
        scenario.balancers.insert(scenario.balancers.begin(), balancer);
        RouteSpec route {.to = balancer.name};
        if (perhaps())
            route.host = oneOf<std::string>({"api.example", "5"});
        if (perhaps())
            route.path = anyText("/", 100);
        scenario.routes.push_back(route);
    }
    scenario.balancer.servers = some();
    scenario.balancer.sharedSessions = perhaps();
}

// Servers that wait for others, or leave requests to one, where every balancer has them.
void addRoles(Scenario& scenario, Abilities can)
{
    for (const BalancerSpec& balancer : scenario.balancers)
        can.keepRoles(*findProduct(balancer.product));
    for (ReplicaSpec& replica : scenario.replicas) {
        replica.backup = can.backups && perhaps();
        replica.spare = can.spares && !replica.backup && perhaps();
        if (can.redirects && perhaps())
            replica.redirect = oneOf<std::string>({"r1", "on"});
    }
}

bool hasNamesTwice(const Scenario& scenario)
{
    const auto clients = clientNames(scenario);
    return std::set<std::string>(clients.begin(), clients.end()).size() != clients.size();
}

Scenario anyScenario()
{
    Scenario scenario;
    if (perhaps())
        scenario.title = anyText("", 200);
    if (perhaps())
        scenario.about = anyText("", 1000);
    scenario.seed = *rc::gen::inRange<std::uint64_t>(0, std::uint64_t {1} << 63U);
    scenario.duration = anyTime(1ms, longestTime);
    scenario.starts = WallSeconds(
        std::chrono::seconds(*rc::gen::inRange<std::int64_t>(0, 253402300800))); // until 9999
    if (perhaps())
        scenario.origin = anyUrl();
    if (perhaps())
        scenario.target = anyUrl();
    scenario.travel = anyTime({}, 1h);
    addLanes(scenario);
    const Abilities can = abilitiesOf(scenario);
    std::set<std::string> names;
    for (int count = whole(1, 4); count > 0; --count)
        scenario.replicas.push_back(anyReplica(names, can.largestWeight));
    addBalancers(scenario, names);
    addRoles(scenario, can);
    scenario.balancer.sticky = anySticky(can);
    if (perhaps() && scenario.lanes != offAndOn())
        scenario.balancer.sticky.reset();
    scenario.balancer.settings = anySettings(can.settings);
    test::takeBackRefused(scenario);
    scenario.balancer.count = whole(1, 16);
    scenario.balancer.perConnection = perhaps();
    if (perhaps())
        scenario.balancer.answerTimeout = anyTime(1ms, longestTime);
    if (perhaps())
        scenario.sessionCookie = oneOf<std::string>({"JSESSIONID", "on", "5"});
    scenario.sessionRoute = perhaps();
    scenario.pathCookies = perhaps() ? 0 : whole(1, 4000);
    for (int count = whole(0, 2); count > 0; --count)
        scenario.assertions.push_back(
            oneOf<std::string>({"on.stickiness >= 0.99", "broken == 0", "a.b-c != 1e3"}));
    if (scenario.replicas.size() > 1 && perhaps())
        scenario.replicas.back().joins = anyTime({}, longestTime - 1s);
    if (perhaps())
        scenario.replicas.back().leaves =
            anyTime(scenario.replicas.back().joins + 1ns, longestTime);
    if (perhaps()) {
        HealthCheck& check = scenario.balancer.healthCheck.emplace();
        check.every = anyTime(10ms, longestTime);
        if (perhaps())
            check.fall = whole(1, 1000);
        if (perhaps())
            check.rise = whole(1, 1000);
        if (perhaps())
            check.timeout = anyTime(1ms, longestTime);
    }
    names.clear();
    for (int count = whole(1, 4); count > 0; --count)
        scenario.clients.push_back(anyClient(names));
    for (int count = whole(0, 4); count > 0; --count)
        scenario.timeline.push_back(anyEntry(scenario));
    return scenario;
}

} // namespace

TEST_CASE("Every shipped scenario is written as what was read")
{
    for (const char* name : {"three-replicas.sticky.yaml", "redispatch.sticky.yaml",
                             "websocket-reconnects.sticky.yaml"}) {
        CAPTURE(name);
        const auto scenario = shipped(name);
        const std::string text = writeScenario(*scenario);
        const auto read = readScenario(text, "written");
        CAPTURE(read.error());
        REQUIRE(read);
        CHECK(*read == *scenario);
        CHECK(writeScenario(*read) == text);
    }
}

TEST_CASE("A scenario is laid out as the shipped files are")
{
    const auto scenario = shipped("three-replicas.sticky.yaml");
    scenario->title = "It's \"on\": 50 %";
    scenario->about = "What it shows: that 1 < 2.";
    CHECK(writeScenario(*scenario) == R"yaml(version: 1
title: "It's \"on\": 50 %"
about: "What it shows: that 1 < 2."
seed: 6
travel: 400ms
replicas:
  - {name: server-1, slots: 4, service-time: {lognormal: {mean: 600ms, p99: 1500ms}}}
  - {name: server-2, slots: 4, service-time: {lognormal: {mean: 600ms, p99: 1500ms}}}
  - {name: server-3, slots: 4, service-time: {lognormal: {mean: 600ms, p99: 1500ms}}}
balancer:
  product: traefik
  algorithm: wrr
  sticky: {cookie: ws-session, path: /}
  health-check: {every: 2s}
clients:
  - {name: client, kind: browser, count: 6, path: /cart}
timeline:
  - {at: 20s, stop: server-2}
)yaml");
}

TEST_CASE("What is written of any scenario is read as the same one")
{
    CHECK(rc::check([] {
        const Scenario scenario = *rc::gen::exec(anyScenario).as("scenario");
        const auto read = readScenario(writeScenario(scenario), "written");
        if (hasNamesTwice(scenario)) {
            RC_ASSERT(!read);
            return;
        }
        if (!read)
            RC_FAIL(read.error());
        RC_ASSERT(*read == scenario);
    }));
}

TEST_CASE("Times and rates keep their nanoseconds")
{
    CHECK(rc::check([] {
        const Duration time = anyTime({}, longestTime);
        RC_ASSERT(readTime(writeTime(time)) == time);
        const Duration gap = anyTime(1us, longestTime);
        RC_ASSERT(readRate(writeRate(gap)) == gap);
    }));
    CHECK(writeRate(2s) == "0.5/s");
    CHECK(writeRate(1us) == "1000000/s");
    CHECK(writeRate(100ms) == "10/s");
    CHECK(writeRate(1h) == "1/h");
    CHECK(writeRate(30s) == "2/m");
}
