// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/retry_after.h"

#include "sim/http/cookie.h"

#include <algorithm>
#include <charconv>

namespace stickyscope::live {

std::optional<std::chrono::seconds> retryAfter(const http::ResponseHead& head, WallSeconds now)
{
    const std::string* field = head.fields.find("Retry-After");
    if (!field || (head.status != 429 && head.status != 503))
        return std::nullopt;
    long long seconds = 0;
    const char* const end = field->data() + field->size();
    const auto [read, error] = std::from_chars(field->data(), end, seconds);
    if (error != std::errc {} || read != end) {
        const auto date = http::parseCookieDate(*field);
        if (!date)
            return std::nullopt;
        seconds = (*date - now).count();
    }
    constexpr long long longest = 24LL * 3600;
    return std::chrono::seconds(std::clamp(seconds, 0LL, longest));
}

} // namespace stickyscope::live
