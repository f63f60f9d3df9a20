// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/request_join.h"

#include <algorithm>
#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::lab;

namespace {

constexpr auto a = static_cast<ReplicaIndex>(0);
constexpr auto b = static_cast<ReplicaIndex>(1);

live::LiveAnswer answerOf(const std::string& id, const std::string& replica)
{
    live::LiveAnswer answer;
    answer.id = id;
    answer.replica = replica;
    answer.failure = replica.empty() ? Failure::timedOut : Failure::none;
    return answer;
}

ProxyRecord recordOf(const std::string& id, ReplicaIndex replica, int attempts = 1)
{
    return {.requestId = id,
            .replica = replica,
            .attempts = attempts,
            .answered = replica != noReplica};
}

live::LiveAnswer requestOf(const std::string& id)
{
    live::LiveAnswer request;
    request.id = id;
    return request;
}

void answers(RequestJoin& join, ReplicaIndex replica, const std::string& id)
{
    join.replicaAnswered(replica, id, ClientIndex {}, 0);
}

void goesWell(RequestJoin& join, const std::string& id, ReplicaIndex replica)
{
    join.sent(requestOf(id));
    answers(join, replica, id);
    join.balancerEnded(recordOf(id, replica));
    join.clientEnded(answerOf(id, replica == a ? "a" : "b"));
}

} // namespace

TEST_CASE("What client, balancer and replica tell alike is joined, whoever tells first")
{
    RequestJoin join({"a", "b"}, {});
    goesWell(join, "1", a);
    join.sent(requestOf("2"));
    answers(join, b, "2");
    join.clientEnded(answerOf("2", "b"));
    CHECK(*join.reconciled({}).joined == 1);
    CHECK(join.reconciled({}).differences
          == std::vector<std::string> {"1 request is still under way."});
    join.balancerEnded(recordOf("2", b));
    const Reconciliation all = join.reconciled({});
    CHECK(*all.joined == 2);
    CHECK(all.differences.empty());
    CHECK(all.replicas == std::vector<ReconciledReplica> {{"a", 1, 1, 1}, {"b", 1, 1, 1}});
    CHECK(join.settled({}));
}

TEST_CASE("An answer that comes when the client has given up is named")
{
    RequestJoin join({"a", "b"}, {});
    join.sent(requestOf("1"));
    CHECK_FALSE(join.settled({}));
    join.clientEnded(answerOf("1", ""));
    join.balancerEnded(recordOf("1", noReplica));
    CHECK(join.reconciled({}).differences.empty());
    answers(join, b, "1");
    CHECK(join.reconciled({}).differences
          == std::vector<std::string> {"1 answer of a replica never reached the client."});
    CHECK(*join.reconciled({}).joined == 0);
}

TEST_CASE("A request that the balancer refused is no difference")
{
    RequestJoin join({"a", "b"}, {});
    join.sent(requestOf("1"));
    join.balancerEnded(recordOf("1", noReplica, 0));
    join.clientEnded(answerOf("1", ""));
    CHECK(join.reconciled({}).differences.empty());
}

TEST_CASE("An answer of the balancer's own to a visitor, after it had tried, is no difference")
{
    RequestJoin join({"a", "b"}, {});
    join.balancerEnded(recordOf("x", noReplica, 2));
    const auto said = join.reconciled({}).differences;
    CHECK(std::none_of(said.begin(), said.end(), [](const std::string& one) {
        return one.find("names a replica") != std::string::npos;
    }));
    CHECK(join.settled({}));
}

TEST_CASE("Two replicas that answer the same request, and names that do not fit, are named")
{
    RequestJoin join({"a", "b"}, {});
    join.sent(requestOf("1"));
    answers(join, a, "1");
    answers(join, b, "1");
    join.balancerEnded(recordOf("1", b, 2));
    join.clientEnded(answerOf("1", "b"));
    join.sent(requestOf("2"));
    answers(join, a, "2");
    join.balancerEnded(recordOf("2", b, 2));
    join.clientEnded(answerOf("2", "b"));
    CHECK(join.reconciled({}).differences
          == std::vector<std::string> {
              "1 request was answered by more than one replica: the balancer had tried again.",
              "1 request is told differently: client, balancer and replica do not name the same "
              "server."});
}

TEST_CASE("Other people's requests are in two columns, and that is said")
{
    RequestJoin join({"a", "b"}, {});
    join.replicaAnswered(a, "x", noClient, 0);
    join.balancerEnded(recordOf("x", a));
    const Reconciliation all = join.reconciled({});
    CHECK(all.replicas[0] == ReconciledReplica {"a", 0, 1, 1});
    CHECK(all.differences
          == std::vector<std::string> {
              "1 request came from others than our clients: balancer and replicas count them."});
}

TEST_CASE("A visitor may use a name again, also for several requests at a time")
{
    RequestJoin join({"a", "b"}, {});
    for (const ReplicaIndex replica : {a, b, a}) { // one after the other
        join.replicaAnswered(replica, "x", noClient, 0);
        join.balancerEnded(recordOf("x", replica));
    }
    for (const ReplicaIndex replica : {a, b, b})
        join.replicaAnswered(replica, "y", noClient, 0);
    join.balancerEnded(recordOf("y", b));
    join.balancerEnded(recordOf("y", a));
    CHECK_FALSE(join.settled({}));
    CHECK(join.reconciled({}).differences.front() == "1 request is still under way.");
    join.balancerEnded(recordOf("y", b));
    CHECK(join.settled({}));
    CHECK(join.reconciled({}).differences
          == std::vector<std::string> {
              "6 requests came from others than our clients: balancer and replicas count them."});
    // One of ours that has the same name as another's: nothing was tried again.
    join.sent(requestOf("z"));
    answers(join, a, "z");
    join.replicaAnswered(b, "z", noClient, 0);
    join.balancerEnded(recordOf("z", a));
    join.clientEnded(answerOf("z", "a"));
    CHECK(join.reconciled({}).differences.front()
          == "1 X-Request-Id was used for more than one request: which of them is whose cannot be "
             "told.");
}

