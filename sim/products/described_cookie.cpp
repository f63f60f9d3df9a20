// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/described_cookie.h"

#include "sim/http/cookie.h"
#include "sim/http/url.h"
#include "sim/products/cookie_text.h"
#include "sim/products/dated_value.h"
#include "sim/products/digests.h"
#include "sim/products/sealed_value.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;
using Dates = CookieDescription::Dates;

constexpr std::size_t drawnDigits = 16;
constexpr std::size_t serialDigits = 2;

class DescribedCookie final : public CloneableSticky<DescribedCookie>
{
public:
    DescribedCookie(CookieDescription description, const ReplicaSet& replicas)
        : m_is(std::move(description))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    // Each balancer has its own.
    void begins(const Chance& chance, const ReplicaSet& replicas) override
    {
        Draw draw = chance.draw(noClient, 0, Purpose::balancerKey);
        m_madeUp = hexOf(draw(), 16);
        if (m_is.key.empty())
            m_is.key = m_madeUp;
        if (!m_is.drawn && !m_is.valueBy)
            return;
        m_named = {};
        for (const ReplicaView& replica : replicas)
            added(replica);
    }
    bool survivesReload() const override { return m_is.outlivesReload; }

    void added(const ReplicaView& replica) override
    {
        const std::size_t place = m_named.size();
        m_named.add(valueAt(replica, place));
    }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const Recall fresh {.rule = m_is.rules.picked};
        if (!m_is.header.empty()) {
            const std::string* value = arrival.request.fields.find(m_is.header);
            return value && !value->empty() ? judge(unquoted(*value), replicas, arrival.now)
                                            : fresh;
        }
        if (m_is.read) {
            const auto value = m_is.read(arrival.request, m_is.name);
            return value ? judge(*value, replicas, arrival.now) : fresh;
        }
        auto found = recallBy(m_is.name, arrival, replicas);
        if (!found && m_is.twin && m_is.twin->countsAlone)
            found = recallBy(m_is.twin->name, arrival, replicas);
        return found.value_or(fresh);
    }

    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && recall.names == placement.replica;
        if (placement.replica == noReplica || m_named.valueOf(placement.replica).empty()
            || !mayWrite(placement, response.status, kept))
            return CookieOut::none;
        if (kept && !m_is.always && !isStale(recall.value, placement.now))
            return CookieOut::none;
        const std::string value =
            enclosed(m_named.valueOf(placement.replica) + dates(placement, kept));
        if (m_is.header.empty())
            response.fields.add("Set-Cookie",
                                m_is.name + "=" + value + written(m_is.attributes, placement));
        else
            response.fields.set(m_is.header, value);
        if (m_is.twin && (placement.secure || !m_is.twin->overTlsOnly))
            response.fields.add("Set-Cookie",
                                m_is.twin->name + "=" + value
                                    + written(m_is.twin->attributes, placement));
        return kept                          ? CookieOut::refreshed
            : recall.state == CookieIn::none ? CookieOut::inserted
                                             : CookieOut::rewritten;
    }

    bool writesAtEachAttempt() const override { return m_is.ofEachAttempt; }
    std::string_view cookieName() const override
    {
        return m_is.header.empty() ? std::string_view(m_is.name) : std::string_view();
    }

