// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Picks as the real balancers made them: HAProxy 2.6.12, nginx 1.22.1, Traefik 3.7.15, Envoy
// 1.40.0, Caddy 2.6.2, Apache 2.4.71.
#include "tests/support/trial.h"

#include <algorithm>

using namespace stickyscope;
using namespace stickyscope::test;

namespace {

std::string repeated(const std::string& period, std::size_t length)
{
    std::string text;
    while (text.size() < length)
        text += period;
    return text.substr(0, length);
}

// What came of one fresh request after each one that was bound to the first replica.
std::string beside(const std::string& id, const std::vector<int>& weights, int count,
                   int before = 1)
{
    Trial trial(id, weights);
    trial.fresh(before);
    std::string picks;
    while (static_cast<int>(picks.size()) < count) {
        trial.bound('a');
        picks += trial.fresh();
    }
    return picks;
}

} // namespace

TEST_CASE("Fresh requests one at a time go where the real balancer sent them")
{
    struct Row
    {
        std::string id;
        std::string equal;
        std::string fiveOneOne;
        std::string threeTwoOne;
    };
    for (const Row& row : {
             Row {"nginx-round-robin", "abc", "aabacaa", "abacba"},
             Row {"smooth-weighted-round-robin", "abc", "aabacaa", "abacba"},
             Row {"nginx-least-conn", "abc", "aabacaa", "abacba"},
             Row {"apache-byrequests", "abc", "aabacaa", "abacba"},
             Row {"apache-bybusyness", "abc", "aabacaa", "abacba"},
             Row {"haproxy-roundrobin", "abc", "aaabaac", "abacab"},
             Row {"haproxy-static-rr", "abc", "aaabaac", "aababc"},
             Row {"haproxy-leastconn", "abc", "abc", "abc"},
             Row {"first", "a", "a", "a"},
         }) {
        CAPTURE(row.id);
        CHECK(Trial(row.id, {1, 1, 1}).fresh(36) == repeated(row.equal, 36));
        CHECK(Trial(row.id, {5, 1, 1}).fresh(36) == repeated(row.fiveOneOne, 36));
        CHECK(Trial(row.id, {3, 2, 1}).fresh(36) == repeated(row.threeTwoOne, 36));
    }
    CHECK(Trial("caddy-round-robin", {1, 1, 1}).fresh(36) == repeated("bca", 36));
    // By its source alone: it came with 2.7.
    CHECK(Trial("caddy-weighted-round-robin", {5, 1, 1}).fresh(36) == repeated("aaaabca", 36));
}

TEST_CASE("Envoy begins anywhere in its period, and takes unequal weights in turn, not mixed")
{
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        for (const char* id : {"envoy-round-robin", "envoy-least-request"}) {
            CHECK(repeated("aaaaabc", 43).find(Trial(id, {5, 1, 1}, {}, seed).fresh(36))
                  != std::string::npos);
            CHECK(repeated("abacba", 42).find(Trial(id, {3, 2, 1}, {}, seed).fresh(36))
                  != std::string::npos);
        }
        CHECK(repeated("abc", 39).find(Trial("envoy-round-robin", {1, 1, 1}, {}, seed).fresh(36))
              != std::string::npos);
    }
}

TEST_CASE("Traefik's weighted round robin is that of the real one for some shuffle")
{
    const auto someSeedGives = [](const std::vector<int>& weights, const std::string& picks) {
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            if (Trial("traefik-wrr", weights, {}, seed).fresh(36) == picks)
                return true;
        }
        return false;
    };
    CHECK(someSeedGives({1, 1, 1}, "cababcbcacababcbcacababcbcacababcbca"));
    CHECK(someSeedGives({1, 1, 1}, "cbabacacbcbabacacbcbabacacbcbabacacb"));
    CHECK(someSeedGives({5, 1, 1}, "aaaabacaaaaacbaaaabcaaaaacbaaaaabcaa"));
    CHECK(someSeedGives({5, 1, 1}, "aaaacabaaaaabcaaaacbaaaaabcaaaaacbaa"));
    CHECK(someSeedGives({3, 2, 1}, "ababacabaabcababacababacabaabcabaabc"));
}

TEST_CASE("Where bound requests count, they take the bound server's turns")
{
    // 1 bound request before each fresh one, 3 equal servers.
    CHECK(beside("apache-byrequests", {1, 1, 1}, 36) == repeated("bc", 36));
    CHECK(beside("apache-bybusyness", {1, 1, 1}, 36) == repeated("bc", 36));
    CHECK(beside("apache-bytraffic", {1, 1, 1}, 36) == repeated("bc", 36));
    CHECK(beside("haproxy-leastconn", {1, 1, 1}, 36) == repeated("bc", 36));
    CHECK(beside("haproxy-leastconn", {5, 1, 1}, 36) == repeated("bc", 36));
    CHECK(beside("apache-byrequests", {3, 2, 1}, 36) == repeated("bcb", 36));
    CHECK(beside("apache-bybusyness", {3, 2, 1}, 36) == repeated("bcb", 36));
    CHECK(beside("apache-byrequests", {5, 1, 1}, 36) == repeated("bcaabca", 36));
    // nginx lets one in a row count: nobody else comes to the bound server, but it does not fall
    // behind either.
    const std::string picks = beside("nginx-round-robin", {1, 1, 1}, 60, 0);
    CHECK(std::count(picks.begin(), picks.end(), 'a') == 0);
    CHECK(std::count(picks.begin(), picks.end(), 'b') == 30);
    CHECK(std::count(picks.begin(), picks.end(), 'c') == 30);
}

