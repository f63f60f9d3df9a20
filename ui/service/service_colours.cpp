// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/service_colours.h"

#include <algorithm>
#include <cstdint>

namespace stickyscope {

namespace {

constexpr std::size_t best = 8; ///< colours that are told apart most easily
constexpr std::size_t all = 16;

// "server-1" has the first one, as in the model.
std::size_t wishOf(const std::string& name)
{
    constexpr std::size_t mostDigits = 6;
    std::size_t begin = name.size();
    while (begin > 0 && name.size() - begin < mostDigits && name[begin - 1] >= '0'
           && name[begin - 1] <= '9')
        --begin;
    if (begin < name.size()) {
        std::size_t number = 0;
        for (std::size_t place = begin; place < name.size(); ++place)
            number = number * 10 + static_cast<std::size_t>(name[place] - '0');
        return (number + best - 1) % best;
    }
    std::uint32_t hash = 2166136261; // FNV-1a
    for (const char letter : name)
        hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619;
    return hash % best;
}

} // namespace

std::size_t ServiceColours::placeFor(const std::string& name) const
{
    const auto known = m_known.find(name);
    const std::size_t wish = known != m_known.end() ? known->second : wishOf(name);
    const auto taken = [this](std::size_t place) {
        return std::find(m_places.begin(), m_places.end(), place) != m_places.end();
    };
    if (!taken(wish))
        return wish;
    for (std::size_t step = 1; step < best; ++step) {
        if (!taken((wish + step) % best))
            return (wish + step) % best;
    }
    for (std::size_t place = best; place < all; ++place) {
        if (!taken(place))
            return place;
    }
    return wish;
}

const std::vector<std::size_t>& ServiceColours::follow(const std::vector<std::string>& names)
{
    for (std::size_t index = m_places.size(); index < names.size(); ++index) {
        m_places.push_back(placeFor(names[index]));
        m_known.emplace(names[index], m_places.back());
    }
    return m_places;
}

} // namespace stickyscope
