// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A request's Cookie field, as every product reads it: it is bound to a replica that is there, or
// not at all, and there is a reason. And what its pairs tell who looks from outside.
#include "sim/http/cookie.h"

#include "sim/live/sticky_cookie.h"
#include "sim/products/cookie_formats.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/product_variants.h"

using namespace stickyscope;

namespace {

void readByProducts(std::string_view text)
{
    static std::vector<test::StickyTrial> trials = [] {
        std::vector<test::StickyTrial> all;
        for (const test::ProductVariant& variant : test::productVariants())
            all.emplace_back(test::specOf(variant));
        return all;
    }();
    for (test::StickyTrial& trial : trials) {
        const Recall recall = trial.recall(std::string(text));
        fuzz::require(recall.rule != nullptr);
        fuzz::require(!recall.bound || raw(recall.names) < trial.dispatcher.replicas().size());
        fuzz::require(!recall.bound || !recall.hashed);
    }
}

void readFromOutside(const http::CookiePair& pair)
{
    live::fingerprintOf(pair.name, pair.value);
    live::replicaNamedBy(pair.name, pair.value);
    live::isSessionCookieToo(pair.name, pair.value);
    for (const CookieFormat* format : cookieFormatsOf(pair.name, pair.value)) {
        if (format->decode)
            format->decode(pair.value);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    readByProducts(text);
    std::string again;
    std::size_t count = 0;
    for (const http::CookiePair& pair : http::parseCookieField(text)) {
        readFromOutside(pair);
        again.append(again.empty() ? "" : "; ").append(pair.name).append("=").append(pair.value);
        ++count;
    }
    fuzz::require(http::parseCookieField(again).size() == count);
    return 0;
}
