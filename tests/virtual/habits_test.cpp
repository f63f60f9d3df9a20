// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// When clients send, and what becomes of their cookies on the way.
#include "sim/formats/arrival_files.h"
#include "sim/virtual/virtual_world.h"
#include "tests/support/scenarios.h"

#include <cmath>
#include <doctest/doctest.h>
#include <map>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::chrono_literals;

namespace {

std::shared_ptr<Scenario> inHabit(const std::string& client, const std::string& more = "",
                                  const std::string& balancer = "{product: traefik}")
{
    return scenarioFrom("version: 1\nreplicas: [{name: a, slots: 1000}, {name: b, slots: 1000}]\n"
                        "balancer: "
                        + balancer + "\nclients: [{name: x, " + client
                        + "}]\nlanes: [{name: one}]\n" + more);
}

std::vector<Observation> seen(const std::shared_ptr<const Scenario>& scenario, ObservationKind kind)
{
    VirtualWorld world(scenario, LaneIndex {0});
    Recorder recorder;
    world.advance(Instant(scenario->duration), recorder);
    std::erase_if(recorder.all, [kind](const Observation& one) { return one.kind != kind; });
    return recorder.all;
}

std::uint64_t switches(const std::shared_ptr<const Scenario>& scenario)
{
    return run(scenario).lanes[0].switches;
}

} // namespace

TEST_CASE("A burst is so many requests at one moment, again and again")
{
    const auto sent =
        seen(inHabit("kind: load, count: 2, bursts: {every: 10s, requests: 5}", "duration: 60s\n"),
             ObservationKind::sent);
    std::map<Instant, int> moments;
    for (const Observation& one : sent)
        ++moments[one.at];
    CHECK(moments.size() == 12);
    for (const auto& [at, count] : moments)
        CHECK(count == 5);
}

TEST_CASE("A daily curve gives each hour its share, and a silent night none")
{
    // 0 from 0 h to 6 h, up to one a second at 12 h, and down to 0 at 24 h: 10,800 by noon and
    // twice as many after it, for each client.
    const auto sent =
        seen(inHabit("kind: load, count: 3, jar: none, daily: [{at: 0s, rate: 0/s}, {at: 6h, rate: "
                     "0/s}, {at: 12h, rate: 1/s}]",
                     "duration: 24h\n"),
             ObservationKind::sent);
    double night = 0;
    double morning = 0;
    double rest = 0;
    for (const Observation& one : sent) {
        const Duration at = one.at.time_since_epoch();
        (at < 6h ? night : at < 12h ? morning : rest) += 1;
    }
    CHECK(night == 0);
    // Five standard deviations of a Poisson count.
    CHECK(std::abs(morning - 32400) < 5 * std::sqrt(32400));
    CHECK(std::abs(rest - 64800) < 5 * std::sqrt(64800));
}

TEST_CASE("The curve's hours are those of the day on which the scenario starts")
{
    const auto sent =
        seen(inHabit("kind: load, daily: [{at: 5h, rate: 0/s}, {at: 6h, rate: 1/s}, {at: 7h, rate: "
                     "0/s}]",
                     "starts: 2026-03-01T04:00:00Z\nduration: 24h\n"),
             ObservationKind::sent);
    CHECK(sent.size() > 3000);
    for (const Observation& one : sent)
        CHECK((one.at >= Instant(1h) && one.at <= Instant(3h)));
}

TEST_CASE("A trace is followed to the nanosecond, its clients in turn")
{
    auto scenario = inHabit("kind: load, count: 2, trace: times.txt");
    scenario->clients[0].arrivals = std::make_shared<const std::vector<Duration>>(
        *readArrivals("0\n0.5\n0.5\n7.25\n99\n", "t"));
    const auto sent = seen(scenario, ObservationKind::sent);
    REQUIRE(sent.size() == 4);
    const std::vector<Duration> times {0s, 500ms, 500ms, 7250ms};
    for (std::size_t place = 0; place < sent.size(); ++place) {
        CHECK(sent[place].at == Instant(times[place]));
        CHECK(raw(sent[place].client) == place % 2);
    }
}

TEST_CASE("A trace that nobody has read sends nothing")
{
    CHECK(seen(inHabit("kind: load, trace: times.txt"), ObservationKind::sent).empty());
}

TEST_CASE("A load generator waits for no answer; its jar is one for each, one for all, or none")
{
    const std::string slow = "kind: load, count: 10, rate: 1/s, jar: ";
    const auto share = [&](const std::string& jar) {
        const auto result = run(inHabit(slow + jar, "duration: 60s\n"));
        CHECK(result.lanes[0].requests > 450);
        return result.lanes[0];
    };
    CHECK(*share("own").stickiness == 1);
    const LaneResult shared = share("shared");
    CHECK(shared.imbalance->busiestOverMean > 1.9);
    const LaneResult none = share("none");
    CHECK(none.imbalance->busiestOverMean < 1.1);
    CHECK(*none.stickiness < 0.7);
}

