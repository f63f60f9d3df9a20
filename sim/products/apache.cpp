// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/apache_stickiness.h"
#include "sim/products/product.h"

#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::array<ProductAlgorithm, 3> algorithmNames {
    {{"byrequests", "apache-byrequests", WhenFull::waitsThere},
     {"bytraffic", "apache-bytraffic", WhenFull::waitsThere},
     {"bybusyness", "apache-bybusyness", WhenFull::waitsThere}}};

constexpr std::array<Setting, 3> cookieSettings {{
    {"application-cookie", Setting::Type::flag,
     "stickysession reads the application's own cookie, \"session.route\", and no Header line sets "
     "one."},
    {"stickysessionsep", Setting::Type::text,
     "The character before the route: what is before the first of it does not count; Off: there is "
     "none, and all of the cookie is the route.",
     "."},
    {"url-parameter", Setting::Type::text, "The parameter that is looked for before the cookie.",
     "none"},
}};
constexpr std::array<std::string_view, 12> statuses {"401", "403", "404", "408", "429", "500",
                                                     "501", "502", "503", "504", "505", "507"};
constexpr std::array<Setting, 7> settings {{
    {"nofailover", Setting::Type::flag, "503 where the server that the cookie names is down."},
    {"retry", Setting::Type::time, "How long a server that failed is left out.", "60s", 0, 86400},
    {"maxattempts", Setting::Type::whole,
     "To how many further members a request goes that cannot be reached.", "all others", 0, 1000},
    {"failonstatus", Setting::Type::words,
     "Answers that put a member in error, by their status; the client gets them all the same.",
     "none", 0, 0, statuses},
    {"forcerecovery", Setting::Type::flag,
     "Where all members are in error, all are asked again at once.", "true"},
    {"max", Setting::Type::whole,
     "How many requests a server has at once, of one process of Apache's; more wait for it.",
     "any number", 1, 1'000'000},
    {"acquire", Setting::Type::time,
     "How long such a request waits before its server counts as failed.", "as long as it takes",
     0.001, 86400},
}};

constexpr Rule elsewhere {"The member does not answer: Apache marks it as in error and goes on to "
                          "another.",
                          "Apache 2.4, measured"};
constexpr Rule brokenOff {"The member broke off in the place of an answer: Apache answers 502, and "
                          "goes on asking it.",
                          "Apache 2.4, measured"};
constexpr Rule unavailable {"No member answers: Apache answers 503.", "Apache 2.4, measured"};

// A member that cannot be reached is in error at once, so that the request comes to another, and as
// often as there are others; with nofailover a bound one finds none, but by a redirect. A member
// that breaks off is in no error, and its request is not sent again.
OnFailure failed(const BalancerSpec& balancer, const Attempt& attempt)
{
    if (attempt.fault == Fault::reset || attempt.fault == Fault::malformed)
        return {.action = OnFailure::Action::giveUp, .status = 502, .rule = &brokenOff};
    if (attempt.number < balancer.settings.whole("maxattempts", attempt.known - 1))
        return {.action = OnFailure::Action::anew, .rule = &elsewhere};
    return {.action = OnFailure::Action::giveUp, .status = 503, .rule = &unavailable};
}

std::vector<int> failOnStatus(const BalancerSpec& balancer)
{
    const std::string words = balancer.settings.text("failonstatus");
    std::vector<int> all;
    for (const std::string_view word : wordsOf(words))
        all.push_back(std::stoi(std::string(word)));
    return all;
}

PassiveCheck passive(const BalancerSpec& balancer)
{
    // Measured: neither the clock nor another member's bound request takes it back, but for those
    // in front: force_recovery tries one after the other until it meets one that is not in error.
    // Where all are, and forcerecovery is on, the next request finds none of them so.
    return {.failures = 1,
            .out = balancer.settings.time("retry", 60s),
            .whenAsked = true,
            .frontWhoeverAsks = true,
            .badStatuses = failOnStatus(balancer),
            .allBackAtOnce = balancer.settings.flag("forcerecovery", true),
            .refusedAlone = true};
}

constexpr Rule waited {"Its server had as many requests as max allows: it waited for that server.",
                       "Apache: mod_proxy, max; measured on 2.4.71"};
constexpr Rule waitedInVain {
    "Its server had no room within the time of acquire: Apache marks it as in error.",
    "Apache: mod_proxy, acquire; measured on 2.4.71"};

ServerLimit limit(const BalancerSpec& balancer)
{
    const Settings& given = balancer.settings;
    if (!given.has("max"))
        return {};
    return {.most = static_cast<int>(given.whole("max", 0)),
            .queues = true,
            .taken = true,
            .patience = given.time("acquire"),
            .waitedThere = &waited,
            .waitedInVain = &waitedInVain};
}

constexpr Rule headTooLarge {
    "A field of the head is larger than LimitRequestFieldSize, 8190 octets: Apache answers 400.",
    "Apache: core, LimitRequestFieldSize"};

constexpr std::array differences {
    Difference {
        "busy-for-a-moment", "Whom bybusyness chooses right after an answer.",
        "A request counts as busy until a moment after its answer, and the next may come before."},
};

} // namespace

constexpr Product apache {
    .id = "apache",
    .title = "Apache httpd",
    .follows = "2.4.71",
    .source = "Apache 2.4: mod_proxy_balancer.c; measured on 2.4.71",
    .documentsOnly = "How long it waits for an answer, how large a head may be, and several "
                     "members of one route follow the documentation. Apache has no weight 0: here, "
                     "as in what is exported, such a member drains.",
    .differences = differences,
    .algorithms = algorithmNames,
    .largestWeight = 100,
    .fall = 1,
    .rise = 1,
    .hasBackups = true,
    .hasSpares = true,
    .hasRedirects = true,
    .cookieKeys = allCookieKeys,
    .cookieSettings = cookieSettings,
    .settings = settings,
    .picked = &apachePicked,
    .sticky = makeApacheRoute,
    .failed = failed,
    .passive = passive,
    .limit = limit,
    .answerTimeout = std::chrono::seconds(60),
    .head = {.octets = 8190, .ofOneField = true, .status = 400, .rule = &headTooLarge}};

} // namespace stickyscope
