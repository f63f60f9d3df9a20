// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_stick_table.h"

#include "sim/http/cookie.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/haproxy_stickiness.h"
#include "sim/products/stick_table.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

namespace {

constexpr Rule picked {
    "The stick table knows nothing of it: HAProxy picks a server by its algorithm.",
    "HAProxy: configuration.txt, stick-table"};
constexpr Rule forgotten {
    "The stick table does not know its session, or no longer: HAProxy picks a server.",
    "HAProxy: configuration.txt, stick match"};
constexpr Rule expired {
    "Its entry in the stick table was not used for longer than expire: HAProxy picks a server.",
    "HAProxy: configuration.txt, stick-table, expire"};
constexpr Rule known {"The stick table knows its server, which is up: HAProxy keeps to it.",
                      "HAProxy: stream.c, process_sticking_rules; measured on 2.6.12"};
constexpr Rule draining {
    "The stick table knows its server, which is draining: HAProxy keeps to it.",
    "HAProxy: stream.c, sticking_rule_find_target; measured on 2.6.12"};
constexpr Rule down {"The server that the stick table knows is marked down: HAProxy picks another.",
                     "HAProxy: stream.c, sticking_rule_find_target; measured on 2.6.12"};
constexpr Rule forced {
    "The server that the stick table knows is marked down: with force-persist HAProxy tries it.",
    "HAProxy: configuration.txt, force-persist"};
constexpr Rule persisted {
    "The server that the stick table knows is marked down: with option persist HAProxy tries it.",
    "HAProxy: configuration.txt, option persist"};

class HaproxyStickTable final : public CloneableSticky<HaproxyStickTable>
{
public:
    explicit HaproxyStickTable(const BalancerSpec& balancer)
        : m_persist(balancer.settings.flag("persist"))
        , m_forcing(balancer.settings.text("force-persist"))
        , m_on(onOf(balancer.sticky->settings.text("stick-on", "source")))
        , m_name(nameOf(*balancer.sticky, m_on))
        , m_table(static_cast<std::size_t>(balancer.sticky->settings.whole("table-size", 100'000)),
                  std::chrono::ceil<std::chrono::seconds>(balancer.sticky->settings.time("expire")))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const bool insists = forcesHaproxy(m_forcing, arrival.request);
        Recall recall = lookUp(arrival, replicas, insists);
        recall.insists = insists;
        return recall;
    }

    // Whoever is looked up is used, whatever becomes of the request.
    void placed(ReplicaIndex, std::string_view source, WallSeconds now) override
    {
        m_table.touch(source, now);
        ++m_version;
    }

    // Stored with the answer, by whom it came: several first requests at once may come to several
    // servers, and the last answer counts.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        ++m_version;
        if (onSession() && placement.recall.state != CookieIn::none)
            m_table.touch(placement.recall.value, placement.now);
        if (placement.origin == Origin::balancer || placement.replica == noReplica)
            return CookieOut::none;
        if (!onSession())
            m_table.store(placement.source, placement.replica, placement.now);
        else if (const auto session = sessionSetBy(response))
            m_table.store(*session, placement.replica, placement.now);
        return CookieOut::none;
    }

    void removed(ReplicaIndex replica) override
    {
        m_table.remove(replica);
        ++m_version;
    }

    std::uint32_t version() const override { return m_version; }
    bool looksAtSource() const override { return !onSession(); }
    bool survivesReload() const override { return false; }
    std::string_view cookieName() const override
    {
        return m_on == On::cookie ? std::string_view(m_name) : std::string_view();
    }

private:
    enum class On : std::uint8_t
    {
        source,
        cookie,
        header
    };

    static On onOf(std::string_view word)
    {
        return word == "cookie" ? On::cookie : word == "header" ? On::header : On::source;
    }
    static std::string nameOf(const StickySpec& spec, On on)
    {
        if (on == On::header)
            return spec.settings.text("stick-header", "Mcp-Session-Id");
        return spec.cookie.empty() ? "session" : spec.cookie;
    }
    bool onSession() const { return m_on != On::source; }

