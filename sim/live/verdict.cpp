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

// Why a client with a jar does not return the sticky cookie; empty where nothing says that.
std::string refusal(const ProbeEvidence& evidence)
{
    using http::CookieFate;
    const bool kept =
        evidence.received == CookieFate::kept || evidence.received == CookieFate::replaced;
    if (evidence.received && !kept)
        return std::string(http::reasonFor(*evidence.received));
    if (evidence.sent && *evidence.sent != CookieFate::sent)
        return std::string(http::reasonFor(*evidence.sent));
    return {};
}

std::string whyNotReturned(const ProbeEvidence& evidence)
{
    const std::string why = refusal(evidence);
    return why.empty() ? "a jar does not return it" : why;
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
    const std::string reason = first.failure == Failure::balancer404
        ? "every answer is a 404 that no replica has signed: there is nothing at "
            + evidence.url.path + ", or the balancer has no route for this host"
        : first.why.empty() ? what
                            : first.why;
    const std::string text = "nothing answered: " + reason;
    return {Verdict::Kind::nothingAnswered, text + (cause.empty() ? "" : ". " + cause)};
}

bool refusesStrangers(const ProbeAnswer& answer)
{
    return namesNobody(answer.status);
}

Verdict cannotTell(const ProbeEvidence& evidence, std::size_t answered, std::size_t identified)
{
    using Kind = Verdict::Kind;
    const std::size_t asked = evidence.answers.size();
    if (evidence.leftAlone.count() > 0)
        return {Kind::cannotTell,
                "cannot tell: after " + plural(asked, "request") + " the service asked for "
                    + std::to_string(evidence.leftAlone.count()) + " s of peace (Retry-After)"};
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
                + "; say by what an answer names it: a field of its JSON, a line of its text, or a "
                  "header"};
}

// Puts the evidence in order, and says what follows from it.
class Judge
{
public:
    explicit Judge(const ProbeEvidence& evidence);
    Verdict verdict();

private:
    Verdict oneReplica() const;
    std::string freshOn(const std::string& what) const;
    std::string moved() const;
    std::string cookiesPart() const;

    const ProbeEvidence& m_evidence;
    std::map<ProbeGroup, Group> m_groups;
    std::set<std::string> m_all;
    std::size_t m_answered = 0;
    std::size_t m_identified = 0;
};

Judge::Judge(const ProbeEvidence& evidence)
    : m_evidence(evidence)
{
    for (const ProbeAnswer& answer : evidence.answers) {
        if (answer.failure != Failure::none)
            continue;
        ++m_answered;
        Group& group = m_groups[answer.group];
        group.kept += answer.connectionKept ? 1 : 0;
        if (answer.replica.empty())
            continue;
        ++m_identified;
        group.replicas.push_back(answer.replica);
        group.distinct.insert(answer.replica);
        m_all.insert(answer.replica);
    }
}

Verdict Judge::oneReplica() const
{
    const std::size_t fresh = m_groups.at(ProbeGroup::fresh).replicas.size();
    return {Verdict::Kind::oneReplica,
            "only one replica seen (" + *m_all.begin() + ") in " + plural(m_identified, "answer")
                + "; if there were two, " + plural(fresh, "fresh request")
                + " would all meet one by chance 1 in " + byChance(fresh) + " (a port-forward?)"};
}

std::string Judge::freshOn(const std::string& what) const
{
    const Group& fresh = m_groups.at(ProbeGroup::fresh);
    return plural(fresh.replicas.size(), what) + " met " + plural(fresh.distinct.size(), "replica");
}

std::string Judge::moved() const
{
    const Group& jar = m_groups.at(ProbeGroup::ownJar);
    std::size_t switches = 0;
    for (std::size_t place = 1; place < jar.replicas.size(); ++place)
        switches += jar.replicas[place] != jar.replicas[place - 1] ? 1 : 0;
    return "not sticky: a client that keeps its cookies was moved " + plural(switches, "time")
        + " in " + plural(jar.followUps(), "follow-up") + ", over "
        + plural(jar.distinct.size(), "replica") + cookiesPart();
}

