// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace stickyscope {

/// Which colour each server of somebody's service has. They become known in any order, but one of a
/// name has the same colour in each run: by the number at its end where it has one, as the model's
/// servers have, else by its letters. Where two would have the same, the later one gets the next,
/// and keeps it for as long as the program runs.
class ServiceColours
{
public:
    /// A run begins: nobody is known yet.
    void begin() { m_places.clear(); }
    /// Names in the order in which they became known; only what is new is looked at, so that who is
    /// renamed keeps his colour.
    const std::vector<std::size_t>& follow(const std::vector<std::string>& names);

private:
    std::size_t placeFor(const std::string& name) const;

    std::vector<std::size_t> m_places; ///< of this run's servers
    std::map<std::string, std::size_t> m_known;
};

} // namespace stickyscope
