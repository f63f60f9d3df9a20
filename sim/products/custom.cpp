// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/products/client_cookie.h"
#include "sim/products/custom_settings.h"
#include "sim/products/product.h"

#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule picked {"It carries no sticky cookie: the balancer picks a server.",
                       "by the scenario's description"};
constexpr Rule valid {"Its cookie names a server that is up: the balancer keeps to it.",
                      "by the scenario's description, lookup"};
constexpr Rule draining {"Its cookie names a server that takes no new clients: the balancer keeps "
                         "to it.",
                         "by the scenario's description, keep-draining and keep-weight-zero"};
constexpr Rule unknown {"Its cookie names no server: the balancer picks anew.",
                        "by the scenario's description, on-unknown"};
constexpr Rule down {"Its cookie names a server that takes no requests: the balancer picks anew.",
                     "by the scenario's description, on-down"};
constexpr Rule expired {"Its cookie's time is over: the balancer picks anew.",
                        "by the scenario's description, expiry"};
constexpr Rule refused {"Its cookie names no server that takes requests: the balancer answers for "
                        "itself.",
                        "by the scenario's description, on-unknown and on-down"};
constexpr Rule hashed {"The balancer hashes its cookie's value, whatever it is.",
                       "by the scenario's description, lookup"};
constexpr Rule named {"It carries no cookie to hash: the balancer makes one up and hashes that.",
                      "by the scenario's description, lookup"};
constexpr Rule triedAgain {"The server does not answer: the balancer tries the same one again.",
                           "by the scenario's description, on-failure"};
constexpr Rule elsewhere {"The server does not answer: the balancer goes on to another.",
                          "by the scenario's description, on-failure"};
constexpr Rule gaveUp {"The server does not answer: the balancer answers for itself.",
                       "by the scenario's description, failure-status"};

bool isRing(const StickySpec& spec)
{
    return spec.settings.text("lookup") == "ring";
}

CookieAttributes customAttributes(const StickySpec& spec)
{
    CookieAttributes attributes = attributesOf(spec, "/");
    const std::string expiry = spec.settings.text("expiry", "absolute");
    if (expiry == "in-value" || expiry == "idle-and-life")
        attributes.lifetime.reset();
    attributes.asDate = spec.settings.flag("as-date");
    attributes.partitioned = spec.settings.flag("partitioned");
    return attributes;
}

// How long what is written is good, where that stands in the value.
void describeDates(const StickySpec& spec, CookieDescription& is)
{
    using Dates = CookieDescription::Dates;
    const Settings& given = spec.settings;
    const std::string expiry = given.text("expiry", "absolute");
    if (expiry == "in-value") {
        is.dates = spec.maxAge ? Dates::until : Dates::none;
        is.longestLife = spec.maxAge.value_or(0s);
    }
    if (expiry == "idle-and-life") {
        is.dates = Dates::lastAndFirst;
        is.longestIdle = std::chrono::floor<std::chrono::seconds>(given.time("maxidle"));
        is.longestLife = std::chrono::floor<std::chrono::seconds>(given.time("maxlife"));
        is.refreshes = is.longestIdle > 0s;
    }
    is.always = expiry == "sliding" || given.text("emit") == "always";
    is.refreshes = is.refreshes || given.text("emit") == "refresh";
}

