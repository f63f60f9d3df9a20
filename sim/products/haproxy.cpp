// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/algorithm_settings.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/haproxy_failures.h"
#include "sim/products/haproxy_stick_table.h"
#include "sim/products/haproxy_stickiness.h"
#include "sim/products/hash_key.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 7> algorithmNames {
    {{"roundrobin", "haproxy-roundrobin", WhenFull::passesOver, WhenFull::waitsThere},
     {"static-rr", "haproxy-static-rr"},
     {"leastconn", "haproxy-leastconn", WhenFull::passesOver, WhenFull::waitsThere},
     {"random", "haproxy-random", WhenFull::waitsForAny, WhenFull::waitsForAny},
     {"first", "first", WhenFull::passesOver, WhenFull::waitsThere},
     {"source", "haproxy-source", WhenFull::waitsThere, WhenFull::waitsThere},
     {"hash", "haproxy-hash", WhenFull::waitsThere, WhenFull::waitsThere}}};

constexpr std::array<std::string_view, 4> modes {"insert", "rewrite", "prefix", "stick-table"};
constexpr std::array<std::string_view, 3> stickOn {"source", "cookie", "header"};
constexpr double longest = 10.0 * 365 * 86400;
constexpr std::array<Setting, 13> cookieSettings {{
    {"mode", Setting::Type::choice,
     "insert a cookie of its own, rewrite the application's, prefix it, or keep a stick-table and "
     "set none.",
     "insert", 0, 0, modes},
    {"indirect", Setting::Type::flag, "The replica does not see the cookie."},
    {"nocache", Setting::Type::flag, "Cache-Control: private beside a new cookie."},
    {"postonly", Setting::Type::flag, "Insert in answers to POST alone."},
    {"preserve", Setting::Type::flag, "Leave a cookie of this name that the replica sets."},
    {"maxidle", Setting::Type::time, "Ignore a cookie that was not used for so long.", "never", 1,
     longest},
    {"maxlife", Setting::Type::time, "Ignore a cookie that is older.", "never", 1, longest},
    {"dynamic-cookie-key", Setting::Type::text, "Name servers by a keyed hash of their address.",
     "none"},
    {"attr", Setting::Type::text, "Written behind all other attributes.", "none"},
    {"stick-on", Setting::Type::choice,
     "What a stick-table remembers: the client's address (source), or the application's session by "
     "its cookie or by a header.",
     "source", 0, 0, stickOn},
    {"stick-header", Setting::Type::text,
     "The header that names the session in answers and requests, with stick-on: header.",
     "Mcp-Session-Id"},
    {"expire", Setting::Type::time,
     "How long a stick-table remembers what is not used, while there is room.", "for ever", 1,
     longest},
    {"table-size", Setting::Type::whole,
     "How many a stick-table remembers; those not used for longest make room.", "100000", 1,
     10'000'000},
}};
constexpr std::array<std::string_view, 3> observed {"none", "layer4", "layer7"};
constexpr std::array<Setting, 21> settings {{
    hashOn,
    hashName,
    {"slowstart", Setting::Type::time,
     "How long a server that comes up again takes less than its share, more from step to step.",
     "none", 1, 3600},
    algorithm_settings::draws,
    algorithm_settings::hashType,
    algorithm_settings::hashFunction,
    algorithm_settings::avalanche,
    algorithm_settings::hashBalanceFactor,
    {"redispatch", Setting::Type::flag,
     "The last retry goes to another server; of a request that no cookie leads, where servers take "
     "turns, each one does."},
    {"redispatch-interval", Setting::Type::whole,
     "option redispatch N: each Nth retry goes to another; below zero, counted from the last; 0: "
     "none.",
     "-1", -100, 100},
    haproxyRetryOn,
    {"retries", Setting::Type::whole, "How often a server that does not answer is tried again.",
     "3", 0, 100},
    {"timeout-connect", Setting::Type::time,
     "How long a connection to a server may take. HAProxy waits as long, but 1 s at most, before "
     "it tries the same server again.",
     "1s", 0.001, 3600},
    {"persist", Setting::Type::flag, "Keep to a server that is marked down."},
    {"force-persist", Setting::Type::text,
     "The name of a header: a request that has it keeps to a server that is marked down, and no "
     "retry of it goes to another one (if { req.hdr(NAME) -m found }).",
     "none"},
    {"observe", Setting::Type::choice,
     "Failed requests mark a server down (on-error mark-down), until `rise` checks are good: "
     "connections that fail (layer4), answers of 500 and above too, and those that never come "
     "(layer7).",
     "none", 0, 0, observed},
    {"maxconn", Setting::Type::whole,
     "How many requests a server has at once; more wait: with a cookie for that server, else for "
     "any.",
     "any number", 1, 1'000'000},
    {"maxqueue", Setting::Type::whole,
     "How many may wait for one server; with one more and redispatch, it goes elsewhere, else 503.",
     "any number", 1, 1'000'000},
    {"timeout-queue", Setting::Type::time,
     "How long a request waits before it is answered with 503.", "as timeout-connect", 0.001,
     86400},
    {"allbackups", Setting::Type::flag,
     "All backups share what comes to them; without it, the first that is up gets all."},
    {"error-limit", Setting::Type::whole, "How many in a row, with observe.", "10", 1, 1000},
}};

