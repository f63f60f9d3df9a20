// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/verdict.h"

#include "sim/model/balancer_failure.h"

#include <algorithm>
#include <map>
#include <set>

namespace stickyscope::live {

namespace {

struct Group
{
    std::vector<std::string> replicas; ///< of identified answers, in order
    std::set<std::string> distinct;
    std::size_t kept = 0;

    std::size_t followUps() const { return replicas.empty() ? 0 : replicas.size() - 1; }
    bool stayed() const { return distinct.size() == 1; }
};

constexpr std::size_t enoughFollowUps = 5;

std::string plural(std::size_t number, const std::string& one)
{
    return std::to_string(number) + " " + one + (number == 1 ? "" : "s");
}

std::string cookieName(const ProbeEvidence& evidence)
{
    if (!evidence.sticky)
        return "its cookie";
    return "the cookie " + evidence.sticky->name
        + (evidence.sticky->balancer.empty() ? "" : " (" + evidence.sticky->balancer + ")");
}

std::string whyNotReturned(const ProbeEvidence& evidence)
{
    using http::CookieFate;
    const bool kept =
        evidence.received == CookieFate::kept || evidence.received == CookieFate::replaced;
    if (evidence.received && !kept)
        return std::string(http::reasonFor(*evidence.received));
    if (evidence.sent && *evidence.sent != CookieFate::sent)
        return std::string(http::reasonFor(*evidence.sent));
    return "a jar does not return it";
}

// 1 in n^(k-1): that k fresh requests meet the same of two equal replicas.
std::string byChance(std::size_t requests)
{
    constexpr std::size_t largest = 62;
    const std::size_t power = std::min(requests - 1, largest);
    return std::to_string(std::uint64_t {1} << power);
}

Verdict nothingAnswered(const ProbeEvidence& evidence)
{
    const ProbeAnswer& first = evidence.answers.front();
    const std::string cause = likelyCause(evidence.url, first.failure, first.status);
    const std::string what = first.status == 0
        ? std::string(nameOf(first.failure))
        : "the balancer's own " + std::to_string(first.status);
    const std::string text = "nothing answered: " + (first.why.empty() ? what : first.why);
    return {Verdict::Kind::nothingAnswered, text + (cause.empty() ? "" : ". " + cause)};
}

bool refusesStrangers(const ProbeAnswer& answer)
{
    return (answer.status >= 300 && answer.status < 400) || answer.status == 401
        || answer.status == 403;
}

Verdict cannotTell(const ProbeEvidence& evidence, std::size_t answered, std::size_t identified)
{
    using Kind = Verdict::Kind;
    const std::size_t asked = evidence.answers.size();
    if (evidence.interrupted)
        return {Kind::cannotTell, "cannot tell: interrupted after " + plural(asked, "request")};
    if (answered < asked && identified > 0)
        return {Kind::cannotTell,
                "cannot tell: " + std::to_string(asked - answered) + " of "
                    + plural(asked, "request") + " failed, and too few are left"};
    if (std::all_of(evidence.answers.begin(), evidence.answers.end(), refusesStrangers))
        return {Kind::cannotTell,
                "cannot tell: every answer is a " + std::to_string(evidence.answers.front().status)
                    + ", which says nothing of replicas; ask for a page that needs no login, or "
                      "give the login's cookie or header"};
    return {Kind::cannotTell,
            std::string("cannot tell: no answer names its replica")
                + (evidence.cookiesSeen ? ", and no cookie is seen to go with one" : "")
                + "; add --replica-id json:FIELD, line:NAME or header:NAME"};
}

} // namespace

Failure balancersOwn(Failure failure, int status, bool identified)
{
    if (failure != Failure::none || identified)
        return failure;
    return balancerFailure(status, Failure::none);
}

std::string likelyCause(const http::Url& url, Failure failure, int status)
{
    const std::string port = std::to_string(url.port);
    const std::string entryPoint = "add --entrypoints.web.address=:" + port
        + " to its flags (with --api.insecure=true alone it listens on :80 and :8080)";
    if (failure == Failure::connectionRefused)
        return "Nothing listens on port " + port + ". If Traefik is to: " + entryPoint;
    if (failure == Failure::closedWithoutAnswer || failure == Failure::connectionReset)
        return "The port is published, but it seems that nothing listens behind it. If that is "
               "Traefik: "
            + entryPoint;
    if ((failure == Failure::balancer404 || status == 404)
        && (url.host == "127.0.0.1" || url.host == "::1"))
        return "The balancer has no route for this host. If its rule is Host(`localhost`): ask for "
               "http://localhost:"
            + port + url.path + ", or add || Host(`" + url.host + "`) to the rule";
    return {};
}

Verdict judge(const ProbeEvidence& evidence)
{
    using Kind = Verdict::Kind;
    std::map<ProbeGroup, Group> groups;
    std::set<std::string> all;
    std::size_t answered = 0;
    std::size_t identified = 0;
    for (const ProbeAnswer& answer : evidence.answers) {
        if (answer.failure != Failure::none)
            continue;
        ++answered;
        Group& group = groups[answer.group];
        group.kept += answer.connectionKept ? 1 : 0;
        if (answer.replica.empty())
            continue;
        ++identified;
        group.replicas.push_back(answer.replica);
        group.distinct.insert(answer.replica);
        all.insert(answer.replica);
    }
    if (evidence.answers.empty())
        return cannotTell(evidence, 0, 0);
    if (answered == 0)
        return nothingAnswered(evidence);
    const Group& fresh = groups[ProbeGroup::fresh];
    const Group& jar = groups[ProbeGroup::ownJar];
    const Group& replayed = groups[ProbeGroup::replayed];
    const Group& connection = groups[ProbeGroup::sameConnection];
    if (identified == 0 || fresh.replicas.empty() || jar.followUps() < enoughFollowUps)
        return cannotTell(evidence, answered, identified);
    if (all.size() == 1)
        return {Kind::oneReplica,
                "only one replica seen (" + *all.begin() + ") in " + plural(identified, "answer")
                    + "; if there were two, by chance 1 in " + byChance(fresh.replicas.size())
                    + " (a port-forward?)"};
    const std::string spread = "without it " + plural(fresh.replicas.size(), "fresh request")
        + " met " + plural(fresh.distinct.size(), "replica");
    if (jar.stayed() && fresh.distinct.size() > 1)
        return {Kind::stickyByCookie,
                "sticky by cookie: with " + cookieName(evidence) + " all "
                    + std::to_string(jar.followUps()) + " follow-ups stayed with "
                    + jar.replicas.front() + ", " + spread};
    const bool replaySticks = replayed.replicas.size() >= enoughFollowUps && replayed.stayed()
        && *replayed.distinct.begin() == jar.replicas.front();
    if (evidence.cookiesSeen && replaySticks)
        return {Kind::cookieNotReturned,
                "the balancer sets " + cookieName(evidence)
                    + ", but clients will not return it, because it is " + whyNotReturned(evidence)
                    + "; returned by hand it sticks"};
    if (connection.kept >= enoughFollowUps - 1 && connection.stayed() && fresh.distinct.size() > 1)
        return {Kind::connectionOnly,
                "sticky only while the connection lasts: " + std::to_string(connection.kept)
                    + " requests on one connection stayed with " + connection.replicas.front()
                    + ", " + plural(fresh.replicas.size(), "new connection") + " met "
                    + plural(fresh.distinct.size(), "replica")};
    std::size_t switches = 0;
    for (std::size_t place = 1; place < jar.replicas.size(); ++place)
        switches += jar.replicas[place] != jar.replicas[place - 1] ? 1 : 0;
    return {Kind::notSticky,
            "not sticky: a client that keeps its cookies was moved " + std::to_string(switches)
                + " times in " + plural(jar.followUps(), "follow-up") + ", over "
                + plural(jar.distinct.size(), "replica")
                + (evidence.cookiesSeen ? "" : "; the balancer sets no cookie")};
}

} // namespace stickyscope::live
