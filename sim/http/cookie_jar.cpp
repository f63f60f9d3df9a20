// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie_jar.h"

#include "sim/http/head.h"

#include <algorithm>
#include <libpsl.h>

namespace stickyscope::http {

namespace {

bool isPublicSuffix(const std::string& domain)
{
    return psl_is_public_suffix(psl_builtin(), domain.c_str()) == 1;
}

bool startsIgnoringCase(std::string_view text, std::string_view prefix)
{
    return equalIgnoringCase(text.substr(0, prefix.size()), prefix);
}

bool isLocal(std::string_view host)
{
    return host == "localhost" || host.ends_with(".localhost");
}

// Browsers take http://localhost for trustworthy (Secure Contexts 3.1), and so do we: a Secure
// cookie on a developer's machine is kept by them.
bool isSecureChannel(const Url& url)
{
    return url.secure() || isLocal(url.host) || url.host == "127.0.0.1" || url.host == "::1";
}

CookieFate judgeSending(const StoredCookie& cookie, const Url& url, WallSeconds now,
                        const RequestContext& context)
{
    if (cookie.expires && *cookie.expires <= now)
        return CookieFate::withheldExpired;
    if (cookie.hostOnly ? url.host != cookie.domain : !domainMatches(url.host, cookie.domain))
        return CookieFate::withheldDomain;
    if (!pathMatches(url.path, cookie.path))
        return CookieFate::withheldPath;
    if (cookie.secure && !isSecureChannel(url))
        return CookieFate::withheldSecure;
    // No SameSite means Lax to today's browsers (6265bis 5.6.7.2).
    const bool lax = cookie.sameSite == SameSite::lax || cookie.sameSite == SameSite::unset;
    if (!context.sameSite && cookie.sameSite != SameSite::none
        && !(lax && context.topLevelNavigation))
        return CookieFate::withheldSameSite;
    if (context.onlyPartitioned && !cookie.partitioned)
        return CookieFate::withheldThirdParty;
    return CookieFate::sent;
}

} // namespace

bool isSameSite(const Url& one, const Url& other)
{
    const auto siteOf = [](const Url& url) {
        const char* domain = psl_registrable_domain(psl_builtin(), url.host.c_str());
        return domain ? std::string(domain) : url.host;
    };
    return one.secure() == other.secure() && siteOf(one) == siteOf(other);
}

bool domainMatches(std::string_view host, std::string_view domain)
{
    if (host == domain)
        return true;
    return host.size() > domain.size() && host.ends_with(domain)
        && host[host.size() - domain.size() - 1] == '.' && !isIpAddress(host);
}

bool pathMatches(std::string_view requestPath, std::string_view cookiePath)
{
    if (!requestPath.starts_with(cookiePath))
        return false;
    return requestPath.size() == cookiePath.size() || cookiePath.ends_with('/')
        || requestPath[cookiePath.size()] == '/';
}

std::string defaultPath(std::string_view requestPath)
{
    const auto slash = requestPath.rfind('/');
    if (!requestPath.starts_with('/') || slash == 0 || slash == std::string_view::npos)
        return "/";
    return std::string(requestPath.substr(0, slash));
}

std::optional<CookieFate> CookieJar::judge(const SetCookie& cookie, const Url& from,
                                           const RequestContext& context) const
{
    if (cookie.name.size() + cookie.value.size() > longestPair)
        return CookieFate::refusedTooLarge;
    if (!cookie.domain.empty()) {
        if (isPublicSuffix(cookie.domain) && cookie.domain != from.host)
            return CookieFate::refusedPublicSuffix;
        if (!domainMatches(from.host, cookie.domain))
            return CookieFate::refusedDomainMismatch;
    }
    if (cookie.secure && !isSecureChannel(from))
        return CookieFate::refusedSecureOverHttp;
    if (startsIgnoringCase(cookie.name, "__Secure-") && !cookie.secure)
        return CookieFate::refusedSecurePrefix;
    if (startsIgnoringCase(cookie.name, "__Host-")
        && (!cookie.secure || !cookie.domain.empty() || cookie.path != "/"))
        return CookieFate::refusedHostPrefix;
    if (cookie.sameSite == SameSite::none && !cookie.secure)
        return CookieFate::refusedSameSiteNoneInsecure;
    if (cookie.partitioned && !cookie.secure)
        return CookieFate::refusedPartitionedInsecure;
    if (!context.sameSite && !context.topLevelNavigation && cookie.sameSite != SameSite::none)
        return CookieFate::refusedSameSiteForeign;
    if (context.onlyPartitioned && !cookie.partitioned)
        return CookieFate::refusedThirdParty;
    const bool overlays = !isSecureChannel(from)
        && std::any_of(m_cookies.begin(), m_cookies.end(), [&](const StoredCookie& stored) {
               return stored.secure && stored.name == cookie.name
                   && (domainMatches(stored.domain, from.host)
                       || domainMatches(from.host, stored.domain));
           });
    if (overlays)
        return CookieFate::refusedOverlaysSecure;
    return std::nullopt;
}

CookieReport CookieJar::receive(std::string_view field, const Url& from, WallSeconds now,
                                const RequestContext& context)
{
    const auto parsed = parseSetCookie(field);
    if (!parsed)
        return {{}, std::string(field.substr(0, 64)), CookieFate::refusedUnreadable};
    CookieReport report {parsed->name, parsed->value, CookieFate::kept};
    if (const auto refused = judge(*parsed, from, context)) {
        report.fate = *refused;
        return report;
    }
    StoredCookie cookie {.name = parsed->name,
                         .value = parsed->value,
                         .domain = parsed->domain.empty() ? from.host : parsed->domain,
                         .path = parsed->path.empty() ? defaultPath(from.path) : parsed->path,
                         .expires = parsed->expires,
                         .hostOnly = parsed->domain.empty() || isPublicSuffix(parsed->domain),
                         .secure = parsed->secure,
                         .httpOnly = parsed->httpOnly,
                         .partitioned = parsed->partitioned,
                         .sameSite = parsed->sameSite};
    if (parsed->maxAge)
        cookie.expires = now + *parsed->maxAge;
    const auto same =
        std::find_if(m_cookies.begin(), m_cookies.end(), [&](const StoredCookie& stored) {
            return stored.name == cookie.name && stored.domain == cookie.domain
                && stored.path == cookie.path && stored.hostOnly == cookie.hostOnly;
        });
    ++m_version;
    if (cookie.expires && *cookie.expires <= now) {
        if (same != m_cookies.end())
            m_cookies.erase(same);
        report.fate = CookieFate::deleted;
        return report;
    }
    cookie.used = ++m_clock;
    if (same != m_cookies.end()) {
        cookie.created = same->created;
        *same = std::move(cookie);
        report.fate = CookieFate::replaced;
        return report;
    }
    cookie.created = m_clock;
    std::erase_if(m_cookies, [now](const StoredCookie& stored) {
        return stored.expires && *stored.expires <= now;
    });
    makeRoom(cookie.domain);
    m_cookies.push_back(std::move(cookie));
    return report;
}

void CookieJar::makeRoom(const std::string& domain)
{
    const auto older = [](const StoredCookie& a, const StoredCookie& b) { return a.used < b.used; };
    const auto ofDomain = [&](const StoredCookie& cookie) { return cookie.domain == domain; };
    if (std::count_if(m_cookies.begin(), m_cookies.end(), ofDomain)
        >= static_cast<std::ptrdiff_t>(mostPerHost)) {
        // Cookies of other hosts sort behind all of this one's.
        m_cookies.erase(std::min_element(
            m_cookies.begin(), m_cookies.end(), [&](const StoredCookie& a, const StoredCookie& b) {
                return ofDomain(a) != ofDomain(b) ? ofDomain(a) : older(a, b);
            }));
    } else if (m_cookies.size() >= mostInAll) {
        m_cookies.erase(std::min_element(m_cookies.begin(), m_cookies.end(), older));
    }
}

std::string CookieJar::cookieFor(const Url& url, WallSeconds now, const RequestContext& context)
{
    std::vector<StoredCookie*> chosen;
    for (StoredCookie& cookie : m_cookies) {
        if (judgeSending(cookie, url, now, context) == CookieFate::sent)
            chosen.push_back(&cookie);
    }
    // RFC 6265 5.4, step 2: longer paths first, then older cookies.
    std::sort(chosen.begin(), chosen.end(), [](const StoredCookie* a, const StoredCookie* b) {
        return a->path.size() != b->path.size() ? a->path.size() > b->path.size()
                                                : a->created < b->created;
    });
    std::string field;
    ++m_clock;
    for (StoredCookie* cookie : chosen) {
        cookie->used = m_clock;
        if (!field.empty())
            field += "; ";
        field += cookie->name.empty() ? cookie->value : cookie->name + "=" + cookie->value;
    }
    return field;
}

std::vector<CookieReport> CookieJar::explain(const Url& url, WallSeconds now,
                                             const RequestContext& context) const
{
    std::vector<CookieReport> reports;
    reports.reserve(m_cookies.size());
    for (const StoredCookie& cookie : m_cookies)
        reports.push_back({cookie.name, cookie.value, judgeSending(cookie, url, now, context)});
    return reports;
}

bool CookieJar::wouldSend(std::string_view name, const Url& url, WallSeconds now,
                          const RequestContext& context) const
{
    return std::any_of(m_cookies.begin(), m_cookies.end(), [&](const StoredCookie& cookie) {
        return cookie.name == name && judgeSending(cookie, url, now, context) == CookieFate::sent;
    });
}

void CookieJar::clear()
{
    m_cookies.clear();
    ++m_version;
}

void CookieJar::remove(std::string_view name)
{
    std::erase_if(m_cookies, [name](const StoredCookie& cookie) { return cookie.name == name; });
    ++m_version;
}

void CookieJar::insert(StoredCookie cookie)
{
    cookie.created = cookie.used = ++m_clock;
    m_cookies.push_back(std::move(cookie));
    ++m_version;
}

std::optional<WallSeconds> CookieJar::nextExpiry() const
{
    std::optional<WallSeconds> next;
    for (const StoredCookie& cookie : m_cookies) {
        if (cookie.expires && (!next || *cookie.expires < *next))
            next = cookie.expires;
    }
    return next;
}

} // namespace stickyscope::http
