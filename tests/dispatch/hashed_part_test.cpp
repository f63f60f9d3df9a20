// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/hashed_part.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using Of = HashKey::Of;

namespace {

struct Row
{
    Of of;
    std::string name;
    std::string target;
    std::string header; ///< "Name: value"
    std::string part; ///< "(none)" where there is none
};

const Row rows[] = {
    {Of::source, "", "/a", "", "(none)"},
    {Of::header, "X-User", "/", "x-user: alice", "alice"},
    {Of::header, "X-User", "/", "X-User: a, b", "a, b"},
    {Of::header, "X-User", "/", "X-User: ", "(none)"},
    {Of::header, "X-User", "/", "", "(none)"},
    {Of::query, "u", "/a?v=1&u=2&u=3", "", "2"},
    {Of::query, "u", "/a?u=", "", ""},
    {Of::query, "u", "/a?u", "", "(none)"},
    {Of::query, "u", "/a?U=1", "", "(none)"},
    {Of::query, "u", "/a", "", "(none)"},
    {Of::query, "u", "/a?u=%61", "", "%61"},
    {Of::path, "", "/a/b?c", "", "/a/b"},
    {Of::uri, "", "/a/b?c", "", "/a/b?c"},
    {Of::cookie, "u", "/", "Cookie: v=1; u=2", "2"},
    {Of::cookie, "u", "/", "Cookie: u=", "(none)"},
    {Of::cookie, "u", "/", "", "(none)"},
};

} // namespace

TEST_CASE("The part of a request that is hashed, as it stands there")
{
    for (const Row& row : rows) {
        CAPTURE(row.target);
        CAPTURE(row.header);
        http::RequestHead head {.target = row.target};
        if (const auto colon = row.header.find(':'); colon != std::string::npos)
            head.fields.add(row.header.substr(0, colon),
                            http::trimmed(row.header.substr(colon + 1)));
        const std::string_view part = hashedPart({.of = row.of, .name = row.name}, head);
        CHECK((part.data() ? std::string(part) : "(none)") == row.part);
    }
}

TEST_CASE("Of a list HAProxy takes the first")
{
    http::RequestHead head;
    head.fields.add("X-User", "b, a");
    const HashKey key {.of = Of::header, .name = "X-User", .firstOfList = true};
    CHECK(hashedPart(key, head) == "b");
}
