// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/cookie_jar.h"
#include "sim/model/scenario.h"

#include <vector>

namespace stickyscope::http {

/// What the clients of a group ask for, in turn; one address at least.
std::vector<Url> urlsOf(const ClientSpec& client, const Scenario& scenario);

/// What the page that sends a group's requests means for their cookies.
struct ClientSite
{
    RequestContext context;
    bool cookies = true; ///< sent and kept at all
};

/// `asked`: one of what they ask for.
ClientSite siteOf(const ClientSpec& client, const Url& asked);
/// What its clients send in the field Cookie of their own accord, before what a jar of theirs
/// gives, in the same field; empty for nothing.
std::string givenCookies(const ClientSpec& client);

} // namespace stickyscope::http
