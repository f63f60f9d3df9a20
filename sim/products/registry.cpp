// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/product.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

constexpr std::array<const Product*, 3> table {&traefik, &haproxy, &plain};

class NoStickiness final : public StickyPolicy
{
public:
    explicit NoStickiness(const Rule* rule)
        : m_rule(rule)
    {
    }

    Recall recall(const http::RequestHead&, const ReplicaSet&, WallSeconds) const override
    {
        return {.rule = m_rule};
    }

    CookieOut remember(const Placement&, Origin, http::ResponseHead&, WallSeconds) const override
    {
        return CookieOut::none;
    }

private:
    const Rule* m_rule;
};

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

const ProductAlgorithm* findAlgorithm(const Product& product, std::string_view name)
{
    if (name.empty())
        return &product.algorithms.front();
    const auto found =
        std::find_if(product.algorithms.begin(), product.algorithms.end(),
                     [name](const ProductAlgorithm& row) { return row.name == name; });
    return found == product.algorithms.end() ? nullptr : &*found;
}

std::unique_ptr<StickyPolicy> makeNoStickiness(const Product& product)
{
    return std::make_unique<NoStickiness>(product.picked);
}

} // namespace stickyscope