constexpr Rule waitedThere {
    "Its server had as many requests as maxconn allows: it waited in that server's queue.",
    "HAProxy: configuration.txt, maxconn; measured on 2.6.12"};
constexpr Rule waitedForAny {
    "All servers had as many requests as maxconn allows: it waited for the first to have room.",
    "HAProxy: configuration.txt, maxconn; measured on 2.6.12"};
constexpr Rule waitedInVain {"No server had room for it within timeout queue: HAProxy answers 503.",
                             "HAProxy: configuration.txt, timeout queue; measured on 2.6.12"};
constexpr Rule queueFull {
    "As many requests as maxqueue allows wait for its server already: HAProxy answers 503.",
    "HAProxy: configuration.txt, maxqueue; measured on 2.6.12"};

std::unique_ptr<StickyPolicy> makeSticky(const BalancerSpec& balancer, const ReplicaSet& replicas)
{
    if (balancer.sticky->settings.text("mode", "insert") == "stick-table")
        return makeHaproxyStickTable(balancer);
    return makeHaproxyCookie(balancer, replicas);
}

// hdr(NAME): measured on 2.6.12, of `X-User: a, b` it hashes the a.
std::optional<std::string_view> firstOfList(const http::RequestHead& request, std::string_view name)
{
    const std::string* found = request.fields.find(name);
    if (!found)
        return std::nullopt;
    const std::string_view first =
        http::trimmed(std::string_view(*found).substr(0, found->find(',')));
    return first.empty() ? std::nullopt : std::optional(first);
}

// req.cook(NAME): the last of that name, be it empty (src/http_fetch.c, smp_fetch_cookie); measured
// on 2.6.12.
std::optional<std::string_view> lastCookie(const http::RequestHead& request, std::string_view name)
{
    std::optional<std::string_view> last;
    for (const std::string_view field : request.fields.all("Cookie")) {
        for (const HaproxyCookiePart& part : haproxyCookieParts(field)) {
            if (part.is(name))
                last = part.value;
        }
    }
    return last;
}

HashKey hashKey(const BalancerSpec& balancer)
{
    if (balancer.algorithm == "source")
        return {};
    HashKey key = hashKeyOf(balancer);
    if (key.of == HashKey::Of::header)
        key.read = firstOfList;
    if (key.of == HashKey::Of::cookie)
        key.read = lastCookie;
    return key;
}

ServerLimit limit(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    if (!given.has("maxconn"))
        return {};
    return {.most = static_cast<int>(given.whole("maxconn", 0)),
            .queues = true,
            .longestQueue = static_cast<int>(given.whole("maxqueue", 0)),
            .elsewhere = given.flag("redispatch"),
            .patience = given.time("timeout-queue", haproxyTimeoutConnect(balancer)),
            .waitedThere = &waitedThere,
            .waitedForAny = &waitedForAny,
            .waitedInVain = &waitedInVain,
            .queueFull = &queueFull};
}

SlowStart slowStart(const BalancerSpec& balancer)
{
    return {.window = balancer.settings.time("slowstart"), .afterPassive = true};
}

bool oneBackup(const BalancerSpec& balancer)
{
    return !balancer.settings.flag("allbackups");
}

constexpr Rule headTooLarge {"The head does not fit into a buffer of 16 kB less the 1 kB that is "
                             "kept for rewriting: HAProxy answers 400.",
                             "HAProxy: tune.bufsize, tune.maxrewrite"};

constexpr std::array differences {
    Difference {"added-by-reload", "Whose turn it is once a server has been added.",
                "There a server is added by a reload, and the new process begins its turns anew; "
                "here the turns go on."},
    Difference {"one-more-than-maxconn",
                "How many requests are at a server that took some from the backend's queue as it "
                "became ready.",
                "HAProxy 2.6 does not count those among the server's own, so that one more than "
                "maxconn may come to it."},
};

} // namespace

constexpr Product haproxy {
    .id = "haproxy",
    .title = "HAProxy",
    .follows = "2.6.12",
    .source = "HAProxy 2.6: lb_fwrr.c, lb_fwlc.c, http_ana.c; measured on 2.6.12",
    .documentsOnly =
        "From 3.3 on the "
        "default is random, with two draws; here it is roundrobin, as in 2.6. "
        "How large a head may be, stick tables kept by peers, option redispatch with a "
        "number, and which of two servers with equal loads random takes follow the documentation "
        "and the source.",
    .differences = differences,
    .algorithms = algorithmNames,
    .largestWeight = 256,
    .fall = 3,
    .rise = 2,
    .hasBackups = true,
    .cookieKeys = CookieKey::name | CookieKey::domain | CookieKey::secure | CookieKey::httpOnly
        | CookieKey::sameSite,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &haproxyPicked,
    .sticky = makeSticky,
    .failed = haproxyFailed,
    .repeats = haproxyRepeats,
    .rejects = haproxyRejects,
    .passive = haproxyObserves,
    .limit = limit,
    .hashKey = hashKey,
    .slowStart = slowStart,
    .oneBackup = oneBackup,
    .retriesTimeouts = true,
    .head = {.octets = 15360, .ofOneField = false, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