TEST_CASE("Where bound requests do not count, fresh ones go as they would without them")
{
    for (const char* id : {"haproxy-roundrobin", "haproxy-static-rr", "smooth-weighted-round-robin",
                           "traefik-wrr", "envoy-round-robin", "round-robin", "caddy-round-robin",
                           "traefik-leasttime", "nginx-sticky-module-ng"}) {
        CAPTURE(id);
        for (const std::vector<int>& weights : {std::vector {1, 1, 1}, {5, 1, 1}, {3, 2, 1}})
            CHECK(beside(id, weights, 36, 0) == Trial(id, weights).fresh(36));
    }
}

TEST_CASE("After many bound requests nginx owes its server one turn, Apache all of them")
{
    Trial nginx("nginx-round-robin", {1, 1, 1});
    Trial apache("apache-byrequests", {1, 1, 1});
    for (int number = 0; number < 30; ++number) {
        nginx.bound('a');
        apache.bound('a');
    }
    CHECK(nginx.fresh(6) == "bcabca");
    CHECK(apache.fresh(60) == repeated("bc", 60));
}

TEST_CASE("While requests are held, others go where the real balancer sent them")
{
    struct Row
    {
        std::string id;
        std::vector<int> weights;
        std::string held;
        std::string picks;
    };
    for (const Row& row : {
             Row {"nginx-least-conn", {1, 1, 1}, "a", "bcbcbcbcbcbcbcbcbcbcbcbc"},
             Row {"nginx-least-conn", {1, 1, 1}, "abc", "cbcabcabcabcabcabcabcabc"},
             Row {"nginx-least-conn", {5, 1, 1}, "a", "bcbcbcbcbcbcbcbcbcbcbcbc"},
             Row {"nginx-least-conn", {5, 1, 1}, "abc", "aaaaaaaaaaaaaaaaaaaaaaaa"},
             Row {"nginx-least-conn", {3, 2, 1}, "a", "bbcbbcbbcbbcbbcbbcbbcbbc"},
             Row {"nginx-least-conn", {3, 2, 1}, "abc", "aaaaaaaaaaaaaaaaaaaaaaaa"},
             Row {"haproxy-leastconn", {1, 1, 1}, "b", "cacacacacacacacacacacaca"},
             Row {"haproxy-leastconn", {1, 1, 1}, "bca", "bcabcabcabcabcabcabcabca"},
             Row {"haproxy-leastconn", {5, 1, 1}, "bca", "aaaaaaaaaaaaaaaaaaaaaaaa"},
             Row {"haproxy-leastconn", {3, 2, 1}, "b", "cacacacacacacacacacacaca"},
             Row {"apache-bybusyness", {1, 1, 1}, "a", "bcbcbcbcbcbcbcbcbcbcbcbc"},
             Row {"apache-bybusyness", {1, 1, 1}, "abc", "abcabcabcabcabcabcabcabc"},
             Row {"apache-bybusyness", {5, 1, 1}, "a", "bcbcbcbcbcbcbcbcbcbcbcbc"},
             Row {"apache-bybusyness", {5, 1, 1}, "abc", "aaaaaabacaaaabacaaaabaca"},
             Row {"apache-bybusyness", {3, 2, 1}, "a", "bcbcbbcbcbbcbcbcbbcbcbbc"},
             Row {"apache-bybusyness", {3, 2, 1}, "abc", "abaabacbaabacbaabacbaaba"},
         }) {
        CAPTURE(row.id);
        CAPTURE(row.picks);
        Trial trial(row.id, row.weights);
        // HAProxy's had answered one request before.
        if (row.held.front() == 'b')
            trial.fresh(1);
        std::string held;
        while (held.size() < row.held.size())
            held += trial.hold();
        CHECK(held == row.held);
        CHECK(trial.fresh(24) == row.picks);
    }
}

TEST_CASE("Envoy's unequal weights are divided by the requests in flight when a host's turn ends")
{
    const auto someSeedGives = [](const std::vector<int>& weights, const std::string& held,
                                  const std::string& picks) {
        for (std::uint64_t seed = 1; seed <= 200; ++seed) {
            for (int before = 0; before < 7; ++before) {
                Trial trial("envoy-least-request", weights, {}, seed);
                trial.fresh(before);
                std::string at;
                while (at.size() < held.size())
                    at += trial.hold();
                if (at == held && trial.fresh(24) == picks)
                    return true;
            }
        }
        return false;
    };
    CHECK(someSeedGives({5, 1, 1}, "a", "aabcaaabcaabcaaabcaabcaa"));
    CHECK(someSeedGives({5, 1, 1}, "aaa", "bcabcabcaabcabcabcabcaab"));
    CHECK(someSeedGives({3, 2, 1}, "a", "bacbabcbabacbabcbabacbab"));
    CHECK(someSeedGives({3, 2, 1}, "acb", "abacababacababacababacab"));
}

TEST_CASE("A server that comes back to Apache's bytraffic gets all until it has caught up")
{
    Trial trial("apache-bytraffic", {1, 1, 1});
    trial.setUp('b', false);
    CHECK(trial.fresh(20) == repeated("ac", 20));
    trial.setUp('b', true);
    CHECK(trial.fresh(10) == repeated("b", 10));
    CHECK(trial.fresh(3) == "abc");
}

TEST_CASE("A failure takes weight from a server of nginx, which comes back by one a round")
{
    Trial trial("nginx-round-robin", {4, 4});
    trial.policy->released({.replica = Trial::at('a'), .answered = false});
    // a gains 0, 1, 2, 3, 4, 4, ... against 4.
    CHECK(trial.fresh(12) == "bbababababab");
    Settings none;
    none.set("max-fails", std::int64_t {0});
    Trial patient("nginx-round-robin", {4, 4}, none);
    patient.policy->released({.replica = Trial::at('a'), .answered = false});
    CHECK(patient.fresh(6) == "ababab");
}
