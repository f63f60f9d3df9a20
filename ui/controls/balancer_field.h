// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/products/product.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace stickyscope {

/// One thing that can be set of a balancer or its sticky cookie, in words: the same for what all
/// cookies have and for what a product's own row says.
struct BalancerField
{
    QString key; ///< as in files
    QString explanation;
    QString allowed; ///< "1 to 100"; empty where anything goes
    QString usual; ///< the default, in few words
    QStringList choices; ///< empty: it is written
    /// What is set; nothing where it is left at its default.
    std::function<std::optional<QString>(const BalancerSpec&)> read;
    /// False where the text is not of its kind. Nothing: the default.
    std::function<bool(BalancerSpec&, const std::optional<QString>&)> write;
};

/// The further keys of the product's `balancer`.
std::vector<BalancerField> balancerFieldsOf(const Product& product);
/// The keys of `sticky` that the product has, its own behind those that all have. For a balancer
/// whose `sticky` is there.
std::vector<BalancerField> cookieFieldsOf(const Product& product);

} // namespace stickyscope
