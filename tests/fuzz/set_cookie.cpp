// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// An answer's Set-Cookie field, as a jar takes it and as every product passes it on: what a jar
// keeps it sends back, and no product breaks a field in two.
#include "sim/http/cookie_jar.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/product_variants.h"

using namespace stickyscope;

namespace {

void takenByJar(std::string_view text)
{
    const http::Url url = *http::parseUrl("https://app.example/a/b");
    const WallSeconds now {std::chrono::seconds(1767225600)};
    http::CookieJar jar;
    const http::CookieReport report = jar.receive(text, url, now);
    const bool kept = report.fate == http::CookieFate::kept;
    fuzz::require(jar.cookies().size() == (kept ? 1 : 0));
    fuzz::require(!kept
                  || report.name.size() + report.value.size() <= http::CookieJar::longestPair);
    jar.cookieFor(url, now);
    jar.nextExpiry();
    http::parseCookieDate(text);
}

void passedOn(std::string_view text)
{
    static const std::vector<test::StickyTrial> trials = [] {
        std::vector<test::StickyTrial> all;
        for (const test::ProductVariant& variant : test::productVariants())
            all.emplace_back(test::specOf(variant));
        return all;
    }();
    for (const test::StickyTrial& original : trials) {
        test::StickyTrial trial = original;
        trial.applications = {std::string(text)};
        const test::StickyTrial::Answer first = trial.ask();
        for (const std::string& field : first.setCookies)
            fuzz::require(field.find_first_of("\r\n") == std::string::npos);
        trial.ask(first.cookie);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    takenByJar(text);
    // A head with line ends or a NUL in a field is refused before any product sees it.
    if (text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos)
        passedOn(text);
    return 0;
}