CookieDescription describe(const StickySpec& spec)
{
    const Settings& given = spec.settings;
    const int rejection = static_cast<int>(given.whole("reject-status", 503));
    const std::string onUnknown = given.text("on-unknown");
    const std::string onDown = given.text("on-down");
    CookieDescription is {
        .name = spec.cookie.empty() ? "sticky" : spec.cookie,
        .valueOf = [given](const ReplicaView& replica,
                           std::size_t place) { return customValue(given, replica, place); },
        .drawn = given.text("value") == "random",
        .separator = given.text("separator"),
        .sealed = given.text("lookup") == "encrypted",
        .key = given.text("secret"),
        .attributes = customAttributes(spec),
        .secureOverTls = given.flag("secure-over-tls"),
        .rules = {.picked = &picked,
                  .valid = &valid,
                  .draining = &draining,
                  .unknown = &unknown,
                  .down = &down,
                  .expired = &expired,
                  .refused = &refused},
        .anyUsable = given.flag("any-usable"),
        .stripsQuotes = given.flag("strip-quotes"),
        .inQuotes = given.flag("in-quotes"),
        .keepsDraining = given.flag("keep-draining"),
        .keepsWeightZero = given.flag("keep-weight-zero"),
        .unknownStatus = onUnknown == "reject" ? rejection : 0,
        .downStatus = onDown == "reject" ? rejection : 0,
        .keepsCookieOfDown = onDown == "keep-cookie",
        .keepsCookieOfUnknown = onUnknown == "accept",
        .ofEachAttempt = given.flag("of-each-attempt"),
        .onOwnErrors = given.flag("cookie-on-errors"),
        .on101 = !given.flag("not-on-101")};
    describeDates(spec, is);
    return is;
}

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    const StickySpec& spec = *balancer.sticky;
    CookieDescription is = describe(spec);
    is.outlivesReload = balancer.settings.text("reload") != "keeps-nothing";
    if (!isRing(spec))
        return makeDescribedCookie(std::move(is), replicas);
    return makeClientCookie({.name = is.name,
                             .attributes = is.attributes,
                             .hashed = &hashed,
                             .named = &named,
                             .issue = randomUuid,
                             .always = is.always,
                             .onOwnErrors = is.onOwnErrors,
                             .on101 = is.on101,
                             .secureOverTls = is.secureOverTls});
}

// A ring needs an algorithm that hashes.
std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    if (!isRing(*balancer.sticky))
        return {};
    const Algorithm* chosen = findAlgorithm(balancer.algorithm);
    return chosen && chosen->hashes ? chosen->id : "envoy-ring-hash";
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    const Settings& given = balancer.settings;
    const Duration pause = given.time("retry-pause");
    if (attempt.number >= given.whole("retries", 1))
        return {.action = OnFailure::Action::giveUp,
                .status = static_cast<int>(given.whole("failure-status", 502)),
                .rule = &gaveUp};
    const std::string way = given.text("on-failure", "next");
    const bool same = way == "same-target"
        || (way == "redispatch" && attempt.number + 1 < given.whole("redispatch-after", 1));
    if (same)
        return {.action = OnFailure::Action::sameAgain, .wait = pause, .rule = &triedAgain};
    return {.action = OnFailure::Action::another, .wait = pause, .rule = &elsewhere};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const Duration time = balancer.settings.time("fail-timeout", 10s);
    return {.failures = static_cast<int>(balancer.settings.whole("max-fails", 0)),
            .within = time,
            .out = time};
}

CircuitBreaking circuit(const BalancerSpec& balancer)
{
    static constexpr Rule tooMany {
        "As many requests are under way as may be: the balancer answers for itself.",
        "as the scenario describes it"};
    return {.mostRequests = static_cast<int>(balancer.settings.whole("max-requests", 0)),
            .tooMany = {&tooMany}};
}

bool reloadKeepsPicks(const BalancerSpec& balancer)
{
    return balancer.settings.text("reload") == "keeps-turns";
}

// Some hash the address, whatever else could be.
HashKey hashKey(const BalancerSpec& balancer)
{
    for (const std::string_view bySource : {"haproxy-source", "nginx-ip-hash", "traefik-hrw"}) {
        if (balancer.algorithm == bySource)
            return {};
    }
    return hashKeyOf(balancer);
}

SlowStart slowStart(const BalancerSpec& balancer)
{
    return {.window = balancer.settings.time("slow-start"), .afterPassive = true};
}

} // namespace

constexpr Product custom {.id = "custom",
                          .title = "Custom balancer",
                          .follows = "no product: what the scenario says",
                          .source = "by the scenario's description",
                          .algorithms = custom_settings::algorithms,
                          .isProduct = false,
                          .largestWeight = 1000,
                          .hasBackups = true,
                          .hasSpares = true,
                          .hasZones = true,
                          .cookieOfEachAttempt = true,
                          .cookieKeys = allCookieKeys,
                          .cookieSettings = custom_settings::ofCookie,
                          .settings = custom_settings::ofBalancer,
                          .picked = &picked,
                          .sticky = makeCookie,
                          .failed = failed,
                          .passive = passive,
                          .circuit = circuit,
                          .hashKey = hashKey,
                          .slowStart = slowStart,
                          .stickyAlgorithm = stickyAlgorithm,
                          .reloadKeepsPicks = reloadKeepsPicks};

} // namespace stickyscope
