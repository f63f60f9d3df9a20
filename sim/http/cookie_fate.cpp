// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie_jar.h"

namespace stickyscope::http {

std::string_view reasonFor(CookieFate fate)
{
    switch (fate) {
    case CookieFate::kept:
        return "kept: its domain and path fit (RFC 6265 5.3)";
    case CookieFate::replaced:
        return "kept in place of the one with the same name, domain and path (RFC 6265 5.3, step "
               "11)";
    case CookieFate::deleted:
        return "removed: its date is in the past (RFC 6265 5.3, last paragraphs)";
    case CookieFate::refusedUnreadable:
        return "refused: no name and no value, or a control character in it (RFC 6265bis 5.6, "
               "steps 1 and 5)";
    case CookieFate::refusedTooLarge:
        return "refused: name and value are longer than 4096 octets (RFC 6265bis 5.6, step 5)";
    case CookieFate::refusedDomainMismatch:
        return "refused: the host is not within its Domain (RFC 6265 5.3, step 6)";
    case CookieFate::refusedPublicSuffix:
        return "refused: its Domain is a public suffix (RFC 6265 5.3, step 5)";
    case CookieFate::refusedSecureOverHttp:
        return "refused: Secure, but the answer came over plain http (RFC 6265bis 5.7, step 8)";
    case CookieFate::refusedOverlaysSecure:
        return "refused: plain http may not replace a Secure cookie (RFC 6265bis 5.7, step 13)";
    case CookieFate::refusedSameSiteNoneInsecure:
        return "refused: SameSite=None asks for Secure (RFC 6265bis 5.7, step 19)";
    case CookieFate::refusedSameSiteForeign:
        return "refused: SameSite, and the request was made from another site (RFC 6265bis 5.7, "
               "step 18)";
    case CookieFate::refusedHostPrefix:
        return "refused: __Host- asks for Secure, Path=/ and no Domain (RFC 6265bis 4.1.3.2)";
    case CookieFate::refusedSecurePrefix:
        return "refused: __Secure- asks for Secure (RFC 6265bis 4.1.3.1)";
    case CookieFate::refusedPartitionedInsecure:
        return "refused: Partitioned asks for Secure (CHIPS 2.1)";
    case CookieFate::refusedThirdParty:
        return "refused: third-party cookies are blocked, and it is not Partitioned (CHIPS)";
    case CookieFate::sent:
        return "sent: host, path and scheme match (RFC 6265 5.4)";
    case CookieFate::withheldExpired:
        return "not sent: it has expired (RFC 6265 5.3)";
    case CookieFate::withheldDomain:
        return "not sent: it belongs to another host (RFC 6265 5.4, step 1)";
    case CookieFate::withheldPath:
        return "not sent: the request's path is not within its Path (RFC 6265 5.1.4)";
    case CookieFate::withheldSecure:
        return "not sent: Secure, and the request goes over plain http (RFC 6265 5.4, step 1)";
    case CookieFate::withheldSameSite:
        return "not sent: SameSite, and the request is made from another site (RFC 6265bis 5.8.3)";
    case CookieFate::withheldThirdParty:
        return "not sent: third-party cookies are blocked, and it is not Partitioned (CHIPS)";
    case CookieFate::withheldOnPurpose:
        return "sticky cookie withheld by this setting";
    }
    return {};
}

} // namespace stickyscope::http
