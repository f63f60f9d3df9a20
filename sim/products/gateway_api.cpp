// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/described_cookie.h"
#include "sim/products/digests.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 2> algorithmNames {
    {{"weighted", "weighted-random"}, {"in-turn", "smooth-weighted-round-robin"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 2> lifetimes {"Session", "Permanent"};
constexpr std::array<std::string_view, 2> types {"Cookie", "Header"};
constexpr std::array<Setting, 3> cookieSettings {{
    {"persistence-type", Setting::Type::choice,
     "What carries the session: a Cookie, or a Header of the name that `cookie` gives (X-Session), "
     "for clients that copy it from answers into their requests.",
     "Cookie", 0, 0, types},
    {"lifetime-type", Setting::Type::choice,
     "Session: as long as the browser runs; Permanent: as long as absolute-timeout says.",
     "Session", 0, 0, lifetimes},
    {"absolute-timeout", Setting::Type::time,
     "How long a session lasts, from its beginning on; it must be said where it is Permanent.",
     "for ever", 1, longest},
}};

constexpr Rule picked {"It carries no session: the route's weights say where it goes.",
                       "Gateway API: GEP-1619"};
constexpr Rule valid {"Its cookie names a backend: its session comes before the route's weights.",
                      "Gateway API: GEP-1619, traffic splitting"};
constexpr Rule withoutWeight {
    "Its cookie names a backend that takes no new sessions, of weight 0: its session goes on.",
    "Gateway API: GEP-1619, traffic splitting"};
constexpr Rule unknown {"Its cookie names no backend: a new session begins.",
                        "Gateway API: GEP-1619"};
constexpr Rule down {
    "Its cookie names a backend that is not there: the gateway should fall back to "
    "another and begin a new session.",
    "Gateway API: GEP-1619, session persistence API, failures"};
constexpr Rule expired {"Its session has lasted for absoluteTimeout: a new one begins.",
                        "Gateway API: SessionPersistence.absoluteTimeout"};
constexpr Rule validHeader {
    "Its header names a backend: its session comes before the route's weights.",
    "Gateway API: SessionPersistence.type Header"};
constexpr Rule headerWithoutWeight {
    "Its header names a backend that takes no new sessions, of weight 0: its session goes on.",
    "Gateway API: SessionPersistence.type Header; GEP-1619, traffic splitting"};
constexpr Rule unknownHeader {"Its header names no backend: a new session begins.",
                              "Gateway API: SessionPersistence.type Header"};
constexpr Rule downHeader {
    "Its header names a backend that is not there: the gateway should fall back to another and "
    "begin a new session.",
    "Gateway API: SessionPersistence.type Header; GEP-1619, failures"};
constexpr Rule unavailable {"The backend does not answer: the gateway answers 503.",
                            "by the implementation; Gateway API says nothing"};

std::string valueOf(const ReplicaView& replica, std::size_t)
{
    return sha256Hex(replica.address()).substr(0, 16);
}

std::string headerOf(const StickySpec& spec)
{
    return spec.cookie.empty() ? "X-Session" : spec.cookie;
}

CookieRules rulesOf(bool byHeader)
{
    return {.picked = &picked,
            .valid = byHeader ? &validHeader : &valid,
            .draining = byHeader ? &headerWithoutWeight : &withoutWeight,
            .unknown = byHeader ? &unknownHeader : &unknown,
            .down = byHeader ? &downHeader : &down,
            .expired = &expired};
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    const bool permanent = spec.settings.text("lifetime-type") == "Permanent";
    const auto timeout =
        std::chrono::floor<std::chrono::seconds>(spec.settings.time("absolute-timeout"));
    const bool byHeader = spec.settings.text("persistence-type") == "Header";
    CookieAttributes attributes {.path = spec.path.value_or("/"), .httpOnly = true};
    if (permanent)
        attributes.lifetime = timeout;
    return makeDescribedCookie(
        {.name = spec.cookie.empty() ? "session" : spec.cookie,
         .header = byHeader ? headerOf(spec) : "",
         .valueOf = valueOf,
         .attributes = attributes,
         .rules = rulesOf(byHeader),
         .keepsWeightZero = true,
         .dates = timeout > 0s ? CookieDescription::Dates::until : CookieDescription::Dates::none,
         .longestLife = timeout},
        replicas);
}

// SessionPersistence: its rule of validation.
std::string refuses(const BalancerSpec& balancer)
{
    const bool permanent =
        balancer.sticky && balancer.sticky->settings.text("lifetime-type") == "Permanent";
    if (!permanent || balancer.sticky->settings.has("absolute-timeout"))
        return {};
    return "must be told absolute-timeout where lifetime-type is Permanent";
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

} // namespace

constexpr Product gatewayApi {
    .id = "gateway-api",
    .title = "Kubernetes Gateway API",
    .follows = "GEP-1619 of August 2026",
    .source = "Gateway API: GEP-1619, SessionPersistence",
    .documentsOnly =
        "All of it rests on the specification, which leaves the value, the failures and draining "
        "to implementations: here a hash, 503, and a new session. With type Header a lifetime "
        "stands in "
        "the value alone, and the header is answered where a new session begins.",
    .algorithms = algorithmNames,
    .largestWeight = 1000,
    .opaqueValue = true,
    .cookieKeys = CookieKey::name | CookieKey::path,
    .cookieSettings = cookieSettings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .reloadKeepsPicks = always,
    .refuses = refuses};

} // namespace stickyscope
