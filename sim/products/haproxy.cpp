// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/product.h"

#include <array>
#include <utility>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 7> algorithmNames {{{"roundrobin", "haproxy-roundrobin"},
                                                           {"static-rr", "haproxy-static-rr"},
                                                           {"leastconn", "haproxy-leastconn"},
                                                           {"random", "haproxy-random"},
                                                           {"first", "first"},
                                                           {"source", "haproxy-source"},
                                                           {"hash", "haproxy-hash"}}};

constexpr std::array<std::string_view, 3> modes {"insert", "rewrite", "prefix"};
constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<Setting, 9> cookieSettings {{
    {"mode", Setting::Type::choice,
     "insert a cookie of its own (default), rewrite the application's, or prefix it.", 0, 0, modes},
    {"indirect", Setting::Type::flag, "The replica does not see the cookie."},
    {"nocache", Setting::Type::flag, "Cache-Control: private beside a new cookie."},
    {"postonly", Setting::Type::flag, "Insert in answers to POST alone."},
    {"preserve", Setting::Type::flag, "Leave a cookie of this name that the replica sets."},
    {"maxidle", Setting::Type::time, "Ignore a cookie that was not used for so long.", 1, longest},
    {"maxlife", Setting::Type::time, "Ignore a cookie that is older.", 1, longest},
    {"dynamic-cookie-key", Setting::Type::text, "Name servers by a keyed hash of their address."},
    {"attr", Setting::Type::text, "Written behind all other attributes."},
}};
constexpr std::array<std::string_view, 2> hashTypes {"map-based", "consistent"};
constexpr std::array<std::string_view, 2> observed {"none", "layer4"};
constexpr std::array<Setting, 9> settings {{
    {"slowstart", Setting::Type::time,
     "How long a server that comes up again takes less than its share, more from step to step.", 1,
     3600},
    {"draws", Setting::Type::whole, "How many servers random draws (2).", 1, 1000},
    {"hash-type", Setting::Type::choice,
     "map-based (default): most keys move with any change; consistent: few do.", 0, 0, hashTypes},
    {"hash-balance-factor", Setting::Type::whole,
     "No server takes more than so many hundredths of the mean (0: any).", 0, 65535},
    {"redispatch", Setting::Type::flag, "The last retry goes to another server."},
    {"retries", Setting::Type::whole, "How often a server that does not answer is tried again (3).",
     0, 100},
    {"persist", Setting::Type::flag, "Keep to a server that is marked down."},
    {"observe", Setting::Type::choice,
     "layer4: failed requests mark a server down (on-error mark-down), until `rise` checks are "
     "good; none (default).",
     0, 0, observed},
    {"error-limit", Setting::Type::whole, "How many in a row, with observe (10).", 1, 1000},
}};

constexpr Rule picked {"It carries no sticky cookie: HAProxy picks a server by its algorithm.",
                       "HAProxy: configuration.txt, cookie"};
constexpr Rule valid {"Its cookie names a server that is up: HAProxy keeps to it.",
                      "HAProxy: configuration.txt 8.5, flag V"};
constexpr Rule draining {"Its cookie names a server that is draining: HAProxy keeps to it.",
                         "HAProxy: management.txt, set server state drain"};
constexpr Rule unknown {
    "Its cookie names no server of HAProxy's: it picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag I"};
constexpr Rule down {
    "Its cookie names a server that is marked down: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag D"};
constexpr Rule persisted {
    "Its cookie names a server that is marked down: with option persist HAProxy tries it.",
    "HAProxy: configuration.txt, option persist"};
constexpr Rule idleTooLong {
    "Its cookie was not used for longer than maxidle: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag E"};
constexpr Rule tooOld {
    "Its cookie is older than maxlife: HAProxy picks anew and sets a new cookie.",
    "HAProxy: configuration.txt 8.5, flag O"};
constexpr Rule retried {"The server does not answer: HAProxy tries the same one again.",
                        "HAProxy: configuration.txt, retries"};
constexpr Rule redispatched {
    "The server does not answer: with option redispatch the last retry goes to another.",
    "HAProxy: configuration.txt, option redispatch"};
