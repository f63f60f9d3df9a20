// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie.h"
#include "sim/http/url.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::http {

/// What a jar did with a cookie, and why.
enum class CookieFate : std::uint8_t
{
    kept, ///< stored
    replaced, ///< stored in place of one of the same name, domain and path
    deleted, ///< it was already expired: one of the same name, domain and path is gone
    refusedUnreadable,
    refusedTooLarge,
    refusedDomainMismatch,
    refusedPublicSuffix,
    refusedSecureOverHttp,
    refusedOverlaysSecure,
    refusedSameSiteNoneInsecure,
    refusedSameSiteForeign,
    refusedHostPrefix,
    refusedSecurePrefix,
    refusedPartitionedInsecure,
    refusedThirdParty,
    sent,
    withheldExpired,
    withheldDomain,
    withheldPath,
    withheldSecure,
    withheldSameSite,
    withheldThirdParty,
    withheldOnPurpose, ///< the experiment takes the sticky cookie away
};

/// One sentence with the paragraph of the standard: why `fate` befell the cookie.
std::string_view reasonFor(CookieFate fate);

/// Whether two addresses are of one site: equal schemes, and one registrable domain (RFC 6265bis
/// 5.2, "schemefully same-site").
bool isSameSite(const Url& one, const Url& other);

/// From where a request is made, as far as cookies ask (RFC 6265bis 5.2, CHIPS).
struct RequestContext
{
    bool sameSite = true; ///< the page and the target are of one registrable domain
    bool topLevelNavigation = false; ///< by a safe method
    /// Third-party cookies are blocked, and it is one: those of the page's own partition are kept
    /// and sent, the jar being of one page.
    bool onlyPartitioned = false;
};

struct StoredCookie
{
    std::string name;
    std::string value;
    std::string domain;
    std::string path;
    std::optional<WallSeconds> expires; ///< absent: a session cookie
    bool hostOnly = true;
    bool secure = false;
    bool httpOnly = false;
    bool partitioned = false;
    SameSite sameSite = SameSite::unset;
    std::uint64_t created = 0; ///< order of creation
    std::uint64_t used = 0; ///< order of last use
};

struct CookieReport
{
    std::string name;
    std::string value;
    CookieFate fate {};
};

/// A user agent's cookie store: RFC 6265 with its revision (6265bis: SameSite, prefixes, limits)
/// and the public suffix list. It says what it did with each cookie and why. A value: copy it.
class CookieJar
{
public:
    static constexpr std::size_t mostPerHost = 50;
    static constexpr std::size_t mostInAll = 3000;
    static constexpr std::size_t longestPair = 4096; ///< name and value, octets

    /// Stores what a response's Set-Cookie field asks for (5.3).
    CookieReport receive(std::string_view field, const Url& from, WallSeconds now,
                         const RequestContext& context = {});
    /// The Cookie field for a request (5.4); empty where there is none to send.
    std::string cookieFor(const Url& url, WallSeconds now, const RequestContext& context = {});
    /// What cookieFor() decides about each cookie, without counting as a use.
    std::vector<CookieReport> explain(const Url& url, WallSeconds now,
                                      const RequestContext& context = {}) const;

    /// Whether cookieFor() has a cookie of this name, without counting as a use.
    bool wouldSend(std::string_view name, const Url& url, WallSeconds now,
                   const RequestContext& context = {}) const;

    void clear();
    void remove(std::string_view name);
    const std::vector<StoredCookie>& cookies() const { return m_cookies; }
    void insert(StoredCookie cookie);
    /// Changes whenever what is stored changes.
    std::uint32_t version() const { return m_version; }
    /// When the first of the stored cookies expires.
    std::optional<WallSeconds> nextExpiry() const;

private:
    std::optional<CookieFate> judge(const SetCookie& cookie, const Url& from,
                                    const RequestContext& context) const;
    void makeRoom(const std::string& domain);

    std::vector<StoredCookie> m_cookies;
    std::uint64_t m_clock = 0;
    std::uint32_t m_version = 0;
};

/// RFC 6265 5.1.3 and 5.1.4.
bool domainMatches(std::string_view host, std::string_view domain);
bool pathMatches(std::string_view requestPath, std::string_view cookiePath);
/// The directory of the request (RFC 6265 5.1.4): a cookie's path where it names none.
std::string defaultPath(std::string_view requestPath);

} // namespace stickyscope::http
