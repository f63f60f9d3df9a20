// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a product writes for a server is known again as its own, and leads back there.
#include "sim/dispatch/cookie_ways.h"
#include "sim/http/cookie.h"
#include "sim/products/cookie_formats.h"
#include "tests/support/places.h"
#include "tests/support/product_variants.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <map>
#include <string>
#include <vector>

using namespace stickyscope;
using test::ProductVariant;
using test::second;

namespace {

constexpr WallSeconds now {std::chrono::seconds(1'767'225'600)};

// What stands in the title of a product's forms.
const std::map<std::string_view, std::string_view>& titles()
{
    static const std::map<std::string_view, std::string_view> all {
        {"traefik", "Traefik"},
        {"haproxy", "HAProxy"},
        {"nginx", "nginx"},
        {"envoy", "Envoy"},
        {"caddy", "Caddy"},
        {"apache", "Apache"},
        {"ingress-nginx", "ingress-nginx"},
        {"nginx-sticky-module-ng", "sticky-module-ng"},
        {"istio", "Envoy"}, // it is Envoy that writes it
        {"contour", "Contour"},
        {"kong", "Kong"},
        {"gcp-mesh", "Google Cloud Service Mesh"},
        {"f5", "F5"},
        {"yarp", "YARP"}};
    return all;
}

std::vector<ProductVariant> variants()
{
    std::vector<ProductVariant> all = test::productVariants();
    for (const char* hash : {"md5", "sha1"})
        all.push_back(
            {&stickyModuleNg, {{"hmac", std::string(hash)}, {"hmac-key", std::string("key")}}});
    std::erase_if(all, [](const ProductVariant& variant) {
        // Nobody knows what stands in these.
        const std::string_view known = variant.product->opaqueAlgorithm;
        const bool opaque =
            variant.product->opaqueValue || (!known.empty() && variant.algorithm == known);
        return opaque || !variant.product->isProduct;
    });
    return all;
}

// Whose value says nothing without what only the balancer has.
bool tellsNobody(const ProductVariant& variant)
{
    return variant.cookie.text("policy") == "Cookie"
        || variant.cookie.text("affinity-mode") == "persistent";
}

std::string keyOf(const ProductVariant& variant)
{
    return variant.cookie.text("dynamic-cookie-key") + variant.cookie.text("hmac-key");
}

CookieServer serverAt(std::size_t place)
{
    const ReplicaView replica = test::serverAt(place);
    return {std::string(replica.address()), replica.name, place};
}

struct Written
{
    std::string name;
    std::string value;
};

// What the balancer sets for the second of three; empty where it sets none.
Written writtenBy(const BalancerSpec& spec, const ReplicaSet& replicas)
{
    const auto policy = findProduct(spec.product)->sticky(spec, replicas);
    std::string issued;
    if (policy->namesClients()) {
        const auto value = cookieThatLeads(cookieWays(spec), replicas, second, now);
        issued = value.value_or("");
    }
    http::ResponseHead response;
    const Recall fresh;
    policy->remember(
        {.recall = fresh, .replicas = replicas, .replica = second, .issued = issued, .now = now},
        response);
    const std::string* field = response.fields.find("Set-Cookie");
    const auto cookie = field ? http::parseSetCookie(*field) : std::nullopt;
    return cookie ? Written {cookie->name, cookie->value} : Written {};
}

const CookieFormat* formOf(const ProductVariant& variant, std::string_view name,
                           std::string_view value)
{
    const auto title = titles().find(variant.product->id);
    REQUIRE_MESSAGE(title != titles().end(),
                    variant.product->id << ": what its forms are titled is a row of titles()");
    const auto formats = cookieFormatsOf(name, value);
    const auto found = std::find_if(formats.begin(), formats.end(), [&](const auto* format) {
        return format->balancer.find(title->second) != std::string_view::npos;
    });
    return found == formats.end() ? nullptr : *found;
}

void checkForm(const ProductVariant& variant, const std::string& name, const std::string& value)
{
    CAPTURE(value);
    const CookieFormat* form = formOf(variant, name, value);
    REQUIRE(form);
    if (!form->hashedBy.empty() || tellsNobody(variant))
        return;
    CHECK(couldName(*form, value, serverAt(1), keyOf(variant)));
    CHECK_FALSE(couldName(*form, value, serverAt(0), keyOf(variant)));
    CHECK_FALSE(couldName(*form, value, serverAt(2), keyOf(variant)));
}

} // namespace

TEST_CASE("Each product's cookie has a form that is known as its own, and names its server")
{
    int written = 0;
    for (const ProductVariant& variant : variants()) {
        CAPTURE(variant.product->id);
        CAPTURE(variant.algorithm);
        const ReplicaSet replicas = test::StickyTrial::three();
        const BalancerSpec spec = test::specOf(variant);
        const Written cookie = writtenBy(spec, replicas);
        if (cookie.value.empty())
            continue;
        ++written;
        checkForm(variant, cookie.name, cookie.value);
        const LedTo led = whereCookieLeads(spec, replicas, cookie.value, now);
        CHECK(led.replica == second);
        // As jars send it back that take quotes for no part of a value, or for one.
        const bool quoted = cookie.value.front() == '"';
        checkForm(variant, cookie.name,
                  quoted ? cookie.value.substr(1, cookie.value.size() - 2) : cookie.value);
        if (quoted || spec.product == "envoy" || spec.product == "istio")
            checkForm(variant, cookie.name, quoted ? cookie.value : '"' + cookie.value + '"');
    }
    // All but those that carry a header, or nothing at all.
    CHECK(written >= 25);
}

TEST_CASE("A cookie of YARP's name is YARP's alone")
{
    for (const char* policy : {"HashCookie", "ArrCookie", "Cookie"}) {
        CAPTURE(policy);
        const ProductVariant variant {&yarp, {{"policy", std::string(policy)}}};
        const Written cookie = writtenBy(test::specOf(variant), test::StickyTrial::three());
        const auto formats = cookieFormatsOf(cookie.name, cookie.value);
        REQUIRE(formats.size() == 1);
        CHECK(formats.front()->balancer == "YARP");
    }
}

TEST_CASE("A buffer whose length is wrong is not Envoy's")
{
    // 0a 0f, and then 14 octets.
    CHECK(cookieFormatsOf("esess", "\"Cg8xMjcuMC4wLjE6ODA4MQ==\"").empty());
    const auto right = cookieFormatsOf("esess", "\"Cg4xMjcuMC4wLjE6ODA4MQ==\"");
    REQUIRE(right.size() == 1);
    CHECK(right.front()->balancer == "Envoy");
}

TEST_CASE("A word or a number is no sticky cookie's without the cookie's name")
{
    for (const char* value : {"hello", "1"})
        CHECK(cookieFormatsOf({}, value).empty());
    CHECK(cookieFormatsOf("ROUTEID", "hello").front()->balancer.starts_with("Apache"));
    CHECK(cookieFormatsOf("route", "1").front()->balancer.ends_with("sticky-module-ng"));
}
