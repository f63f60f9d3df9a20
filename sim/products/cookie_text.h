// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/instant.h"
#include "sim/model/scenario.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What products have in common in reading and writing cookies.
namespace stickyscope {

/// Go's Request.Cookie: the first readable cookie of this name. A value in quotes loses them; one
/// with a forbidden octet is as if absent; one without an equals sign is empty. Go 1.23 and later
/// trim the name (`trimsNames`), older ones refuse blanks behind it.
std::optional<std::string_view> goCookie(const http::RequestHead& request, std::string_view name,
                                         bool trimsNames);
/// The parts of a Set-Cookie field behind the value, in the order in which Go's net/http writes
/// them.
std::string attributesInGoOrder(const StickySpec& spec, const std::string& path,
                                std::optional<WallSeconds> expires = {});
/// "Lax", as all products but Apache's users write it; empty for unset.
std::string_view sameSiteWord(SameSite sameSite);

/// Whether this can be a cookie's name: letters, digits and !#$%&'*+-.^_`|~ (RFC 6265 4.1.1).
bool isToken(std::string_view text);
/// What a cookie's name must be, as messages say it.
inline constexpr const char* aCookiesName = "a cookie's name: letters, digits and !#$%&'*+-.^_`|~";
/// `text` with "_" for each character that no cookie's name has: Traefik's way with any name.
std::string asToken(std::string_view text);
/// The word in any case of letters, unset for any other text.
SameSite sameSiteOfAnyText(std::string_view text);

/// Replicas by the value that a product's cookie gives each of them.
class NamedReplicas
{
public:
    void add(std::string value)
    {
        m_byValue.emplace(value, static_cast<ReplicaIndex>(m_values.size()));
        m_values.push_back(std::move(value));
    }
    /// Nobody finds it any more; another of the same value may be found from now on.
    void remove(ReplicaIndex replica)
    {
        const auto found = m_byValue.find(m_values[raw(replica)]);
        if (found == m_byValue.end() || found->second != replica)
            return;
        const auto other =
            std::find(m_values.begin() + raw(replica) + 1, m_values.end(), found->first);
        if (other == m_values.end())
            m_byValue.erase(found);
        else
            found->second = static_cast<ReplicaIndex>(other - m_values.begin());
    }
    const std::string& valueOf(ReplicaIndex replica) const { return m_values[raw(replica)]; }
    ReplicaIndex find(std::string_view value) const
    {
        const auto found = m_byValue.find(value);
        return found == m_byValue.end() ? noReplica : found->second;
    }
    std::size_t size() const { return m_values.size(); }

private:
    std::vector<std::string> m_values;
    std::map<std::string, ReplicaIndex, std::less<>> m_byValue; ///< the first of equal ones
};

} // namespace stickyscope
