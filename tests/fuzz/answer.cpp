// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a live service says of itself: head and body of an answer, an empty line between them.
#include "sim/live/replica_identity.h"
#include "sim/live/retry_after.h"
#include "sim/live/session_rule.h"
#include "tests/fuzz/fuzz.h"

#include <array>
#include <vector>

using namespace stickyscope;

namespace {

http::ResponseHead headOf(std::string_view text)
{
    http::ResponseHead head {.status = 200 + static_cast<int>(text.size() % 400)};
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto colon = line.find(':');
        if (colon != std::string_view::npos)
            head.fields.add(line.substr(0, colon), http::trimmed(line.substr(colon + 1)));
    }
    return head;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::vector<live::SessionRule> sessions = [] {
        std::vector<live::SessionRule> all;
        for (const char* rule :
             {"status:401", "redirect:/login", "engine.io", "cookie:sid", "missing:Welcome"})
            all.push_back(*live::SessionRule::parse(rule));
        return all;
    }();
    static const std::array rules {live::IdentityRule(), *live::IdentityRule::parse("json:a.b.0"),
                                   *live::IdentityRule::parse("line:Hostname"),
                                   *live::IdentityRule::parse("header:X-Served-By")};
    const std::string_view text = fuzz::textOf(data, size);
    const auto gap = std::min(text.find("\n\n"), text.size());
    const std::string_view body = text.substr(std::min(gap + 2, text.size()));
    const http::ResponseHead head = headOf(text.substr(0, gap));
    for (const live::IdentityRule& rule : rules) {
        const auto identity = rule.identify(head, body);
        fuzz::require(!identity || !identity->name.empty());
    }
    live::brokenBy(sessions, head, body, "sid=1");
    const auto wait = live::retryAfter(head, WallSeconds {std::chrono::seconds(1767225600)});
    fuzz::require(!wait || (wait->count() >= 0 && *wait <= std::chrono::hours(24)));
    live::IdentityRule::parse(text);
    live::SessionRule::parse(text);
    return 0;
}
