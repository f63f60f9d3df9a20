// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/ingress_nginx_attributes.h"
#include "sim/products/ingress_nginx_canary.h"
#include "sim/products/nginx_next_upstream.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 3> algorithmNames {{{"round_robin", "round-robin"},
                                                           {"ewma", "ingress-nginx-ewma"},
                                                           {"chash", "ingress-nginx-chash"}}};

constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<std::string_view, 2> modes {"balanced", "persistent"};
constexpr std::array<std::string_view, 2> canaryBehaviors {"sticky", "legacy"};
constexpr std::array<Setting, 6> cookieSettings {{
    {"affinity-mode", Setting::Type::choice,
     "balanced: the cookie is a random key, which is hashed to a pod; persistent: it names the "
     "pod.",
     "balanced", 0, 0, modes},
    {"change-on-failure", Setting::Type::flag,
     "A request whose pod does not answer is tried elsewhere, and gets a new cookie."},
    {"expires", Setting::Type::time, "How long the cookie is good, as a date.", "browser session",
     1, longest},
    {"conditional-samesite-none", Setting::Type::flag,
     "SameSite=None is not written for programs (User-Agent) that refuse such cookies."},
    {"affinity-canary-behavior", Setting::Type::choice,
     "sticky: a session that a canary's pod served stays with the canary; legacy: the canary has "
     "no "
     "sessions.",
     "sticky", 0, 0, canaryBehaviors},
    {"backend", Setting::Type::text,
     "The backend's name, NAMESPACE-SERVICE-PORT, which goes into the hashes of its cookies.",
     "default-webapp-80"},
}};
constexpr std::array<Setting, 8> settings {{
    proxyNextUpstream,
    {"proxy-next-upstream-tries", Setting::Type::whole,
     "How often a request is sent in all; 0: as often as there are pods.", "3", 0, 100},
    {"canary-weight", Setting::Type::whole,
     "How many of canary-weight-total requests the pods get that are marked as the canary's.", "0",
     0, 1'000'000},
    {"canary-weight-total", Setting::Type::whole, "Of how many requests.", "100", 100, 1'000'000},
    {"canary-by-header", Setting::Type::text,
     "A header that sends a request to the canary (always), or not (never).", "none"},
    {"canary-by-header-value", Setting::Type::text,
     "The value of that header which sends a request to the canary, in place of these two.",
     "none"},
    {"canary-by-header-pattern", Setting::Type::text,
     "A regular expression (PCRE) for it, which fits somewhere in the value; looked at where "
     "canary-by-header-value is not set.",
     "none"},
    {"canary-by-cookie", Setting::Type::text,
     "A cookie that sends a request to the canary (always), or not (never).", "none"},
}};

constexpr Rule picked {"It carries no sticky cookie: ingress-nginx picks a pod.",
                       "ingress-nginx: balancer/sticky.lua, balance"};
constexpr Rule named {"It carries no sticky cookie: ingress-nginx makes up a key and hashes it.",
                      "ingress-nginx: balancer/sticky_balanced.lua, pick_new_upstream"};
constexpr Rule hashed {"ingress-nginx hashes the key in its cookie, whatever it is.",
                       "ingress-nginx: balancer/sticky.lua, balance"};
constexpr Rule valid {"Its cookie is the hash of a pod's address: ingress-nginx keeps to it.",
                      "ingress-nginx: balancer/sticky_persistent.lua"};
constexpr Rule unknown {"Its cookie is no pod's hash: ingress-nginx picks at random and sets a new "
                        "cookie.",
                        "ingress-nginx: balancer/sticky_persistent.lua"};
constexpr Rule gone {"Its cookie is the hash of a pod that is no longer an endpoint: ingress-nginx "
                     "picks at random and sets a new cookie.",
                     "ingress-nginx: balancer/sticky_persistent.lua"};
constexpr Rule triedAgain {
    "The pod does not answer, and change-on-failure is off: ingress-nginx tries the same one.",
    "ingress-nginx: balancer/sticky.lua, change_on_failure"};
constexpr Rule elsewhere {"The pod does not answer: ingress-nginx picks another.",
                          "ingress-nginx: balancer/sticky.lua, get_failed_upstreams"};
constexpr Rule badGateway {"No try was answered: ingress-nginx answers 502.",
                           "ingress-nginx: docs, proxy-next-upstream-tries"};

bool isPersistent(const BalancerSpec& balancer)
{
    return balancer.sticky && balancer.sticky->settings.text("affinity-mode") == "persistent";
}

// The cookie's value as lua-resty-cookie has it: of several of one name the last counts. What
// stands behind '|' is the backend's own key.
std::optional<std::string_view> routingKey(const http::RequestHead& request, std::string_view name)
{
    std::optional<std::string_view> key;
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == name)
                key = pair.value.substr(0, pair.value.find('|'));
        }
    }
    return key;
}

