// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_merge.h"
#include "sim/products/cookie_text.h"
#include "sim/products/product.h"

#include <algorithm>
#include <set>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

// Of every product that has it: each one's own range is looked at once the product is known.
Duration readTimeSetting(const Setting& setting, const Place& at)
{
    double least = setting.least;
    double most = setting.most;
    for (const Product* product : products()) {
        for (const auto settings : {product->settings, product->cookieSettings}) {
            if (const Setting* same = findSetting(settings, setting.key)) {
                least = std::min(least, same->least);
                most = std::max(most, same->most);
            }
        }
    }
    return at.duration(inSeconds(least), inSeconds(most));
}

SettingValue readSetting(const Setting& setting, const Place& at)
{
    switch (setting.type) {
    case Setting::Type::flag:
        return at.boolean();
    case Setting::Type::whole:
        return at.integer(static_cast<std::int64_t>(setting.least),
                          static_cast<std::int64_t>(setting.most));
    case Setting::Type::number:
        return at.number(setting.least, setting.most);
    case Setting::Type::time:
        return readTimeSetting(setting, at);
    case Setting::Type::text:
    case Setting::Type::words: {
        std::string text = at.text(200);
        const bool plain = std::all_of(text.begin(), text.end(), [](unsigned char letter) {
            return letter >= 0x20 && letter < 0x7f && letter != ';' && letter != ',';
        });
        if (!plain)
            at.mustBe("printable ASCII without ; and ,");
        return text;
    }
    case Setting::Type::choice:
        return std::string(setting.choices[at.oneOf(setting.choices)]);
    }
    return {};
}

// Those of all products, for a lane may have another one; `own` are the settings of this one.
void addSettings(std::vector<Place::Field>& fields, const std::vector<const Setting*>& settings,
                 std::span<const Setting> own, Settings& into)
{
    for (const Setting* setting : settings) {
        fields.push_back(
            {.key = setting->key,
             .read = [setting, &into](
                         const Place& of) { into.set(setting->key, readSetting(*setting, of)); },
             .named = findSetting(own, setting->key) != nullptr});
    }
}

// The product that this balancer's node names; `plain`, which has no settings, where it names none.
const Product& productAt(const YamlNode& node)
{
    const YamlNode* name = node.kind == YamlNode::Kind::mapping ? node.find("product") : nullptr;
    const Product* product = name ? findProduct(name->text) : nullptr;
    return product ? *product : plain;
}

StickySpec readSticky(const Place& at, const Product& product)
{
    StickySpec spec;
    std::vector<Place::Field> fields {
        {"cookie",
         [&](const Place& of) {
             spec.cookie = of.text(200);
             if (!product.anyCookieText && !isToken(spec.cookie))
                 of.mustBe(aCookiesName);
         }},
        {"path",
         [&](const Place& of) {
             const std::string path = of.text(1000);
             spec.path = path;
             if (!path.starts_with('/') || path.find(';') != std::string::npos)
                 of.mustBe("a path that begins with / and has no semicolon");
         }},
        {"domain", [&](const Place& of) { spec.domain = of.name(); }},
        {"secure", [&](const Place& of) { spec.secure = of.boolean(); }},
        {"http-only", [&](const Place& of) { spec.httpOnly = of.boolean(); }},
        {"same-site",
         [&](const Place& of) {
             if (product.anyCookieText)
                 spec.sameSite = sameSiteOfAnyText(of.text(200));
             else
                 spec.sameSite = static_cast<SameSite>(of.oneOf({"none", "lax", "strict"}) + 1);
         }},
        {"max-age",
         [&](const Place& of) {
             spec.maxAge = std::chrono::ceil<std::chrono::seconds>(of.duration(1s, longestTime));
         }},
    };
    for (Place::Field& field : fields)
        field.named = product.has(*cookieKeyOf(field.key));
    addSettings(fields, allCookieSettings(), product.cookieSettings, spec.settings);
    at.fields(fields);
    return spec;
}

HealthCheck readHealthCheck(const Place& at)
{
    HealthCheck check;
    at.fields(
        {{"every", [&](const Place& of) { check.every = of.duration(10ms, longestTime); }, true},
         {"fall", [&](const Place& of) { check.fall = of.whole(1, 1000); }},
         {"rise", [&](const Place& of) { check.rise = of.whole(1, 1000); }},
         {"timeout", [&](const Place& of) { check.timeout = of.duration(1ms, longestTime); }}});
    return check;
}

