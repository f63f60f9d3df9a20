// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"
#include "sim/products/cookie_text.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"
#include "sim/products/nginx_stickiness.h"

#include <chrono>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Rule hashedId {"nginx hashes the client's own number, which its cookie holds.",
                         "nginx 1.22: userid and hash; measured"};
constexpr Rule newId {"It carries no number of its own: nginx gives it one.",
                      "nginx 1.22: userid; measured"};

// The userid module's cookie, for `hash $uid_got$uid_set`: as people did before `sticky`.
class NginxUserIdCookie final : public CloneableSticky<NginxUserIdCookie>
{
public:
    explicit NginxUserIdCookie(const StickySpec& spec)
        : m_spec(spec)
        , m_name(spec.cookie.empty() ? "uid" : spec.cookie)
        , m_expires(std::chrono::floor<std::chrono::seconds>(spec.settings.time("expires")))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet&) const override
    {
        const auto value = nginxCookie(arrival.request, m_name);
        if (!value || !nginxUserId(m_name, *value))
            return {.state = value ? CookieIn::unknown : CookieIn::none, .rule = &newId};
        return {.state = CookieIn::valid, .hashed = true, .rule = &hashedId, .value = *value};
    }

    bool namesClients() const override { return true; }
    std::string issue(Draw& draw, WallSeconds) const override
    {
        std::string octets;
        for (int half = 0; half < 2; ++half) {
            std::uint64_t word = draw();
            for (int octet = 0; octet < 8; ++octet, word >>= 8U)
                octets += static_cast<char>(word & 0xffU);
        }
        return base64(octets);
    }
    std::string key(std::string_view value) const override
    {
        return nginxUserId(m_name, value).value_or(std::string());
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        if (placement.recall.hashed || placement.issued.empty())
            return CookieOut::none;
        std::string field = m_name + "=" + std::string(placement.issued);
        if (m_spec.settings.flag("expires-max"))
            field += "; expires=" + std::string(nginxLastMoment);
        else if (m_expires > 0s)
            field += "; expires=" + nginxCookieTime(placement.now + m_expires);
        if (!m_spec.domain.empty())
            field += "; domain=" + m_spec.domain;
        if (m_spec.path)
            field += "; path=" + *m_spec.path;
        if (m_spec.secure)
            field += "; secure";
        if (m_spec.httpOnly)
            field += "; httponly";
        if (m_spec.sameSite != SameSite::unset)
            field += "; samesite=" + http::lowered(sameSiteWord(m_spec.sameSite));
        response.fields.add("Set-Cookie", field);
        return placement.recall.state == CookieIn::none ? CookieOut::inserted
                                                        : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    StickySpec m_spec;
    std::string m_name;
    std::chrono::seconds m_expires;
};

} // namespace

std::unique_ptr<StickyPolicy> makeNginxUserId(const StickySpec& spec)
{
    return std::make_unique<NginxUserIdCookie>(spec);
}

} // namespace stickyscope