private:
    std::string valueAt(const ReplicaView& replica, std::size_t place) const
    {
        if (m_is.drawn)
            return hmacSha256Hex(m_madeUp, std::to_string(place)).substr(0, drawnDigits);
        return m_is.valueBy ? m_is.valueBy(m_is.key, replica) : m_is.valueOf(replica, place);
    }

    std::optional<Recall> recallBy(std::string_view name, const Arrival& arrival,
                                   const ReplicaSet& replicas) const
    {
        std::optional<Recall> latest;
        for (const std::string_view field : arrival.request.fields.all("Cookie")) {
            for (const http::CookiePair& pair : http::parseCookieField(field)) {
                if (pair.name != name)
                    continue;
                latest = judge(unquoted(pair.value), replicas, arrival.now);
                if (latest->bound || !m_is.anyUsable)
                    return latest;
            }
        }
        return latest;
    }

    std::string written(CookieAttributes attributes, const Placement& placement) const
    {
        attributes.secure = attributes.secure || (m_is.secureOverTls && placement.secure);
        if (m_is.hostIsDomain && attributes.domain.empty())
            attributes.domain = http::withoutPort(placement.host);
        return m_is.write(attributes, placement.now);
    }

    std::string_view unquoted(std::string_view value) const
    {
        const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
        if (quoted && (m_is.stripsQuotes || m_is.inQuotes))
            return value.substr(1, value.size() - 2);
        return m_is.inQuotes && !m_is.stripsQuotes ? "" : value;
    }

    // What stands in the value of a cookie that the client has; `plain` keeps it where it was
    // encrypted. A separator that is missing leaves nothing.
    std::string_view opened(std::string_view text, std::string& plain) const
    {
        if (m_is.sealed) {
            plain = unseal(m_is.key, text).value_or("");
            text = std::string_view(plain).substr(std::min(serialDigits, plain.size()));
        }
        if (m_is.separator.empty())
            return text;
        const auto place = text.find(m_is.separator);
        return place == std::string_view::npos ? "" : text.substr(place + m_is.separator.size());
    }

    std::string enclosed(const std::string& plain)
    {
        std::string value = m_is.separator + plain;
        if (m_is.sealed) {
            // So few that nobody has to remember many texts.
            constexpr std::uint32_t serials = 64;
            m_serial = (m_serial + 1) % serials;
            value = seal(m_is.key, hexOf(m_serial, serialDigits) + value);
        }
        return m_is.inQuotes ? '"' + value + '"' : value;
    }

    DatedValue takeApart(std::string_view text) const
    {
        return m_is.dates == Dates::none ? DatedValue {.server = text} : readDatedValue(text);
    }

    // The first second at which the value is no longer good.
    WallSeconds goodUntil(const DatedValue& value) const
    {
        if (m_is.dates == Dates::until)
            return value.one ? *value.one + 1s : Recall::always;
        WallSeconds until = Recall::always;
        if (value.one && m_is.longestIdle > 0s)
            until = std::min(until, *value.one + m_is.longestIdle + 1s);
        if (value.two && m_is.longestLife > 0s)
            until = std::min(until, *value.two + m_is.longestLife + 1s);
        return until;
    }

    Recall judge(std::string_view text, const ReplicaSet& replicas, WallSeconds now) const
    {
        std::string plain;
        const DatedValue value = takeApart(opened(text, plain));
        const WallSeconds until = goodUntil(value);
        if (now >= until)
            return {.state = CookieIn::expired, .rule = m_is.rules.expired};
        const ReplicaIndex index = value.server.empty() ? noReplica : m_named.find(value.server);
        if (index == noReplica)
            return refusedOr({.state = CookieIn::unknown, .rule = m_is.rules.unknown},
                             m_is.unknownStatus);
        const ReplicaView& replica = replicas[index];
        const bool leaving = replica.draining || replica.weight == 0;
        const bool lost = (!replica.up && !m_is.keepsDown)
            || (replica.draining && !m_is.keepsDraining)
            || (replica.weight == 0 && !m_is.keepsWeightZero);
        if (lost)
            return refusedOr({.state = CookieIn::down,
                              .names = index,
                              .rule = m_is.rules.down,
                              .goodUntil = until},
                             m_is.downStatus);
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .rule = leaving ? m_is.rules.draining : m_is.rules.valid,
                .value = text,
                .goodUntil = until};
    }

    Recall refusedOr(Recall recall, int status) const
    {
        if (status == 0)
            return recall;
        recall.state = CookieIn::refused;
        recall.status = static_cast<std::uint16_t>(status);
        recall.rule = m_is.rules.refused;
        return recall;
    }

    bool mayWrite(const Placement& placement, int status, bool kept) const
    {
        if (placement.origin == Origin::balancer && (kept || !m_is.onOwnErrors))
            return false;
        if (status == 101 && !m_is.on101)
            return false;
        const CookieIn state = placement.recall.state;
        return (state != CookieIn::down || !m_is.keepsCookieOfDown)
            && (state != CookieIn::unknown || !m_is.keepsCookieOfUnknown);
    }

    bool isStale(std::string_view text, WallSeconds now) const
    {
        if (!m_is.refreshes)
            return false;
        std::string plain;
        const DatedValue value = takeApart(opened(text, plain));
        return m_is.dates != Dates::lastAndFirst || !value.one || *value.one < now;
    }

    std::string dates(const Placement& placement, bool kept) const
    {
        if (m_is.dates == Dates::none)
            return {};
        if (m_is.dates == Dates::until)
            return dateBehindValue(placement.now + m_is.longestLife);
        // The same session goes on: its beginning stays.
        std::string plain;
        const auto first =
            kept ? takeApart(opened(placement.recall.value, plain)).two : std::nullopt;
        return dateBehindValue(placement.now) + dateBehindValue(first.value_or(placement.now));
    }

    CookieDescription m_is;
    std::string m_madeUp;
    std::uint32_t m_serial = 0;
    NamedReplicas m_named;
};

} // namespace

std::unique_ptr<StickyPolicy> makeDescribedCookie(CookieDescription description,
                                                  const ReplicaSet& replicas)
{
    return std::make_unique<DescribedCookie>(std::move(description), replicas);
}

} // namespace stickyscope
