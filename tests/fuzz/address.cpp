// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, and references that redirects follow. What was understood is understood again, and
// means the same.
#include "sim/http/url.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    const auto url = http::parseUrl(text);
    fuzz::require(!url || http::parseUrl(url->text()) == url);
    const auto followed = http::resolve(*http::parseUrl("http://app.example/a/b?c"), text);
    fuzz::require(!followed || http::parseUrl(followed->text()) == followed);
    http::percentDecoded(text);
    return 0;
}
