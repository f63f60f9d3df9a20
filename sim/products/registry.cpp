// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_text.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

constexpr std::array table {&traefik,
                            &haproxy,
                            &nginx,
                            &envoy,
                            &caddy,
                            &apache,
                            &ingressNginx,
                            &stickyModuleNg,
                            &istio,
                            &contour,
                            &kong,
                            &gatewayApi,
                            &awsAlb,
                            &awsAlbRule,
                            &awsClassic,
                            &azureApplicationGateway,
                            &azureAppService,
                            &cloudflare,
                            &gcp,
                            &gcpMesh,
                            &f5,
                            &kubernetesService,
                            &yarp,
                            &custom,
                            &plain};

// Of whatever has a real one.
constexpr std::array commonDifferences {
    Difference {"own-answers",
                "The other fields of answers that a balancer makes itself, such as "
                "Cache-Control of its 503.",
                "Each has error pages of its own, and none of it concerns cookies."},
};

class NoStickiness final : public CloneableSticky<NoStickiness>
{
public:
    explicit NoStickiness(const Rule* rule)
        : m_rule(rule)
    {
    }

    Recall recall(const Arrival&, const ReplicaSet&) const override { return {.rule = m_rule}; }
    CookieOut remember(const Placement&, http::ResponseHead&) override { return CookieOut::none; }

private:
    const Rule* m_rule;
};

std::vector<const Setting*> eachOnce(std::span<const Setting> Product::*settings)
{
    std::vector<const Setting*> all;
    for (const Product* product : table) {
        for (const Setting& setting : product->*settings) {
            const bool known = std::any_of(all.begin(), all.end(), [&](const Setting* other) {
                return other->key == setting.key;
            });
            if (!known)
                all.push_back(&setting);
        }
    }
    return all;
}

void keepKnown(Settings& settings, std::span<const Setting> known)
{
    Settings kept;
    for (const auto& [key, value] : settings) {
        if (findSetting(known, key))
            kept.set(key, value);
    }
    settings = kept;
}

} // namespace

std::span<const Product* const> products()
{
    return table;
}

const Product* findProduct(std::string_view id)
{
    const auto* found = std::find_if(table.begin(), table.end(),
                                     [id](const Product* product) { return product->id == id; });
    return found == table.end() ? nullptr : *found;
}

std::vector<Difference> differencesOf(const Product& product)
{
    std::vector<Difference> all(product.differences.begin(), product.differences.end());
    if (product.isProduct)
        all.insert(all.end(), commonDifferences.begin(), commonDifferences.end());
    return all;
}

std::string_view versionOf(const Product& product, const BalancerSpec& balancer)
{
    return product.version ? product.version(balancer) : product.follows;
}

const ProductAlgorithm* findAlgorithm(const Product& product, std::string_view name)
{
    if (name.empty())
        return &product.algorithms.front();
    const auto found =
        std::find_if(product.algorithms.begin(), product.algorithms.end(),
                     [name](const ProductAlgorithm& row) { return row.name == name; });
    return found == product.algorithms.end() ? nullptr : &*found;
}

const Setting* findSetting(std::span<const Setting> settings, std::string_view key)
{
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [key](const Setting& row) { return row.key == key; });
    return found == settings.end() ? nullptr : &*found;
}

std::vector<std::string_view> wordsOf(std::string_view words)
{
    std::vector<std::string_view> all;
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        if (end > 0)
            all.push_back(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
    return all;
}

bool hasWord(std::string_view words, std::string_view word)
{
    const auto all = wordsOf(words);
    return std::find(all.begin(), all.end(), word) != all.end();
}

std::vector<const Setting*> allSettings()
{
    return eachOnce(&Product::settings);
}

std::vector<const Setting*> allCookieSettings()
{
    return eachOnce(&Product::cookieSettings);
}

void changeProduct(BalancerSpec& balancer, const Product& product)
{
    balancer.product = product.id;
    balancer.algorithm = product.algorithms.front().name;
    keepKnown(balancer.settings, product.settings);
    if (!balancer.sticky)
        return;
    StickySpec& sticky = *balancer.sticky;
    const StickySpec usual;
    keepKnown(sticky.settings, product.cookieSettings);
    if (!product.has(CookieKey::name))
        sticky.cookie.clear();
    else if (!product.anyCookieText)
        sticky.cookie = asToken(sticky.cookie);
    if (!product.has(CookieKey::path))
        sticky.path.reset();
    if (!product.has(CookieKey::domain))
        sticky.domain.clear();
    sticky.secure = sticky.secure && product.has(CookieKey::secure);
    sticky.httpOnly = sticky.httpOnly && product.has(CookieKey::httpOnly);
    if (!product.has(CookieKey::sameSite))
        sticky.sameSite = usual.sameSite;
    if (!product.has(CookieKey::maxAge))
        sticky.maxAge.reset();
}

std::unique_ptr<StickyPolicy> makeNoStickiness(const Rule& rule)
{
    return std::make_unique<NoStickiness>(&rule);
}

} // namespace stickyscope
