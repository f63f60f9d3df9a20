// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Apache's members that step in for others: redirects and hot spares.
#include "tests/support/sticky_trial.h"

#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

using namespace stickyscope;
using namespace std::chrono_literals;
using test::StickyTrial;

namespace {

constexpr ReplicaIndex s1 {0};
constexpr ReplicaIndex s2 {1};
constexpr ReplicaIndex s3 {2};

/// Four members, each as it is made.
template <typename Make>
StickyTrial trialOf(Make make, const Settings& settings = {})
{
    ReplicaSet set;
    for (std::size_t place = 0; place < 4; ++place) {
        ReplicaView member = test::serverAt(place);
        make(member);
        set.add(std::move(member));
    }
    return StickyTrial(StickyTrial::specOf(apache, {}, settings), std::move(set));
}

/// How often each gets one of twelve fresh requests.
std::vector<int> shares(StickyTrial& trial)
{
    std::vector<int> counts(4, 0);
    for (int number = 0; number < 12; ++number)
        ++counts.at(raw(trial.ask().decision.replica));
    return counts;
}

} // namespace

TEST_CASE("A redirect leads to another member while the cookie's is down, and its cookie is set")
{
    StickyTrial trial =
        trialOf([](ReplicaView& member) { member.redirect = member.name == "s1" ? "s3" : ""; });
    CHECK(trial.ask("ROUTEID=.s1").setCookies.empty());
    trial.dispatcher.tell(s1, false, {});
    const auto redirected = trial.ask("ROUTEID=.s1");
    CHECK(redirected.recall.state == CookieIn::down);
    CHECK(redirected.decision.replica == s3);
    CHECK(redirected.decision.bound == Bound::yes);
    CHECK(redirected.cookie == "ROUTEID=.s3");
    CHECK(redirected.out == CookieOut::rewritten);
    trial.dispatcher.tell(s1, true, {});
    CHECK(trial.ask("ROUTEID=.s1").decision.replica == s1);
    CHECK(trial.ask("ROUTEID=.s3").decision.replica == s3);
}

TEST_CASE("Redirects are followed on, and a circle of them comes to an end")
{
    const auto circle = [](ReplicaView& member) {
        member.redirect = "s" + std::to_string(1 + (member.name.back() - '0') % 4);
    };
    StickyTrial trial = trialOf(circle);
    trial.dispatcher.tell(s1, false, {});
    trial.dispatcher.tell(s2, false, {});
    CHECK(trial.ask("ROUTEID=.s1").decision.replica == s3);
    for (const ReplicaIndex member : {s3, ReplicaIndex {3}})
        trial.dispatcher.tell(member, false, {});
    CHECK(trial.ask("ROUTEID=.s1").decision.status == 503);
}

TEST_CASE("Each member that a bound request passes is taken back once its time is over")
{
    StickyTrial trial = trialOf([](ReplicaView& member) {
        member.redirect = member.name == "s2" ? "s3" : member.name == "s3" ? "s4" : "";
    });
    const auto takesBack = [&](const std::string& cookie, Duration after) {
        return trial.dispatcher.takeBack(Instant(after), trial.recall(cookie));
    };
    trial.dispatcher.failed(s3, {}, Instant(0s));
    trial.dispatcher.failed(s2, {}, Instant(30s));
    CHECK(trial.ask("ROUTEID=.s2").decision.replica == ReplicaIndex {3});
    CHECK_FALSE(takesBack("ROUTEID=.s2", 59s));
    CHECK_FALSE(takesBack("ROUTEID=.s1", 61s));
    CHECK(takesBack("ROUTEID=.s2", 61s) == s3);
    CHECK_FALSE(takesBack("ROUTEID=.s2", 61s));
    CHECK(trial.ask("ROUTEID=.s2").decision.replica == s3);
    CHECK(takesBack("ROUTEID=.s2", 91s) == s2);
}

TEST_CASE("Any request takes back who stands in front of all others that are not in error")
{
    StickyTrial trial = trialOf([](ReplicaView&) {});
    for (const ReplicaIndex member : {s1, s2, ReplicaIndex {3}})
        trial.dispatcher.failed(member, {}, Instant(member == s1 ? 30s : 0s));
    const auto takesBack = [&](Duration after) {
        return trial.dispatcher.takeBack(Instant(after), trial.recall("ROUTEID=.s3"));
    };
    CHECK(takesBack(61s) == s2);
    CHECK_FALSE(takesBack(61s));
    CHECK(takesBack(91s) == s1);
    CHECK_FALSE(takesBack(91s));
}