TEST_CASE("A visitor's request that the balancer tried again is said to be that")
{
    RequestJoin join({"a", "b"}, {});
    join.replicaAnswered(a, "x", noClient, 0); // too late
    join.replicaAnswered(b, "x", noClient, 0);
    join.balancerEnded(recordOf("x", b, 2));
    CHECK(join.reconciled({}).differences
          == std::vector<std::string> {
              "1 request was answered by more than one replica: the balancer had tried again."});
}

TEST_CASE("What comes past the balancer is in no column, and is not under way")
{
    for (const bool ours : {true, false}) {
        RequestJoin join({"a", "b"}, {.balancer = ours});
        join.passedBy();
        CHECK(join.settled({0, 0}));
        CHECK(join.reconciled({}).replicas[0].replica == 0);
        CHECK(join.reconciled({}).differences
              == std::vector<std::string> {
                  "1 request came past the balancer, straight to a replica: no column counts "
                  "that."});
    }
}

TEST_CASE("Before somebody's own servers client and balancer are compared, by the request's id")
{
    RequestJoin join({"a", "b"}, {.replicas = false});
    const auto goes = [&join](const std::string& id, ReplicaIndex replica, const char* named) {
        join.sent(requestOf(id));
        join.balancerEnded(recordOf(id, replica));
        live::LiveAnswer answer = answerOf(id, named);
        answer.failure = Failure::none;
        join.clientEnded(answer);
    };
    goes("1", a, "");
    goes("2", b, "b"); // it names itself
    goes("3", noReplica, ""); // the balancer's own 400
    join.balancerEnded(recordOf("curl", b));
    Reconciliation counts = join.reconciled({});
    CHECK(counts.joined == 2);
    REQUIRE(counts.replicas.size() == 2);
    CHECK(counts.replicas[0].clients == 1);
    CHECK(counts.replicas[0].balancer == 1);
    CHECK(counts.replicas[1].clients == 1);
    CHECK(counts.replicas[1].balancer == 2);
    CHECK_FALSE(counts.replicas[1].replica);
    CHECK(counts.differences
          == std::vector<std::string> {
              "1 request came from others than our clients: the balancer counts them."});
    CHECK(join.settled({}));
    join.sent(requestOf("4"));
    join.balancerEnded(recordOf("4", a));
    CHECK_FALSE(join.settled({}));
    join.clientEnded(answerOf("4", "")); // it had given up
    goes("5", a, "b");
    counts = join.reconciled({});
    REQUIRE(counts.differences.size() == 3);
    CHECK(counts.differences[0] == "1 answer of a replica never reached the client.");
    CHECK(counts.differences[1]
          == "1 request is told differently: client and balancer do not name the same server.");
}

TEST_CASE("A program that renames requests does not hide whose they were")
{
    RequestJoin join({"a", "b"}, {.balancer = false});
    join.sent(requestOf("ours"));
    join.replicaAnswered(a, "the program's own", ClientIndex {}, 0);
    join.clientEnded(answerOf("ours", "a"));
    CHECK(*join.reconciled({}).joined == 1);
    CHECK(join.reconciled({}).differences.empty());
}

TEST_CASE("A program's statistics stand beside what clients and replicas joined")
{
    RequestJoin join({"a", "b"}, {.balancer = false});
    join.sent(requestOf("1"));
    answers(join, a, "1");
    join.clientEnded(answerOf("1", "a"));
    CHECK_FALSE(join.reconciled({}).replicas[0].balancer);
    const Reconciliation all = join.reconciled({3, std::nullopt});
    CHECK(*all.joined == 1);
    CHECK(all.replicas[0] == ReconciledReplica {"a", 1, 3, 1});
    CHECK(all.differences
          == std::vector<std::string> {
              "a: the balancer's statistics count 2 requests more than the replica has answered."});
}

TEST_CASE("Where a program counts fewer, it is said how many WebSockets are still open")
{
    RequestJoin join({"a", "b"}, {.balancer = false});
    join.sent(requestOf("1"));
    answers(join, a, "1");
    join.clientEnded(answerOf("1", "a"));
    CHECK(join.reconciled({0, 0}, {1, 0}).differences
          == std::vector<std::string> {
              "a: the balancer's statistics count 1 request fewer than the replica has answered; 1 "
              "WebSocket is still open, which some programs count when they are closed."});
    CHECK(join.reconciled({0, 0}, {0, 0}).differences
          == std::vector<std::string> {"a: the balancer's statistics count 1 request fewer than "
                                       "the replica has answered."});
}

TEST_CASE("Of several balancers each counts what came through it")
{
    RequestJoin join({"a", "b"}, {.balancers = {"front", "left", "right"}});
    const auto goes = [&join](const std::string& id, ReplicaIndex replica, int behind) {
        ProxyRecord record = recordOf(id, replica);
        record.through = {behind};
        join.balancerEnded(record);
        answers(join, replica, id);
    };
    goes("1", a, 1);
    goes("2", a, 2);
    goes("3", b, 2);
    const Reconciliation counts = join.reconciled({});
    CHECK(counts.balancers == std::vector<std::string> {"front", "left", "right"});
    CHECK(counts.replicas[0].each == std::vector<std::uint64_t> {2, 1, 1});
    CHECK(counts.replicas[1].each == std::vector<std::uint64_t> {1, 0, 1});
    // All of them together are still one number.
    CHECK(counts.replicas[0].balancer == 2);
}