TEST_CASE("Clear-Site-Data at logout takes the sticky cookie too, over TLS alone")
{
    const std::string client =
        "kind: browser, count: 6, think-time: {exponential: 500ms}, session: "
        "{requests: 0}";
    const std::string https = "origin: https://app.example\nsession-cookie: sid\n";
    CHECK(switches(inHabit(client, https)) == 0);
    const auto sessions = [](const std::vector<Observation>& answered) {
        return std::count_if(answered.begin(), answered.end(), [](const Observation& one) {
            return one.session == SessionMark::begins;
        });
    };
    const auto cleared = inHabit(client + ", logout: {after: 10}", https);
    const auto kept = inHabit(client + ", logout: {after: 10, clears: session}", https);
    const auto plain = inHabit(client + ", logout: {after: 10}", "session-cookie: sid\n");
    const auto all = seen(cleared, ObservationKind::answered);
    CHECK(sessions(all) > 40);
    CHECK(sessions(seen(kept, ObservationKind::answered)) > 40);
    // Each ten answers of a client are one session, on one server; the next may be elsewhere.
    const auto moves = [&](const std::shared_ptr<const Scenario>& scenario) {
        std::map<ClientIndex, ReplicaIndex> last;
        int moved = 0;
        for (const Observation& one : seen(scenario, ObservationKind::answered)) {
            const auto before = last.find(one.client);
            moved += before != last.end() && before->second != one.replica ? 1 : 0;
            last[one.client] = one.replica;
        }
        return moved;
    };
    CHECK(moves(cleared) > 10);
    CHECK(moves(kept) == 0);
    CHECK(moves(plain) == 0);
}

TEST_CASE("A client that strips quotes is unknown to who must have them, and to nobody else")
{
    const auto moved = [](const std::string& habit, const std::string& balancer) {
        return switches(inHabit("kind: curl, jar: own, count: 4, rate: 1/s" + habit,
                                "duration: 20s\n", balancer));
    };
    const std::string quoting = "{product: custom, sticky: {cookie: c, in-quotes: true}}";
    CHECK(moved("", quoting) == 0);
    CHECK(moved(", quotes: stripped", quoting) > 10);
    CHECK(moved(", quotes: stripped", "{product: custom, sticky: {cookie: c}}") == 0);
    // Envoy writes quotes, and takes the value without them.
    CHECK(moved(", quotes: stripped", "{product: envoy, sticky: {cookie: c}}") == 0);
}

TEST_CASE("What is done to cookies by hand does what its name says")
{
    const std::string client = "kind: browser, count: 6, think-time: {exponential: 500ms}";
    const auto after = [&](const std::string& what, const std::string& balancer) {
        return switches(inHabit(client, "timeline: [{at: 30s, " + what + "}]\n", balancer));
    };
    const std::string session = "{product: traefik}";
    const std::string dated = "{product: traefik, sticky: {cookie: lb, max-age: 1h}}";
    CHECK(after("take-cookies: all", session) > 0);
    CHECK(after("delete-sticky-cookie: all", session) > 0);
    CHECK(after("tamper-cookies: all", session) > 0);
    CHECK(after("close-browser: all", session) > 0);
    CHECK(after("close-browser: all", dated) == 0);
    CHECK(after("expire-cookies: all", dated) > 0);
    CHECK(after("expire-cookies: all", session) == 0);
    CHECK(after("share-cookies: {from: x-1, to: all}", session) > 0);
    CHECK(after("swap-cookies: {of: x-1, with: x-2}", session) == 2);
    CHECK(after("swap-cookies: {of: x-1, with: x-1}", session) == 0);
    CHECK(after("mend: all", session) == 0);
}

TEST_CASE("A jar that all share is changed once, not once for each of them")
{
    const std::string client = "kind: browser, count: 2, jar: shared, think-time: {exponential: "
                               "500ms}";
    const auto result = seen(inHabit(client, "timeline: [{at: 30s, tamper-cookies: all}]\n"),
                             ObservationKind::answered);
    const auto unknown = std::count_if(result.begin(), result.end(), [](const Observation& one) {
        return one.cookieIn == CookieIn::unknown;
    });
    CHECK(unknown >= 1);
}

TEST_CASE("Cookies of each path add up until the head is too large for the balancer")
{
    std::string paths = "[";
    for (int page = 0; page < 12; ++page)
        paths += (page ? ", /p" : "/p") + std::to_string(page);
    const std::string client =
        "kind: browser, think-time: 1s, paths: " + paths + "], session: {requests: 0}";
    const auto failed = [&](const std::string& product, int octets) {
        return seen(inHabit(client, "path-cookies: " + std::to_string(octets) + "\n",
                            "{product: " + product + "}"),
                    ObservationKind::failed);
    };
    const auto nginx = failed("nginx", 1000);
    REQUIRE(!nginx.empty());
    CHECK(nginx[0].status == 400);
    CHECK(nginx[0].replica == noReplica);
    CHECK(failed("nginx", 500).empty());
    CHECK(failed("envoy", 1000).empty());
    CHECK(failed("traefik", 4000).empty());
    CHECK(!failed("haproxy", 2000).empty());
    CHECK(failed("haproxy", 1000).empty());
}