constexpr Rule unavailable {"The server did not answer any retry: HAProxy answers 503.",
                            "HAProxy 2.6.12, measured"};
constexpr Rule badGateway {
    "The server closed the connection before its answer: HAProxy answers 502.",
    "HAProxy: configuration.txt 8.5, flags SH"};

constexpr std::string_view defaultCookie = "SRV";
// min(timeout connect, 1 s) before each attempt at the same server.
constexpr Duration pauseBeforeRetry = 1s;

// Measured on 2.6.12: nocache speaks up only where a cache might keep the answer, that is where
// it says how long it is good or how to check it again, and does not forbid storing.
bool isCacheable(const http::ResponseHead& response)
{
    std::string control;
    for (const std::string_view value : response.fields.all("Cache-Control"))
        control += http::lowered(value) + ",";
    for (const char* forbidden : {"no-store", "private", "no-cache"}) {
        if (control.find(forbidden) != std::string::npos)
            return false;
    }
    const bool fresh = control.find("max-age") != std::string::npos
        || control.find("s-maxage") != std::string::npos
        || response.fields.find("Expires") != nullptr;
    return fresh || response.fields.find("ETag") != nullptr
        || response.fields.find("Last-Modified") != nullptr;
}

// A cookie's value taken apart: "server", "server|last|first" or "server~the application's".
struct Value
{
    std::string_view server;
    std::optional<WallSeconds> last;
    std::optional<WallSeconds> first;
};

Value takeApart(std::string_view text, bool prefixed)
{
    if (prefixed)
        return {.server = text.substr(0, text.find('~'))};
    // Whether or not anybody asked for dates.
    const auto bar = text.find('|');
    Value value {.server = text.substr(0, bar)};
    if (bar == std::string_view::npos)
        return value;
    const std::string_view stamps = text.substr(bar + 1);
    value.last = readHaproxyStamp(stamps);
    if (const auto next = stamps.find('|'); next != std::string_view::npos)
        value.first = readHaproxyStamp(stamps.substr(next + 1));
    return value;
}

