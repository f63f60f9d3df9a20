// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/agreement.h"

#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <numeric>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

/// Clients with so many answers of each of three replicas, and so many switches.
struct Row
{
    std::vector<Count> replicas;
    Count switches = 0;
};

LaneResult laneOf(const std::vector<Row>& rows)
{
    LaneResult lane;
    lane.replicas = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
    for (const Row& row : rows) {
        const Count requests = std::accumulate(row.replicas.begin(), row.replicas.end(), Count {0});
        lane.clients.push_back({.name = "c-" + std::to_string(lane.clients.size()),
                                .requests = requests,
                                .followUps = requests - 1,
                                .switches = row.switches,
                                .replicas = row.replicas});
    }
    return lane;
}

const AgreementRow& rowOf(const AgreementResult& agreement, const std::string& name)
{
    for (const AgreementRow& row : agreement.rows) {
        if (row.name == name)
            return row;
    }
    FAIL("no row for ", name);
    return agreement.rows.front();
}

const char* const randomBalancer = R"(
version: 1
seed: SEED
duration: 40s
replicas: [{name: a}, {name: b}, {name: c, weight: WEIGHT}]
balancer: {product: haproxy, algorithm: random, sticky: {cookie: SRV}}
clients: [{name: x, kind: browser, count: 20, think-time: {exponential: 1s}, session: {requests: 0}}]
lanes: [{name: one, STICKY}]
)";

LaneResult randomLane(int seed, int weight, bool sticky)
{
    std::string yaml = randomBalancer;
    yaml.replace(yaml.find("SEED"), 4, std::to_string(seed));
    yaml.replace(yaml.find("WEIGHT"), 6, std::to_string(weight));
    yaml.replace(yaml.find("STICKY"), 6, sticky ? "algorithm: random" : "sticky: none");
    return run(scenarioFrom(yaml)).lanes[0];
}

} // namespace

TEST_CASE("Equal lanes agree to the last digit")
{
    const LaneResult lane =
        laneOf({{{4, 3, 3}, 6}, {{3, 4, 3}, 5}, {{3, 3, 4}, 6}, {{5, 3, 2}, 4}, {{2, 4, 4}, 7}});
    const AgreementResult agreement = agreementOf(lane, lane);
    CHECK(agreement.clients == 5);
    CHECK(agreement.rows.size() == 4);
    for (const AgreementRow& row : agreement.rows) {
        CHECK(row.model == row.real);
        CHECK(row.p == 1);
        CHECK(row.low == 0);
    }
    CHECK_FALSE(agreement.moreThanChance);
}

TEST_CASE("The interval is that of the clients' paired differences")
{
    // Each client 10 requests, so that ratios are plain means: shares of a differ by
    // 0.1, 0.2, 0, 0.1, 0.1. Their mean is 0.1, their standard error 0.0316228; Student's t with 4
    // degrees of freedom is 2.776445 at 97.5 %, and 3.162278 has a two-sided p of 0.034096.
    const LaneResult model =
        laneOf({{{3, 7, 0}}, {{3, 7, 0}}, {{3, 7, 0}}, {{3, 7, 0}}, {{3, 7, 0}}});
    const LaneResult real =
        laneOf({{{4, 6, 0}}, {{5, 5, 0}}, {{3, 7, 0}}, {{4, 6, 0}}, {{4, 6, 0}}});
    const AgreementResult agreement = agreementOf(model, real);
    const AgreementRow& row = rowOf(agreement, "a");
    CHECK(row.model == doctest::Approx(0.3));
    CHECK(row.real == doctest::Approx(0.4));
    CHECK(row.low == doctest::Approx(0.1 - 2.776445 * 0.0316228).epsilon(1e-5));
    CHECK(row.high == doctest::Approx(0.1 + 2.776445 * 0.0316228).epsilon(1e-5));
    // Four rows: Holm counts the smallest four times.
    CHECK(row.p == doctest::Approx(4 * 0.034096).epsilon(1e-4));
    CHECK_FALSE(agreement.moreThanChance);
}

