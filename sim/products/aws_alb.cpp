// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/aws_cookie.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 3> algorithmNames {
    {{"round_robin", "round-robin"},
     {"least_outstanding_requests", "least-connections"},
     {"weighted_random", "weighted-random"}}};

constexpr double week = 7.0 * 86400;
constexpr std::array<std::string_view, 2> types {"lb_cookie", "app_cookie"};
constexpr std::array<Setting, 3> settings {{{"slow-start", Setting::Type::time,
                                             "slow_start.duration_seconds: how long a target that "
                                             "joins or comes up again takes less than its share.",
                                             "none", 30, 900},
                                            {"minimum-healthy-targets", Setting::Type::whole,
                                             "unhealthy_state_routing.minimum_healthy_targets."
                                             "count: where fewer are healthy, all are asked.",
                                             "1", 1, 1000},
                                            {"cross-zone-off", Setting::Type::flag,
                                             "load_balancing.cross_zone.enabled is false for the "
                                             "target group, which then has no stickiness."}}};
constexpr std::array<Setting, 3> cookieSettings {{
    {"type", Setting::Type::choice,
     "lb_cookie: the balancer's own cookie, for a time; app_cookie: beside the application's, and "
     "only with it, and not in a target group of a rule that forwards to several by weight.",
     "lb_cookie", 0, 0, types},
    {"duration", Setting::Type::time, "How long a cookie is good from each answer on.", "24h", 1,
     week},
    {"app-cookie", Setting::Type::text,
     "The name of the application's cookie, which must not begin with AWSALB.", "JSESSIONID"},
}};

constexpr Rule picked {"It carries no sticky cookie: the balancer picks a target.",
                       "AWS: Sticky sessions for your Application Load Balancer"};
constexpr Rule zonal {
    "Cross-zone load balancing is off, and then target stickiness is not supported: the "
    "balancer picks a target for each request and sets no cookie.",
    "AWS: Cross-zone load balancing for target groups, considerations"};
constexpr Rule valid {"Its cookie, which only the balancer can read, names a healthy target: it "
                      "keeps to it.",
                      "AWS: duration-based stickiness"};
constexpr Rule undecodable {"Its cookie cannot be decoded: the balancer picks anew.",
                            "AWS: duration-based stickiness"};
constexpr Rule lost {"Its cookie names a target that is unhealthy or deregistered: the balancer "
                     "picks another.",
                     "AWS: duration-based stickiness"};
constexpr Rule over {"Its cookie's time is over: the balancer picks anew.",
                     "AWS: duration-based stickiness"};
constexpr Rule alone {"The balancer's cookie came without the application's: it picks anew.",
                      "AWS: application-based stickiness"};
constexpr Rule badGateway {"The target does not answer: the balancer answers 502.",
                           "AWS: Troubleshoot your Application Load Balancers, HTTP 502"};

// All that the model's balancer knows its own cookies by.
constexpr std::string_view secret = "stickyscope";