class HaproxyCookie final : public CloneableSticky<HaproxyCookie>
{
public:
    HaproxyCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_persist(balancer.settings.flag("persist"))
    {
        const StickySpec& spec = *balancer.sticky;
        const Settings& given = spec.settings;
        m_name = spec.cookie.empty() ? defaultCookie : spec.cookie;
        m_mode = given.text("mode", "insert");
        m_indirect = given.flag("indirect");
        m_nocache = given.flag("nocache");
        m_postonly = given.flag("postonly");
        m_preserve = given.flag("preserve");
        m_maxidle = std::chrono::floor<std::chrono::seconds>(given.time("maxidle"));
        m_maxlife = std::chrono::floor<std::chrono::seconds>(given.time("maxlife"));
        // In the order of http_ana.c.
        if (!spec.domain.empty())
            m_attributes += "; domain=" + spec.domain;
        if (spec.httpOnly)
            m_attributes += "; HttpOnly";
        if (spec.secure)
            m_attributes += "; Secure";
        if (spec.sameSite != SameSite::unset)
            m_attributes.append("; SameSite=").append(sameSiteWord(spec.sameSite));
        if (const std::string last = given.text("attr"); !last.empty())
            m_attributes += "; " + last;
        m_dynamicKey = given.text("dynamic-cookie-key");
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    // An explicit `cookie` of the server line wins over the dynamic one.
    void added(const ReplicaView& replica) override
    {
        m_named.add(m_dynamicKey.empty() || replica.route
                        ? replica.routeOrName()
                        : haproxyDynamicValue(m_dynamicKey, replica.address()));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    // The first usable match assigns; one that names a server that is down is passed over.
    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        Recall recall {.rule = &picked};
        for (const std::string_view field : arrival.request.fields.all("Cookie")) {
            for (const HaproxyCookiePart& part : haproxyCookieParts(field)) {
                if (!part.is(m_name))
                    continue;
                recall = judge(part.value, replicas, arrival.now);
                if (recall.bound)
                    return recall;
            }
        }
        return recall;
    }

    void forward(http::RequestHead& request) const override
    {
        http::Fields edited;
        for (const http::Field& field : request.fields) {
            const bool isCookie = http::equalIgnoringCase(field.name, "Cookie");
            const std::string value = isCookie ? forwarded(field.value) : field.value;
            if (!isCookie || !value.empty())
                edited.add(field.name, value);
        }
        request.fields = edited;
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.origin == Origin::balancer || placement.replica == noReplica)
            return CookieOut::none;
        const std::string& server = m_named.valueOf(placement.replica);
        if (m_mode != "insert")
            return editOwn(server, response);
        const bool own = takeOwn(response);
        if (own && m_preserve)
            return CookieOut::passedOn;
        if (m_postonly && placement.method != "POST")
            return CookieOut::none;
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && recall.names == placement.replica;
        if (kept && !needsRefresh(recall.value, placement.now))
            return CookieOut::none;
        // A server without a cookie of its own, such as a backup, takes the client's away.
        response.fields.add("set-cookie",
                            server.empty()
                                ? m_name + "=; Expires=Thu, 01-Jan-1970 00:00:01 GMT" + m_attributes
                                : m_name + "=" + server + stamps(placement) + m_attributes);
        if (m_nocache && isCacheable(response))
            response.fields.add("cache-control", "private");
        return server.empty()                ? CookieOut::deleted
            : kept                           ? CookieOut::refreshed
            : recall.state == CookieIn::none ? CookieOut::inserted
                                             : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    std::string forwarded(std::string_view cookies) const
    {
        if (m_mode == "prefix")
            return withoutHaproxyPrefix(cookies, m_name);
        return m_mode == "insert" && m_indirect ? withoutHaproxyCookie(cookies, m_name)
                                                : tidiedHaproxyCookies(cookies);
    }

    bool dated() const { return m_maxidle > 0s || m_maxlife > 0s; }

    Recall judge(std::string_view text, const ReplicaSet& replicas, WallSeconds now) const
    {
        const Value value = takeApart(text, m_mode == "prefix");
        if (const Rule* expired = expiry(value, now))
            return {.state = CookieIn::expired, .rule = expired};
        const ReplicaIndex index = value.server.empty() ? noReplica : m_named.find(value.server);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        const ReplicaView& replica = replicas[index];
        if (!replica.up && !m_persist)
            return {.state = CookieIn::down, .names = index, .rule = &down};
        const bool leaving = replica.draining || replica.weight == 0;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = !replica.up ? &persisted
                    : leaving       ? &draining
                                    : &valid,
                .value = text,
                .goodUntil = goodUntil(value)};
    }

    // A stamp of more than a day ahead is as if too old.
    const Rule* expiry(const Value& value, WallSeconds now) const
    {
        const auto outside = [now](WallSeconds stamp, std::chrono::seconds most) {
            return now - stamp > most || stamp - now > 24h;
        };
        if (value.last && m_maxidle > 0s && outside(*value.last, m_maxidle))
            return &idleTooLong;
        if (value.first && m_maxlife > 0s && outside(*value.first, m_maxlife))
            return &tooOld;
        return nullptr;
    }

    WallSeconds goodUntil(const Value& value) const
    {
        WallSeconds until = Recall::always;
        if (value.last && m_maxidle > 0s)
            until = std::min(until, *value.last + m_maxidle + 1s);
        if (value.first && m_maxlife > 0s)
            until = std::min(until, *value.first + m_maxlife + 1s);
        return until;
    }

    // A stamp is renewed once it is older than now's, set where it lacks, and taken off where
    // nobody wants it.
    bool needsRefresh(std::string_view text, WallSeconds now) const
    {
        const Value value = takeApart(text, m_mode == "prefix");
        const bool stale = value.last
            ? !dated() || haproxyQuarter(*value.last) < haproxyQuarter(now)
            : m_maxidle > 0s;
        return stale || (m_maxlife > 0s) != value.first.has_value();
    }

    std::string stamps(const Placement& placement) const
    {
        if (!dated())
            return {};
        std::string text = "|" + haproxyStamp(placement.now);
        if (m_maxlife > 0s) {
            const auto first = takeApart(placement.recall.value, false).first;
            text += "|" + haproxyStamp(first.value_or(placement.now));
        }
        return text;
    }