    Recall lookUp(const Arrival& arrival, const ReplicaSet& replicas, bool insists) const
    {
        const auto key = onSession() ? session(arrival.request) : std::optional(arrival.source);
        if (!key)
            return {.rule = &picked};
        // The client's address is known to placed() and remember() as well.
        const std::string_view value = onSession() ? *key : std::string_view();
        const StickTable::Entry* entry = m_table.find(*key);
        if (!entry)
            return {.state = onSession() ? CookieIn::unknown : CookieIn::none,
                    .rule = onSession() ? &forgotten : &picked,
                    .value = value};
        const WallSeconds goodUntil = m_table.goodUntil(*entry);
        if (arrival.now >= goodUntil)
            return {.state = CookieIn::expired, .rule = &expired, .value = value};
        const ReplicaView& server = replicas[entry->server];
        if (!server.up && !m_persist && !insists)
            return {.state = CookieIn::down,
                    .names = entry->server,
                    .rule = &down,
                    .value = value,
                    .goodUntil = goodUntil};
        const bool leaving = server.draining || server.weight == 0;
        return {.state = leaving ? CookieIn::draining : CookieIn::valid,
                .names = entry->server,
                .bound = true,
                .rule = server.up ? (leaving ? &draining : &known)
                    : insists     ? &forced
                                  : &persisted,
                .value = value,
                .goodUntil = goodUntil};
    }

    // `type string len 128` keeps one octet less.
    static constexpr std::size_t longestKey = 127;

    // req.cook: the last of the name.
    std::optional<std::string_view> session(const http::RequestHead& request) const
    {
        if (m_on == On::header)
            return lastOf(request.fields);
        std::optional<std::string_view> last;
        for (const std::string_view field : request.fields.all("Cookie")) {
            if (const auto found = keyIn(haproxyCookieParts(field)))
                last = found;
        }
        return last;
    }

    // res.cook: likewise, of fields that hold one cookie each.
    std::optional<std::string> sessionSetBy(const http::ResponseHead& response) const
    {
        std::optional<std::string> last;
        if (m_on == On::header) {
            if (const auto named = lastOf(response.fields))
                last = *named;
            return last;
        }
        for (const std::string_view field : response.fields.all("Set-Cookie")) {
            std::vector<HaproxyCookiePart> parts = haproxyCookieParts(field);
            const bool alone = parts.size() == 1;
            parts.resize(std::min<std::size_t>(parts.size(), 1));
            if (const auto found = keyIn(parts, alone))
                last = *found;
        }
        return last;
    }

    // req.hdr and res.hdr: the last of the name, and of several between commas the last.
    std::optional<std::string_view> lastOf(const http::Fields& fields) const
    {
        std::optional<std::string_view> last;
        for (const std::string_view field : fields.all(m_name))
            last = http::trimmed(field.substr(field.rfind(',') + 1)).substr(0, longestKey);
        return last;
    }

    // An empty value is a key as any other, but at the very end of a field, where it is not seen
    // (extract_cookie_value; measured).
    std::optional<std::string_view> keyIn(const std::vector<HaproxyCookiePart>& parts,
                                          bool toTheEnd = true) const
    {
        std::optional<std::string_view> last;
        for (const HaproxyCookiePart& part : parts) {
            const bool ends = toTheEnd && &part == &parts.back();
            const bool unseen = ends && part.lead.empty() && part.value.empty();
            if (part.is(m_name) && !unseen)
                last = part.value.substr(0, longestKey);
        }
        return last;
    }

    bool m_persist;
    std::string m_forcing;
    On m_on;
    std::string m_name;
    StickTable m_table;
    std::uint32_t m_version = 0;
};

} // namespace

std::unique_ptr<StickyPolicy> makeHaproxyStickTable(const BalancerSpec& balancer)
{
    return std::make_unique<HaproxyStickTable>(balancer);
}

} // namespace stickyscope