class IngressCookie final : public CloneableSticky<IngressCookie>
{
public:
    IngressCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_spec(*balancer.sticky)
        , m_name(m_spec.cookie.empty() ? "INGRESSCOOKIE" : m_spec.cookie)
        , m_routes(balancer.routes)
        , m_persistent(isPersistent(balancer))
        , m_canaryIsSticky(canaryIsSticky(balancer))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override
    {
        m_named.add(md5Hex(ingressBackend(m_spec, replica.canary).append(replica.address())));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto key = routingKey(arrival.request, m_name);
        if (!m_persistent) {
            if (!key || key->empty())
                return {.state = key ? CookieIn::unknown : CookieIn::none, .rule = &named};
            return {.state = CookieIn::valid, .hashed = true, .rule = &hashed, .value = *key};
        }
        if (!key)
            return {.rule = &picked};
        const ReplicaIndex index = key->empty() ? noReplica : m_named.find(*key);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        // Pods that are terminating or not ready are no endpoints; weights do not count.
        if (!replicas[index].up || replicas[index].draining)
            return {.state = CookieIn::down, .names = index, .rule = &gone};
        return {.state = CookieIn::valid, .names = index, .bound = true, .rule = &valid};
    }

    bool namesClients() const override { return !m_persistent; }
    bool renames() const override { return true; }
    // ngx.now() + 1, the worker's process id and a random number.
    std::string issue(Draw& draw, WallSeconds now) const override
    {
        const auto seconds = (now + 1s).time_since_epoch().count();
        const std::uint32_t thousandths = draw.below(1000);
        const std::uint32_t number = 1 + draw.below(999'999);
        std::string moment = std::to_string(thousandths + 1000);
        moment[0] = '.';
        moment.erase(moment.find_last_not_of("0.") + 1);
        return std::to_string(seconds) + moment + ".32." + std::to_string(number);
    }

    // Once a pod was picked anew, on its own 502 as well.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        const bool kept = m_persistent ? recall.bound && recall.names == placement.replica
                                       : placement.issued.empty();
        if (placement.replica == noReplica || kept)
            return CookieOut::none;
        const bool canary = placement.replicas[placement.replica].canary;
        if (canary && !m_canaryIsSticky)
            return CookieOut::none;
        const std::string key =
            m_persistent ? m_named.valueOf(placement.replica) : std::string(placement.issued);
        response.fields.add("Set-Cookie",
                            m_name + "=" + key + "|" + ingressBackendKey(m_spec, canary)
                                + ingressAttributes(m_spec, m_routes, placement));
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    StickySpec m_spec;
    std::string m_name;
    std::vector<RouteSpec> m_routes;
    bool m_persistent;
    bool m_canaryIsSticky;
    NamedReplicas m_named;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    return std::make_unique<IngressCookie>(balancer, replicas);
}

std::string_view stickyAlgorithm(const BalancerSpec& balancer)
{
    return isPersistent(balancer) ? "random" : "ingress-nginx-chash";
}

std::string_view canaryAlgorithm(const BalancerSpec& balancer)
{
    if (!balancer.sticky || canaryIsSticky(balancer))
        return {};
    return findAlgorithm(ingressNginx, balancer.algorithm)->id;
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (!nginxPassesOn(balancer, attempt))
        return nginxGivesUp(attempt);
    const auto tries = balancer.settings.whole("proxy-next-upstream-tries", 3);
    if (attempt.number + 1 >= (tries == 0 ? attempt.known : tries))
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    const bool sticks = balancer.sticky && (attempt.bound == Bound::yes || attempt.hashed)
        && !balancer.sticky->settings.flag("change-on-failure");
    if (sticks)
        return {.action = OnFailure::Action::sameAgain, .rule = &triedAgain};
    return {.action = OnFailure::Action::another, .rule = &elsewhere};
}

constexpr Rule headTooLarge {
    "A field of the head does not fit into one buffer of 8 kB: nginx answers 400, Request Header "
    "Or Cookie Too Large.",
    "ingress-nginx: large-client-header-buffers; nginx: ngx_http_request.c"};

} // namespace

constexpr Product ingressNginx {
    .id = "ingress-nginx",
    .title = "ingress-nginx",
    .follows = "1.12",
    .source = "ingress-nginx: rootfs/etc/nginx/lua/balancer",
    .documentsOnly = "All of it follows the source; nobody has measured it.",
    .algorithms = algorithmNames,
    .cookieOfEachAttempt = true,
    .cookieKeys = CookieKey::name | CookieKey::path | CookieKey::domain | CookieKey::secure
        | CookieKey::sameSite | CookieKey::maxAge,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .statusWithoutReplica = 503,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .repeats = nginxRepeats,
    .rejects = nginxRejects,
    .canary = ingressCanary,
    .canaryAlgorithm = canaryAlgorithm,
    .stickyAlgorithm = stickyAlgorithm,
    .reloadKeepsPicks = always,
    .answerTimeout = std::chrono::seconds(60),
    .retriesTimeouts = true,
    .endsWithClient = 0,
    .head = {.octets = 8192, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