TEST_CASE("With nofailover a redirect is the only way on")
{
    StickyTrial trial =
        trialOf([](ReplicaView& member) { member.redirect = member.name == "s2" ? "s1" : ""; },
                {{"nofailover", true}});
    trial.dispatcher.tell(s2, false, {});
    trial.dispatcher.tell(s3, false, {});
    CHECK(trial.ask("ROUTEID=.s2").decision.replica == s1);
    CHECK(trial.ask("ROUTEID=.s3").decision.status == 503);
    // Refused, it looks at its own member alone.
    trial.dispatcher.failed(ReplicaIndex {3}, {}, Instant(0s));
    CHECK_FALSE(trial.dispatcher.takeBack(Instant(61s), trial.recall("ROUTEID=.s3")));
    CHECK(trial.dispatcher.takeBack(Instant(61s), trial.recall("")) == ReplicaIndex {3});
}

TEST_CASE("Members of one route stand in for one another, and standbys last")
{
    StickyTrial trial = trialOf([](ReplicaView& member) {
        member.route = "same";
        member.backup = member.name == "s1";
    });
    CHECK(trial.ask("ROUTEID=.same").decision.replica == s2);
    trial.dispatcher.tell(s2, false, {});
    CHECK(trial.ask("ROUTEID=.same").decision.replica == s3);
    CHECK(trial.ask("ROUTEID=.same").setCookies.empty());
    trial.dispatcher.tell(s3, false, {});
    trial.dispatcher.tell(ReplicaIndex {3}, false, {});
    CHECK(trial.ask("ROUTEID=.same").decision.replica == s1);
}

TEST_CASE("As many spares as members are missing take fresh requests, the first spare first")
{
    StickyTrial trial = trialOf(
        [](ReplicaView& member) { member.spare = member.name == "s2" || member.name == "s4"; });
    CHECK(shares(trial) == std::vector<int> {6, 0, 6, 0});
    trial.dispatcher.tell(s3, false, {});
    CHECK(shares(trial) == std::vector<int> {6, 6, 0, 0});
    trial.dispatcher.setDraining(s1, true);
    CHECK(shares(trial) == std::vector<int> {0, 6, 0, 6});
    trial.dispatcher.tell(s2, false, {});
    CHECK(shares(trial) == std::vector<int> {0, 0, 0, 12});
    trial.dispatcher.tell(s3, true, {});
    trial.dispatcher.setDraining(s1, false);
    CHECK(shares(trial) == std::vector<int> {6, 0, 6, 0});
}

TEST_CASE("A spare keeps whom it has got")
{
    StickyTrial trial = trialOf([](ReplicaView& member) { member.spare = member.name == "s2"; });
    const auto bound = trial.ask("ROUTEID=.s2");
    CHECK(bound.decision.replica == s2);
    CHECK(bound.setCookies.empty());
}

TEST_CASE("Apache's route stands behind the first separator, or is all there is")
{
    StickyTrial trial(apache, {{"stickysessionsep", std::string("!")}});
    CHECK(trial.ask().cookie.starts_with("ROUTEID=!s"));
    CHECK(trial.recall("ROUTEID=abc!s2").names == s2);
    CHECK_FALSE(trial.recall("ROUTEID=a!b!s2").bound);
    CHECK_FALSE(trial.recall("ROUTEID=.s2").bound);
    StickyTrial off(apache, {{"stickysessionsep", std::string("Off")}});
    CHECK(off.ask().cookie.starts_with("ROUTEID=s"));
    CHECK(off.recall("ROUTEID=s2").names == s2);
    CHECK_FALSE(off.recall("ROUTEID=.s2").bound);
}

TEST_CASE("Apache has no weight 0: such a member drains")
{
    StickyTrial trial = trialOf([](ReplicaView&) {});
    trial.dispatcher.setWeight(s2, 0);
    CHECK(trial.recall("ROUTEID=.s2").state == CookieIn::draining);
    CHECK(trial.ask("ROUTEID=.s2").decision.replica == s2);
    CHECK(shares(trial).at(1) == 0);
}