std::vector<std::string> readNames(const Place& at, std::size_t most)
{
    std::vector<std::string> names;
    for (const Place& item : at.items(1, most))
        names.push_back(item.name());
    return names;
}

// A balancer, with the keys beyond those that every one has.
BalancerPart readBalancer(const Place& at, const std::vector<Place::Field>& more)
{
    BalancerPart part {.path = at.path(), .node = &at.node()};
    BalancerSpec& spec = part.spec;
    const Product& product = productAt(at.node());
    std::vector<Place::Field> fields {
        {"product", [&](const Place& of) { spec.product = readProduct(of); }, true},
        {"algorithm", [&](const Place& of) { spec.algorithm = of.name(); }},
        {"sticky",
         [&](const Place& of) {
             spec.sticky.reset();
             if (of.node().kind == YamlNode::Kind::scalar) {
                 of.oneOf({"none"});
                 return;
             }
             spec.sticky = readSticky(of, product);
             for (std::size_t entry = 0; entry < of.node().entries(); ++entry)
                 part.stickyKeys.push_back(&of.node().key(entry));
         }},
        {"count", [&](const Place& of) { spec.count = of.whole(1, 16); }},
        {"sessions",
         [&](const Place& of) {
             spec.sharedSessions = of.oneOf({"private", "shared"}) == 1;
         }},
        {"zones", [&](const Place& of) { spec.zones = readNames(of, 16); }},
        {"servers", [&](const Place& of) { spec.servers = readNames(of, 10'000); }},
        {"per",
         [&](const Place& of) {
             spec.perConnection = of.oneOf({"request", "connection"}) == 1;
         }},
        {"answer-timeout",
         [&](const Place& of) { spec.answerTimeout = of.duration(1ms, longestTime); }},
        {"health-check", [&](const Place& of) { spec.healthCheck = readHealthCheck(of); }},
    };
    fields.insert(fields.end(), more.begin(), more.end());
    addSettings(fields, allSettings(), product.settings, spec.settings);
    at.fields(fields);
    return part;
}

} // namespace

std::string readProduct(const Place& at)
{
    std::string known;
    for (const Product* product : products())
        known += (known.empty() ? "one of " : ", ") + std::string(product->id);
    if (at.node().kind != YamlNode::Kind::scalar || !findProduct(at.node().text))
        at.mustBe(known);
    return at.node().text;
}

BalancerPart readBalancer(const Place& at)
{
    return readBalancer(at, {});
}

BalancerPart readFurtherBalancer(const Place& at)
{
    std::string name;
    int weight = 1;
    BalancerPart part =
        readBalancer(at,
                     {{"name", [&](const Place& of) { name = of.name(); }, true},
                      {"weight", [&](const Place& of) { weight = of.whole(0, 1000); }}});
    part.spec.name = name;
    part.spec.weight = weight;
    return part;
}

std::vector<BalancerPart> readBalancers(const Place& at)
{
    constexpr std::size_t most = 15; // with the one in front and 16 of each, no more than 256
    std::set<std::string> names {std::string(inFront)};
    std::vector<BalancerPart> parts;
    for (const Place& item : at.items(1, most)) {
        parts.push_back(readFurtherBalancer(item));
        if (!names.insert(parts.back().spec.name).second)
            item.fail(item.path() + ": the name '" + parts.back().spec.name
                      + "' stands here twice");
    }
    return parts;
}

std::vector<LanePart> readLanes(const Place& at)
{
    std::set<std::string> names;
    std::vector<LanePart> lanes;
    for (const Place& item : at.items(1, 4)) {
        LanePart& part = lanes.emplace_back();
        LaneSpec& lane = part.spec;
        item.fields({
            {"name", [&](const Place& of) { lane.name = of.newName(names); }, true},
            {"sticky",
             [&](const Place& of) {
                 of.oneOf({"none"});
                 lane.sticky = false;
             }},
            {"product", [&](const Place& of) { lane.product = readProduct(of); }},
            {"algorithm", [&](const Place& of) { lane.algorithm = of.name(); }},
            {"with",
             [&](const Place& of) {
                 if (of.node().kind != YamlNode::Kind::mapping)
                     of.mustBe("a mapping of what differs in this lane");
                 part.with = &of.node();
                 lane.with = flowText(of.node());
             }},
        });
        if (part.with && (lane.product || lane.algorithm))
            item.fail(item.path() + ": what differs stands in `with`, product and algorithm too");
    }
    return lanes;
}

} // namespace stickyscope