    // The application's cookie of this name: removed, unless it is preserved.
    bool takeOwn(http::ResponseHead& response) const
    {
        bool found = false;
        http::Fields kept;
        for (const http::Field& field : response.fields) {
            const bool own =
                http::equalIgnoringCase(field.name, "Set-Cookie") && isOwn(field.value);
            found = found || own;
            if (!own || m_preserve)
                kept.add(field.name, field.value);
        }
        if (found)
            response.fields = kept;
        return found;
    }

    bool isOwn(std::string_view setCookie) const
    {
        return http::trimmed(setCookie.substr(0, setCookie.find('='))) == m_name;
    }

    // Rewrite and prefix touch only a cookie that the application sets.
    CookieOut editOwn(const std::string& server, http::ResponseHead& response) const
    {
        CookieOut out = CookieOut::none;
        http::Fields edited;
        for (const http::Field& field : response.fields) {
            if (!http::equalIgnoringCase(field.name, "Set-Cookie") || !isOwn(field.value)) {
                edited.add(field.name, field.value);
                continue;
            }
            const auto begin = field.value.find('=') + 1;
            const auto end = std::min(field.value.find(';'), field.value.size());
            std::string value = field.value.substr(0, begin) + server;
            if (m_mode == "prefix")
                value.append("~").append(field.value, begin, end - begin);
            edited.add(field.name, value.append(field.value, end));
            out = CookieOut::rewritten;
        }
        if (out != CookieOut::none)
            response.fields = edited;
        return out;
    }

    std::string m_name;
    std::string m_mode;
    std::string m_attributes = "; path=/"; ///< the path is fixed
    bool m_indirect = false;
    bool m_nocache = false;
    bool m_postonly = false;
    bool m_preserve = false;
    bool m_persist = false;
    std::chrono::seconds m_maxidle {};
    std::chrono::seconds m_maxlife {};
    std::string m_dynamicKey;
    NamedReplicas m_named;
};

std::unique_ptr<StickyPolicy> makeCookie(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    return std::make_unique<HaproxyCookie>(balancer, replicas);
}

OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.fault == Fault::reset)
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &badGateway};
    const auto retries = balancer.settings.whole("retries", 3);
    if (balancer.settings.flag("redispatch") && attempt.number == retries - 1)
        return {.action = OnFailure::Action::another, .rule = &redispatched};
    if (attempt.number < retries)
        return {.action = OnFailure::Action::sameAgain, .wait = pauseBeforeRetry, .rule = &retried};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    const auto& check = balancer.healthCheck;
    if (!check || balancer.settings.text("observe", "none") == "none")
        return {};
    return {.failures = static_cast<int>(balancer.settings.whole("error-limit", 10)),
            .out = check->every * check->rise.value_or(haproxy.rise),
            .afresh = true};
}

Duration slowStart(const BalancerSpec& balancer)
{
    return balancer.settings.time("slowstart");
}

constexpr Rule headTooLarge {"The head does not fit into a buffer of 16 kB less the 1 kB that is "
                             "kept for rewriting: HAProxy answers 400.",
                             "HAProxy: tune.bufsize, tune.maxrewrite"};

} // namespace

constexpr Product haproxy {
    .id = "haproxy",
    .title = "HAProxy",
    .follows = "2.6.12",
    .source = "HAProxy 2.6: lb_fwrr.c, lb_fwlc.c, http_ana.c; measured on 2.6.12",
    .documentsOnly = "observe, slowstart and backup servers follow the documentation. `hash` is "
                     "that of the client's "
                     "address, `balance hash src`. From 3.3 on the default is random, "
                     "with two draws; here it is roundrobin, as in 2.6. How large a head may be "
                     "follows the documentation.",
    .algorithms = algorithmNames,
    .largestWeight = 256,
    .fall = 3,
    .rise = 2,
    .hasBackups = true,
    .cookieKeys = CookieKey::name | CookieKey::domain | CookieKey::secure | CookieKey::httpOnly
        | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &picked,
    .sticky = makeCookie,
    .failed = failed,
    .passive = passive,
    .slowStart = slowStart,
    .head = {.octets = 15360, .ofOneField = false, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
