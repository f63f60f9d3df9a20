// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/client_cookie.h"

#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"

#include <utility>

namespace stickyscope {

namespace {

class NamedClient final : public CloneableSticky<NamedClient>
{
public:
    explicit NamedClient(ClientCookie cookie)
        : m_is(std::move(cookie))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet&) const override
    {
        const auto value = nginxCookie(arrival.request, m_is.name);
        if (!value || value->empty())
            return {.rule = m_is.named};
        return {.state = CookieIn::valid, .hashed = true, .rule = m_is.hashed, .value = *value};
    }

    bool namesClients() const override { return true; }
    bool renames() const override { return m_is.renames; }
    std::string issue(Draw& draw, WallSeconds) const override { return m_is.issue(draw); }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const bool kept = placement.issued.empty();
        const bool own = placement.origin == Origin::balancer;
        if (placement.replica == noReplica || (own && (kept || !m_is.onOwnErrors))
            || (kept && !m_is.always) || (response.status == 101 && !m_is.on101))
            return CookieOut::none;
        CookieAttributes attributes = m_is.attributes;
        attributes.secure = attributes.secure || (m_is.secureOverTls && placement.secure);
        const std::string_view value = kept ? placement.recall.value : placement.issued;
        response.fields.add("Set-Cookie",
                            m_is.name + "=" + std::string(value)
                                + attributesText(attributes, placement.now));
        return placement.recall.state == CookieIn::none ? CookieOut::inserted
            : kept                                      ? CookieOut::refreshed
                                                        : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_is.name; }

private:
    ClientCookie m_is;
};

} // namespace

std::unique_ptr<StickyPolicy> makeClientCookie(ClientCookie cookie)
{
    return std::make_unique<NamedClient>(std::move(cookie));
}

std::string randomUuid(Draw& draw)
{
    const std::uint64_t high = draw();
    const std::uint64_t low = draw();
    std::string digits = hexOf(high, 16) + hexOf(low, 16);
    digits[12] = '4';
    digits[16] = "89ab"[low >> 62U];
    for (const std::size_t place : {8U, 13U, 18U, 23U})
        digits.insert(place, "-");
    return digits;
}

} // namespace stickyscope
