// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

/// A server that the value may belong to.
struct CookieServer
{
    std::string address; ///< "10.0.0.1:8000"
    std::string name; ///< in the balancer's configuration; empty where nobody said it
    std::size_t place = 0; ///< among the balancer's servers, from 0
};

/// One form that balancers give their sticky cookies, and what can be read in it. A new one is a
/// row in the table.
struct CookieFormat
{
    enum Mark : unsigned
    {
        sure = 0,
        /// Other cookies look like this as well: it counts only where somebody says that it is
        /// sticky.
        weak = 1,
        keyed = 2, ///< the value follows from a key as well, with some of its balancers
        named = 4, ///< it goes by the server's name, not by its address
        alone = 8, ///< of a cookie of this name no other balancer's form counts
        byName = 16, ///< its values tell nothing: it counts only where the name is known
    };

    std::string_view balancer;
    const char* name; ///< a pattern for the cookie's whole name
    const char* value; ///< a pattern for its whole value
    std::string_view meaning; ///< one sentence: what the value stands for
    unsigned marks = sure; ///< some of Mark
    /// What the value holds, a line each: an address, a moment. Null: nothing that can be read.
    std::vector<std::string> (*decode)(std::string_view value) = nullptr;
    /// The values that this server can have, with the balancer's key or secret where it has one.
    /// Null: they do not follow from the server.
    std::vector<std::string> (*valuesOf)(const CookieServer& server,
                                         std::string_view key) = nullptr;

    /// The id of the product that hashes it over all its servers; empty where none does.
    std::string_view hashedBy {};

    bool is(Mark mark) const { return (marks & mark) != 0; }
};

/// Those that fit, the likeliest first. Without a name, only what can be told by the value.
std::vector<const CookieFormat*> cookieFormatsOf(std::string_view name, std::string_view value);
/// Whether that value could stand for this server.
bool couldName(const CookieFormat& format, std::string_view value, const CookieServer& server,
               std::string_view key);

} // namespace stickyscope
