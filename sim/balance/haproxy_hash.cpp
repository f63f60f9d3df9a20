// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/algorithms.h"
#include "sim/balance/haproxy_map.h"
#include "sim/balance/haproxy_ring.h"

#include <variant>

namespace stickyscope {

namespace {

// `balance source` (2.6, src/backend.c, get_server_sh()) takes an address as it is: an IPv4
// address as one number, the four words of an IPv6 address exclusive-ored. A key that is no
// address is hashed as by the others.
std::optional<std::uint32_t> addressWord(std::string_view key)
{
    const auto address = addressBytes(key);
    if (!address)
        return std::nullopt;
    std::uint32_t word = 0;
    for (std::size_t place = 0; place < address->size; ++place)
        word ^= std::uint32_t {address->bytes[place]} << (24 - 8 * (place % 4));
    return word;
}

using HashFunction = std::uint32_t (*)(std::string_view);

HashFunction functionNamed(const std::string& name)
{
    return name == "djb2" ? djb2
        : name == "wt6"   ? wt6
        : name == "crc32" ? +[](std::string_view text) { return crc32(text); }
                          : sdbm;
}

// HAProxy 2.6: `balance hdr(...)`, `uri`, `url_param`, `hash` (get_server_hh() and others) and
// `source`, with `hash-type`: map-based is modulo the map of servers, so most keys move with any
// change; consistent is the ring. Without a function named, sdbm, and for the ring the avalanche
// behind it.
class HaproxyHash final : public CloneablePolicy<HaproxyHash>
{
public:
    HaproxyHash(const ReplicaSet& replicas, const Settings& settings, bool source)
        : m_servers(HaproxyMap(replicas))
        , m_inFlight(replicas)
        , m_function(functionNamed(settings.text("hash-function")))
        , m_source(source)
    {
        const bool consistent = settings.text("hash-type") == "consistent";
        if (consistent)
            m_servers.emplace<HaproxyRing>(replicas, settings.whole("hash-balance-factor", 0));
        m_avalanche = settings.flag("avalanche", consistent && !settings.has("hash-function"));
    }

    std::optional<ReplicaIndex> choose(const Pick& pick) override
    {
        const std::size_t left = pick.replicas.takingFresh();
        if (left == 0)
            return std::nullopt;
        if (!m_source && !pick.key.data() && left > 1)
            return inTurn(pick);
        const std::uint32_t hash = left == 1 ? 0 : hashOf(pick.key);
        if (auto* map = std::get_if<HaproxyMap>(&m_servers))
            return map->at(hash, pick.avoid);
        return std::get<HaproxyRing>(m_servers).at(hash, pick.avoid, m_inFlight);
    }

    void assigned(ReplicaIndex replica, Bound, Instant) override { m_inFlight.assigned(replica); }
    void released(const Ended& ended) override { m_inFlight.released(ended.replica); }

    void topologyChanged(const ReplicaSet& replicas) override
    {
        std::visit([&replicas](auto& servers) { servers.update(replicas); }, m_servers);
        m_inFlight.grow(replicas);
    }

private:
    // A request without the header, the parameter or the cookie: round robin, over the map or the
    // points of the ring.
    ReplicaIndex inTurn(const Pick& pick)
    {
        if (auto* map = std::get_if<HaproxyMap>(&m_servers))
            return map->at(m_turn++, pick.avoid);
        return std::get<HaproxyRing>(m_servers).pointFrom(m_turn++, pick.avoid);
    }

    std::uint32_t hashOf(std::string_view key) const
    {
        const auto word = m_source ? addressWord(key) : std::nullopt;
        const std::uint32_t hash = word ? *word : m_function(key);
        return m_avalanche ? fullHash(hash) : hash;
    }

    std::variant<HaproxyMap, HaproxyRing> m_servers;
    InFlight m_inFlight;
    HashFunction m_function;
    std::uint32_t m_turn = 0;
    bool m_source;
    bool m_avalanche = false;
};

} // namespace

std::unique_ptr<BalancingPolicy> makeHaproxySource(const ReplicaSet& replicas, const Chance&,
                                                   const Settings& settings)
{
    return std::make_unique<HaproxyHash>(replicas, settings, true);
}

std::unique_ptr<BalancingPolicy> makeHaproxyHash(const ReplicaSet& replicas, const Chance&,
                                                 const Settings& settings)
{
    return std::make_unique<HaproxyHash>(replicas, settings, false);
}

} // namespace stickyscope
