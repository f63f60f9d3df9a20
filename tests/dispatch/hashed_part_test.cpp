// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/hashed_part.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

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

TEST_CASE("HAProxy and nginx find in their own way what they hash")
{
    struct Own
    {
        const Product& product;
        const char* on;
        std::string target;
        std::vector<std::string> headers; ///< "Name: value"
        std::string part; ///< "(none)" where there is none
    };
    const Own own[] = {
        {haproxy, "header", "/", {"u: b, a"}, "b"},
        {haproxy, "header", "/", {"u: ,a"}, "(none)"},
        {haproxy, "cookie", "/", {"Cookie: u=a; v=1; u=b"}, "b"},
        {haproxy, "cookie", "/", {"Cookie: u=a", "Cookie: u=b; v=1"}, "b"},
        {haproxy, "cookie", "/", {"Cookie: u=a; u="}, ""},
        {haproxy, "cookie", "/", {"Cookie: U=a"}, "(none)"},
        {haproxy, "query", "/?U=1&u=2", {}, "2"},
        {nginx, "cookie", "/", {"Cookie: v=1; U=a; u=b"}, "a"},
        {nginx, "cookie", "/", {"Cookie: u=; u=b"}, ""},
        {nginx, "query", "/?U=1&u=2", {}, "1"},
        {nginx, "query", "/?u&uu=3&U=&u=2", {}, ""},
        {nginx, "query", "/u=1", {}, "(none)"},
        {nginx, "header", "/", {"u: b, a"}, "b, a"},
    };
    for (const Own& row : own) {
        CAPTURE(row.product.id);
        CAPTURE(row.target);
        http::RequestHead head {.target = row.target};
        for (const std::string& header : row.headers) {
            CAPTURE(header);
            const auto colon = header.find(':');
            head.fields.add(header.substr(0, colon), http::trimmed(header.substr(colon + 1)));
        }
        BalancerSpec spec {.algorithm = "hash"};
        spec.settings.set("hash-on", std::string(row.on));
        spec.settings.set("hash-name", std::string("u"));
        const std::string_view part = hashedPart(row.product.hashKey(spec), head);
        CHECK((part.data() ? std::string(part) : "(none)") == row.part);
    }
}