// What is known of its cookies where a client is moved all the same.
std::string Judge::cookiesPart() const
{
    if (!m_evidence.cookiesSeen)
        return "; the balancer sets no cookie";
    if (!m_evidence.sticky)
        return "; no cookie that it sets goes with a replica";
    const std::string name = cookieName(m_evidence);
    const std::string why = refusal(m_evidence);
    if (why.empty())
        return "; it returned " + name + ", and nobody kept to it";
    const auto replayed = m_groups.find(ProbeGroup::replayed);
    const bool tried =
        replayed != m_groups.end() && replayed->second.replicas.size() >= enoughFollowUps;
    return "; it does not return " + name + ", because it is " + why
        + (tried ? ", and returned by hand it does not stick either" : "");
}

Verdict Judge::verdict()
{
    using Kind = Verdict::Kind;
    if (m_evidence.answers.empty())
        return cannotTell(m_evidence, 0, 0);
    if (m_answered == 0)
        return nothingAnswered(m_evidence);
    const Group& fresh = m_groups[ProbeGroup::fresh];
    const Group& jar = m_groups[ProbeGroup::ownJar];
    const Group& replayed = m_groups[ProbeGroup::replayed];
    const Group& connection = m_groups[ProbeGroup::sameConnection];
    if (m_identified == 0 || fresh.replicas.empty() || jar.followUps() < enoughFollowUps)
        return cannotTell(m_evidence, m_answered, m_identified);
    if (m_all.size() == 1)
        return oneReplica();
    const bool spreads = fresh.distinct.size() > 1;
    if (jar.stayed() && spreads)
        return {Kind::stickyByCookie,
                "sticky by cookie: with " + cookieName(m_evidence) + " all "
                    + std::to_string(jar.followUps()) + " follow-ups stayed with "
                    + jar.replicas.front() + ", without it " + freshOn("fresh request")};
    const bool replaySticks = replayed.replicas.size() >= enoughFollowUps && replayed.stayed()
        && *replayed.distinct.begin() == jar.replicas.front();
    if (m_evidence.cookiesSeen && replaySticks && !jar.stayed())
        return {Kind::cookieNotReturned,
                "the balancer sets " + cookieName(m_evidence)
                    + ", but clients will not return it, because it is "
                    + whyNotReturned(m_evidence) + "; returned by hand it sticks"};
    const bool connectionHolds = connection.kept >= enoughFollowUps - 1 && connection.stayed();
    if (connectionHolds && m_evidence.keepAlive && !spreads)
        return {Kind::connectionOnly,
                "sticky only while the connection lasts, as far as can be seen: each way of asking "
                "stayed with one replica on its connection, "
                    + plural(m_all.size(), "replica") + " in all; ask without keep-alive to see "
                    + "what cookies do"};
    if (connectionHolds && spreads)
        return {Kind::connectionOnly,
                "sticky only while the connection lasts: " + std::to_string(connection.kept)
                    + " requests on one connection stayed with " + connection.replicas.front()
                    + ", " + freshOn("new connection")};
    if (jar.stayed())
        return {Kind::cannotTell,
                "cannot tell: a client that keeps its cookies stayed with " + jar.replicas.front()
                    + ", and all of " + plural(fresh.replicas.size(), "fresh request") + " met "
                    + fresh.replicas.front()
                    + "; perhaps the balancer goes by the client's address"};
    return {Kind::notSticky, moved()};
}

} // namespace

Failure balancersOwn(Failure failure, int status, bool signedByReplica)
{
    if (failure != Failure::none || signedByReplica)
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
        return "If the balancer's rule is Host(`localhost`): ask for http://localhost:" + port
            + url.path + ", or add || Host(`" + url.host + "`) to the rule";
    return {};
}

Verdict judge(const ProbeEvidence& evidence)
{
    Verdict verdict = Judge(evidence).verdict();
    if (!evidence.stickyUnseen.empty())
        verdict.sentence += "; no answer set the cookie " + evidence.stickyUnseen;
    if (evidence.keepAlive)
        verdict.sentence += " (connections were kept alive)";
    const bool named = verdict.kind == Verdict::Kind::stickyByCookie
        || verdict.kind == Verdict::Kind::cookieNotReturned;
    if (named && evidence.sticky && evidence.sticky->sessionToo)
        verdict.sentence += "; " + evidence.sticky->name
            + " is the application's session cookie as well, so that the two cannot be told apart: "
              "without it a login ends, too";
    return verdict;
}

} // namespace stickyscope::live