class AlbCookie final : public CloneableSticky<AlbCookie>
{
public:
    explicit AlbCookie(const StickySpec& spec)
        : m_withApplication(spec.settings.text("type") == "app_cookie")
        , m_applications(spec.settings.text("app-cookie", "JSESSIONID"))
        , m_name(m_withApplication ? "AWSALBAPP-0" : "AWSALB")
        , m_duration(m_withApplication ? std::chrono::hours(7 * 24)
                                       : std::chrono::floor<std::chrono::seconds>(
                                           spec.settings.time("duration", 24h)))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        // The twin is for requests from other sites.
        auto text = http::cookieValue(arrival.request.fields, m_name);
        if (!text && !m_withApplication)
            text = http::cookieValue(arrival.request.fields, "AWSALBCORS");
        if (!text)
            return {.rule = &picked};
        const auto cookie = readAwsCookie(secret, *text);
        if (!cookie || raw(cookie->target) >= replicas.size())
            return {.state = CookieIn::unknown, .rule = &undecodable};
        if (m_withApplication && !http::cookieValue(arrival.request.fields, m_applications))
            return {.state = CookieIn::refused, .rule = &alone};
        if (arrival.now >= cookie->until)
            return {.state = CookieIn::expired, .rule = &over};
        const ReplicaView& target = replicas[cookie->target];
        // A target that drains is deregistered.
        if (!target.up || target.draining)
            return {.state = CookieIn::down,
                    .names = cookie->target,
                    .rule = &lost,
                    .goodUntil = cookie->until};
        return {.state = CookieIn::valid,
                .names = cookie->target,
                .bound = true,
                .rule = &valid,
                .goodUntil = cookie->until};
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && recall.names == placement.replica;
        if (placement.replica == noReplica || placement.origin == Origin::balancer)
            return CookieOut::none;
        // Without the application's cookie there is nothing to go with.
        if (m_withApplication && !kept && !setsApplications(response))
            return CookieOut::none;
        m_serial = (m_serial + 1) % serials;
        const WallSeconds until = placement.now + m_duration;
        const std::string field = "=" + writeAwsCookie(secret, {placement.replica, until, m_serial})
            + "; Expires=" + http::httpDate(until) + "; Path=/";
        response.fields.add("Set-Cookie", m_name + field);
        if (!m_withApplication)
            response.fields.add("Set-Cookie", "AWSALBCORS" + field + "; SameSite=None; Secure");
        return recall.state == CookieIn::none ? CookieOut::inserted
            : kept                            ? CookieOut::refreshed
                                              : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    // Two answers one after the other never have the same value; within a second it may come
    // again, so that long runs do not keep a text for every answer.
    static constexpr std::uint32_t serials = 64;

    bool setsApplications(const http::ResponseHead& response) const
    {
        const auto fields = response.fields.all("Set-Cookie");
        return std::any_of(fields.begin(), fields.end(), [this](std::string_view field) {
            const auto cookie = http::parseSetCookie(field);
            return cookie && cookie->name == m_applications;
        });
    }

    bool m_withApplication;
    std::string m_applications;
    std::string m_name;
    std::chrono::seconds m_duration;
    std::uint32_t m_serial = 0;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet&)
{
    if (balancer.settings.flag("cross-zone-off"))
        return makeNoStickiness(zonal);
    return std::make_unique<AlbCookie>(*balancer.sticky);
}

// TargetGroupAttribute: names that begin so are the balancer's own.
std::string refuses(const BalancerSpec& balancer)
{
    if (!balancer.sticky || balancer.sticky->settings.text("type") != "app_cookie")
        return {};
    const std::string name = balancer.sticky->settings.text("app-cookie");
    if (!name.starts_with("AWSALB"))
        return {};
    return "keeps names such as " + name
        + " (AWSALB, AWSALBAPP, AWSALBTG) for itself: the application's cookie has another";
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
}

SlowStart slowStart(const BalancerSpec& balancer)
{
    return {.window = balancer.settings.time("slow-start")};
}

constexpr Rule failsOpen {"Too few targets are healthy: the balancer asks all of them (fail open).",
                          "AWS: Target group health, routing failover"};

FailOpen failOpen(const BalancerSpec& balancer)
{
    return {.fewer = static_cast<int>(balancer.settings.whole("minimum-healthy-targets", 1)),
            .rule = &failsOpen};
}

constexpr Rule headTooLarge {"A field of the head is larger than 16 kB: the balancer answers 400.",
                             "AWS: Application Load Balancer quotas, HTTP headers"};

} // namespace

constexpr Product awsAlb {
    .id = "aws-alb",
    .title = "AWS Application Load Balancer",
    .follows = "the documentation of 2026",
    .source = "AWS: Elastic Load Balancing, Application Load Balancers",
    .documentsOnly =
        "All of it rests on the documentation. The encryption is the model's own. weighted_random "
        "draws evenly: the real one also takes weight from targets that answer with errors "
        "(automatic target weights). With cross-zone-off, which takes stickiness away, a node of "
        "the "
        "balancer asks the targets of its own zone alone: describe one by a balancer of its own "
        "with "
        "these as servers.",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .fall = 2,
    .rise = 5,
    .opaqueValue = true,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .failOpen = failOpen,
    .slowStart = slowStart,
    .reloadKeepsPicks = always,
    .refuses = refuses,
    .answerTimeout = std::chrono::seconds(60),
    .head = {.octets = 16384, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
