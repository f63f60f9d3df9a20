// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/trial.h"

namespace stickyscope::test {

/// The fifty keys with which the real balancers were asked.
enum class Keys : std::uint8_t
{
    words, // key-1 to key-50
    paths, // /key-1?q=1 to /key-50?q=1
    sources, // 127.0.0.1 to 127.0.0.50
    nets, // 10.1.1.3 to 10.1.50.150
    v6 // 2001:db8::1 to 2001:db8::32
};

inline std::vector<std::string> fifty(Keys keys)
{
    std::vector<std::string> all;
    for (int n = 1; n <= 50; ++n) {
        const std::string number = std::to_string(n);
        const char* digits = "0123456789abcdef";
        const std::string hex =
            (n < 16 ? std::string() : std::string(1, digits[n / 16])) + digits[n % 16];
        all.push_back(keys == Keys::words         ? "key-" + number
                          : keys == Keys::paths   ? "/key-" + number + "?q=1"
                          : keys == Keys::sources ? "127.0.0." + number
                          : keys == Keys::v6      ? "2001:db8::" + hex
                                             : "10." + std::to_string(n % 7) + "." + number + "."
                              + std::to_string(n * 3 % 256));
    }
    return all;
}

inline Settings hashType(const char* type, const char* function = nullptr, bool avalanche = false)
{
    Settings settings;
    settings.set("hash-type", std::string(type));
    if (function)
        settings.set("hash-function", std::string(function));
    if (avalanche)
        settings.set("avalanche", true);
    return settings;
}

/// Where one algorithm sends them: a letter for each.
struct MeasuredKeys
{
    std::string id;
    std::vector<int> weights;
    Keys keys;
    std::string picks;
    std::string withoutSecond; // empty where it was not measured
    std::string withFourth;
    Settings settings = {};
};

inline void check(const std::vector<MeasuredKeys>& rows)
{
    for (const MeasuredKeys& row : rows) {
        CAPTURE(row.id);
        CAPTURE(row.picks);
        const std::vector<std::string> keys = fifty(row.keys);
        Trial trial(row.id, row.weights, row.settings);
        CHECK(trial.freshFor(keys) == row.picks);
        if (row.withoutSecond.empty())
            continue;
        trial.setUp('b', false);
        CHECK(trial.freshFor(keys) == row.withoutSecond);
        trial.setUp('b', true);
        trial.add(1);
        CHECK(trial.freshFor(keys) == row.withFourth);
    }
}

} // namespace stickyscope::test
