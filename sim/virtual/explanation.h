// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/model/observation.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stickyscope {

/// One attempt of a request: where the balancer sent it, and by which rule.
struct ExplainedAttempt
{
    Instant at {};
    std::string replica;
    Ledger ledger {};
    std::string rule; ///< one sentence
    std::string source; ///< where the rule is written
};

/// What one of several balancers in a row made of a request.
struct ExplainedLevel
{
    std::string balancer; ///< its name; empty for the one in front
    std::string product;
    std::string algorithm;
    std::string cookie; ///< the name of its own sticky cookie; empty where it has none
    bool carried = false; ///< that came in with the request
    CookieIn cookieIn {};
    std::string names; ///< the server that it names there; empty where none
    std::string server; ///< a replica or a further balancer; empty where it went to none
    bool serversAreBalancers = false; ///< some of them
    ExplainedAttempt attempt; ///< its own rule; of the last one, the newest
};

/// What becomes of a request: where it would go, and the cookie that would be set.
struct Verdict
{
    std::string replica; ///< empty where the product answers itself
    std::vector<std::string> failed; ///< replicas that it tries before, which do not answer
    int status = 0; ///< of the answer; 0: there is none
    std::string rule;
    std::string source;
    std::string setCookie; ///< a line each; empty where none is set
};

/// What a product makes of a request.
struct ProductAnswer : Verdict
{
    std::string product; ///< title and version
    /// Had it come with this product's own cookie for the replica that it was bound to; absent
    /// where it was not, and where the product's cookie names no replica.
    std::optional<Verdict> bound;

    /// What becomes of one of its own clients.
    const Verdict& ofItsOwn() const { return bound ? *bound : *this; }
};

/// Everything about one request of one lane in virtual time.
struct Explanation
{
    std::string lane;
    std::string balancer; ///< whose the next two are; empty for the one in front
    std::string product;
    std::string algorithm;
    std::string client;
    std::uint32_t ordinal = 0; ///< of the client's requests, from 0
    std::string url;
    Instant sentAt {};
    std::string cookie; ///< the Cookie field that came in; empty where there was none
    /// The session that it names in a header or in its address, "Mcp-Session-Id: 3f..." or
    /// "?sid=3f..."; empty where it names none.
    std::string namedSession;
    std::string pointsTo; ///< the replica that it names; empty where none
    std::vector<ExplainedAttempt> attempts; ///< at the last balancer that it came to
    std::vector<ExplainedLevel> levels; ///< of each on its way; empty where one alone had it
    std::size_t byHand = 0; ///< interventions beyond the scenario's, before it ended
    CookieIn cookieIn {};
    bool ended = false; ///< within the scenario's time
    /// That balancer has servers that are balancers themselves: the others are compared in where
    /// they would pass the request on.
    bool serversAreBalancers = false;
    Failure failure {};
    CookieOut cookieOut {};
    SessionMark session {};
    int status = 0;
    Duration latency {};
    std::string setCookie; ///< as above
    /// What the client does with each of them, and why, a line each; empty without a jar.
    std::string kept;
    std::string boundTo; ///< the server that the cookie names to that balancer; empty where none
    std::size_t level = 0; ///< which of `levels` is that balancer's
    /// The same request, met in the same state of that balancer's servers by each of the other
    /// products, with its usual algorithm as it begins.
    std::vector<ProductAnswer> others;
};

/// One request of a client.
struct RequestOf
{
    ClientIndex client = noClient;
    std::uint32_t ordinal = 0; ///< of the client's requests, from 0
};

/// How the experiment differed from its scenario.
struct ExplanationTerms
{
    std::vector<http::CookieJar> jars; ///< that each client group started with
    /// What was done by hand, in order, each after all that happened until then.
    std::vector<std::pair<Instant, Intervention>> byHand;
    std::function<bool()> stopped; ///< whether nobody wants to know any more; may be empty
    /// In whose place the other products are asked, by the place among balancersOf(); absent: the
    /// one that the client asks.
    std::optional<std::size_t> balancer;
};

/// Explains a client's request as it went in this experiment. The error is one line: there is no
/// such request, or it does not come to the balancer that is asked for.
Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    RequestOf request, const ExplanationTerms& terms);

/// Explains the lane's request number `request`, from 1, in the order of sending. The error is one
/// line: the lane has fewer, or it does not come to that balancer.
Outcome<Explanation> explainRequest(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                                    std::uint64_t request, const ExplanationTerms& terms = {});

} // namespace stickyscope