TEST_CASE("The difference is that of the lanes' own figures, however many requests each client has")
{
    const LaneResult model =
        laneOf({{{30, 0, 0}, 9}, {{1, 2, 0}, 2}, {{0, 5, 1}, 0}, {{7, 7, 7}, 3}, {{1, 0, 9}, 1}});
    const LaneResult real =
        laneOf({{{9, 9, 0}, 7}, {{4, 2, 0}, 1}, {{0, 8, 8}, 5}, {{2, 7, 1}, 2}, {{6, 0, 9}, 3}});
    const AgreementResult agreement = agreementOf(model, real);
    CHECK(rowOf(agreement, "a").model == doctest::Approx(39.0 / 70));
    CHECK(rowOf(agreement, "a").real == doctest::Approx(21.0 / 65));
    CHECK(rowOf(agreement, "stickiness").model == doctest::Approx(1 - 15.0 / 65));
    CHECK((rowOf(agreement, "a").low + rowOf(agreement, "a").high) / 2
          == doctest::Approx(21.0 / 65 - 39.0 / 70));
}

TEST_CASE("Too few clients say nothing about chance, and that is said")
{
    const ComparisonResult comparison =
        compareToModel(laneOf({{{9, 0, 0}}, {{9, 0, 0}}}), laneOf({{{0, 9, 0}}, {{0, 9, 0}}}));
    CHECK(comparison.agreement->rows.empty());
    CHECK(comparison.agreement->clients == 2);
    CHECK(comparison.sentence.find("Too few clients") == 0);
}

TEST_CASE("While no request has followed another one, nothing is said of those that stayed")
{
    const LaneResult once =
        laneOf({{{1, 0, 0}}, {{0, 1, 0}}, {{0, 0, 1}}, {{1, 0, 0}}, {{0, 1, 0}}});
    const ComparisonResult comparison = compareToModel(once, once);
    CHECK(comparison.agreement->rows.size() == 3);
    CHECK(comparison.sentence
          == "Model and real differ by no more than chance in 5 clients: at most 0.0 points in a "
             "server's share; "
             "no request of a client has followed another one yet.");
}

TEST_CASE("Visitors of the real lane, and clients without an answer, are left out")
{
    LaneResult model = laneOf({{{9, 1, 0}}, {{8, 1, 1}}, {{9, 1, 0}}, {{8, 1, 1}}, {{9, 0, 1}}});
    LaneResult real = model;
    real.clients.push_back({.name = "curl", .requests = 50, .replicas = {0, 50, 0}});
    CHECK(agreementOf(model, real).clients == 5);
    model.clients[4].requests = 0;
    CHECK(agreementOf(model, real).clients == 4);
}

TEST_CASE("Two runs of the same kind are told apart about as seldom as chance says")
{
    // 5 % of 200 are 10; more than 20 would come once in 500 such tests.
    int apart = 0;
    for (int seed = 1; seed <= 100; ++seed) {
        for (const bool sticky : {false, true})
            apart += agreementOf(randomLane(seed, 1, sticky), randomLane(seed + 1000, 1, sticky))
                         .moreThanChance
                ? 1
                : 0;
    }
    MESSAGE("told apart: ", apart, " of 200");
    CHECK(apart <= 20);
}

TEST_CASE("Another weight, and stickiness that is missing, are found")
{
    for (int seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        CHECK(agreementOf(randomLane(seed, 1, false), randomLane(seed + 1000, 3, false))
                  .moreThanChance);
        const ComparisonResult comparison =
            compareToModel(randomLane(seed, 1, true), randomLane(seed, 1, false));
        CHECK(comparison.agreement->moreThanChance);
        CHECK(comparison.sentence.find(
                  "differ by more than chance in requests that stayed: model 100.0 %")
              != std::string::npos);
    }
}
