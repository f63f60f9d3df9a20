// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/missing_program.h"

#include "sim/lab/managed/managed_product.h"
#include "sim/products/product.h"
#include "ui/format.h"

#include <QObject>

namespace stickyscope {

namespace {

// "haproxy", of "Debian's package haproxy"; empty where it stands in no such list.
QString packageIn(const QString& place, const QString& list)
{
    if (!place.startsWith(list))
        return {};
    return place.mid(list.size()).section(QLatin1Char(' '), 0, 0);
}

} // namespace

MissingProgram missingProgram(const lab::ManagedProduct& product)
{
    const QString place = fromCore(std::string(product.whereToGet));
    const QString absent = QObject::tr("%1 is not installed on this computer")
                               .arg(fromCore(std::string(findProduct(product.product)->title)));
    if (const QString name = packageIn(place, QStringLiteral("Debian's package ")); !name.isEmpty())
        return {QObject::tr("%1: Debian's package %2 brings it.").arg(absent, name),
                QStringLiteral("sudo apt install %1").arg(name)};
    if (const QString name = packageIn(place, QStringLiteral("the Python package "));
        !name.isEmpty())
        return {QObject::tr("%1, and Debian has no package of it: the Python package %2 brings it.")
                    .arg(absent, name),
                QStringLiteral("pipx install %1").arg(name)};
    return {QObject::tr("%1: %2 brings it.").arg(absent, place), {}};
}

} // namespace stickyscope
