// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/shipped_scenarios.h"

#include <QCoreApplication>

namespace stickyscope {

namespace {

constexpr const char* notKept[] {
    "no-cookie-at-all",
    "secure-cookie-on-plain-http",
    "cookie-path-narrower-than-its-use",
    "no-path-attribute",
    "two-applications-one-cookie-name",
    "two-layers-one-cookie-name",
    "application-and-balancer-use-one-cookie-name",
    "same-site-none-without-secure",
    "same-site-lax-within-a-page-of-another-site",
    "third-party-cookies-are-blocked",
    "fetch-without-credentials",
    "a-client-without-a-cookie-jar",
    "a-websocket-client-drops-its-cookie",
    "the-101-carries-no-set-cookie",
    "long-polling-without-stickiness",
    "mcp-clients-keep-no-cookie",
};

constexpr const char* goAndCome[] {
    "a-stale-cookie-leads-to-a-dead-server", "no-redispatch-answers-503",
    "a-retry-goes-back-to-the-same-server",  "the-cookie-is-not-renewed-after-a-failover",
    "scale-up-moves-users-silently",         "new-servers-get-no-users",
    "long-lived-sockets-never-rebalance",    "a-reload-forgets-open-sockets",
    "a-deploy-drops-every-session",          "the-address-of-a-pod-is-used-again",
    "the-cookie-expires-in-mid-session",     "a-session-cookie-never-expires",
};

constexpr const char* several[] {
    "two-balancers-with-tables-of-their-own",   "balancers-see-different-servers",
    "a-second-balancer-behind-the-address",     "everybody-behind-one-address",
    "client-ip-affinity-ends-with-its-timeout", "keep-alive-mistaken-for-stickiness",
    "one-shared-jar-mistaken-for-imbalance",    "a-load-test-without-a-jar-hides-imbalance",
};

constexpr const char* between[] {
    "a-cache-stores-the-cookie",      "a-cdn-strips-the-cookie",  "cookie-domain-is-another-host",
    "affinity-on-one-path-only",      "only-one-level-is-sticky", "canary-users-hop",
    "weight-zero-ignores-the-cookie",
};

constexpr const char* load[] {
    "a-hot-server-takes-the-next-one-down",
    "parallel-first-requests-race",
    "round-robin-resonates-with-bound-requests",
    "a-hash-of-the-cookie-accepts-anything",
    "retries-set-the-cookie-twice",
    "a-client-strips-the-quotes",
    "a-restart-forgets-sessions",
    "a-reload-empties-the-stick-table",
    "an-upgrade-renames-the-cookie",
    "logout-clears-the-sticky-cookie",
    "too-many-cookies-for-one-head",
    "a-typo-in-an-annotation-is-accepted",
    "the-session-cookie-has-no-route",
};

constexpr FailureGroup groups[] {
    {QT_TRANSLATE_NOOP("FailureGroup", "The cookie is not kept, or not sent"), notKept},
    {QT_TRANSLATE_NOOP("FailureGroup", "Servers come and go, cookies expire"), goAndCome},
    {QT_TRANSLATE_NOOP("FailureGroup", "Several balancers, and tests that mislead"), several},
    {QT_TRANSLATE_NOOP("FailureGroup", "Caches, gateways and weights"), between},
    {QT_TRANSLATE_NOOP("FailureGroup", "Load, races and changes elsewhere"), load},
};

} // namespace

std::span<const FailureGroup> failureGroups()
{
    return groups;
}

QString failurePath(const char* file)
{
    return QStringLiteral(":/scenarios/failures/%1.sticky.yaml").arg(QLatin1String(file));
}

} // namespace stickyscope
