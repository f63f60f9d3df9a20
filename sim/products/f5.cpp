// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/described_cookie.h"
#include "sim/products/f5_cookie.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace stickyscope {

namespace {

constexpr std::array<ProductAlgorithm, 4> algorithmNames {
    {{"round-robin", "round-robin"},
     {"ratio-member", "smooth-weighted-round-robin"},
     {"least-connections-member", "least-connections"},
     {"weighted-least-connections-member", "nginx-least-conn"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 3> methods {"insert", "rewrite", "passive"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"cookie-method", Setting::Type::choice,
     "insert: BIG-IP sets a cookie of its own; rewrite: in the place of the application's "
     "BIGipCookie; passive: the application sets that cookie, in its form, by itself.",
     "insert", 0, 0, methods},
    {"always-send", Setting::Type::flag, "The cookie stands in every answer."},
    {"expiration", Setting::Type::time,
     "How long the cookie is good; 0s: as long as the browser runs.", "0s", 0, longest},
}};

constexpr Rule picked {"It carries no BIGipServer cookie: BIG-IP picks a pool member.",
                       "F5: BIG-IP LTM, cookie persistence, insert"};
constexpr Rule valid {"Its cookie holds the address of a pool member that is up: BIG-IP keeps to "
                      "it.",
                      "F5: K6917"};
constexpr Rule draining {
    "Its cookie holds the address of a disabled pool member, which still takes "
    "persistent sessions: BIG-IP keeps to it.",
    "F5: BIG-IP LTM, pool member state Disabled"};
constexpr Rule unknown {"Its cookie holds no pool member's address: BIG-IP picks anew.",
                        "F5: BIG-IP LTM, cookie persistence, insert"};
constexpr Rule down {"Its cookie holds the address of a pool member that is marked down: BIG-IP "
                     "picks another and sets a new cookie.",
                     "F5: BIG-IP LTM, cookie persistence, insert"};
constexpr Rule reset {"The pool member does not answer: BIG-IP resets the client's connection.",
                      "F5: BIG-IP LTM, pool, reselect tries 0"};

// A pool member has an address, whatever name it goes by.
std::string valueOf(const ReplicaView& replica, std::size_t place)
{
    std::string value = writeF5Cookie(replica.address());
    if (value.empty())
        value = writeF5Cookie("10.0." + std::to_string(place / 250) + "."
                              + std::to_string(1 + place % 250));
    return value;
}

// Rewrite and passive: BIG-IP reads the cookie as it reads its own, but sets none. Rewrite changes
// name and value of a BIGipCookie that the member sends, and nothing else of it.
class ApplicationsCookie final : public StickyPolicy
{
public:
    ApplicationsCookie(std::unique_ptr<StickyPolicy> own, bool rewrites, const ReplicaSet& replicas)
        : m_own(std::move(own))
        , m_rewrites(rewrites)
    {
        for (const ReplicaView& replica : replicas)
            m_values.push_back(valueOf(replica, m_values.size()));
    }
    ApplicationsCookie(const ApplicationsCookie& other)
        : m_own(other.m_own->clone())
        , m_rewrites(other.m_rewrites)
        , m_values(other.m_values)
    {
    }
    ApplicationsCookie(ApplicationsCookie&&) = delete;
    ApplicationsCookie& operator=(const ApplicationsCookie&) = delete;
    ApplicationsCookie& operator=(ApplicationsCookie&&) = delete;
    ~ApplicationsCookie() override = default;

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        return m_own->recall(arrival, replicas);
    }
    void added(const ReplicaView& replica) override
    {
        m_own->added(replica);
        m_values.push_back(valueOf(replica, m_values.size()));
    }
    void removed(ReplicaIndex replica) override { m_own->removed(replica); }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (!m_rewrites || placement.origin == Origin::balancer || placement.replica == noReplica)
            return CookieOut::none;
        CookieOut out = CookieOut::none;
        response.fields.edit("Set-Cookie", [&](const std::string& cookie) {
            if (!cookie.starts_with("BIGipCookie="))
                return std::optional(cookie);
            out = placement.recall.state == CookieIn::none ? CookieOut::inserted
                                                           : CookieOut::rewritten;
            return std::optional(std::string(cookieName()) + "=" + m_values[raw(placement.replica)]
                                 + cookie.substr(std::min(cookie.find(';'), cookie.size())));
        });
        return out;
    }

    std::string_view cookieName() const override { return m_own->cookieName(); }
    std::unique_ptr<StickyPolicy> clone() const override
    {
        return std::make_unique<ApplicationsCookie>(*this);
    }

private:
    std::unique_ptr<StickyPolicy> m_own;
    bool m_rewrites;
    std::vector<std::string> m_values;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    CookieAttributes attributes {.path = "/", .httpOnly = spec.httpOnly, .secure = spec.secure};
    const auto expiration =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("expiration"));
    if (expiration.count() > 0)
        attributes.lifetime = expiration;
    attributes.asDate = true;
    auto own = makeDescribedCookie({.name = spec.cookie.empty() ? "BIGipServerpool" : spec.cookie,
                                    .valueOf = valueOf,
                                    .attributes = attributes,
                                    .rules = {.picked = &picked,
                                              .valid = &valid,
                                              .draining = &draining,
                                              .unknown = &unknown,
                                              .down = &down},
                                    .keepsDraining = true,
                                    .always = spec.settings.flag("always-send")},
                                   replicas);
    const std::string method = spec.settings.text("cookie-method", "insert");
    if (method == "insert")
        return own;
    return std::make_unique<ApplicationsCookie>(std::move(own), method == "rewrite", replicas);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 0, .rule = &reset};
}

} // namespace

constexpr Product f5 {
    .id = "f5",
    .title = "F5 BIG-IP LTM",
    .follows = "17, the documentation",
    .source = "F5: BIG-IP LTM, cookie persistence; K6917",
    .documentsOnly = "All of it rests on the documentation; the value's form was checked with its "
                     "example. A connection that it resets counts as refused here.",
    .algorithms = algorithmNames,
    .largestWeight = 100,
    .fall = 1,
    .rise = 1,
    .cookieKeys = CookieKey::name | CookieKey::secure | CookieKey::httpOnly,
    .cookieSettings = cookieSettings,
    .statusWithoutReplica = 0,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always};

} // namespace stickyscope
