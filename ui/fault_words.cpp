// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fault_words.h"

#include "ui/format.h"

#include <QLocale>
#include <QObject>

namespace stickyscope {

namespace {

QString timeText(std::int64_t nanoseconds)
{
    constexpr std::int64_t second = 1'000'000'000;
    const auto time = static_cast<double>(nanoseconds);
    return nanoseconds < second ? QObject::tr("%1 ms").arg(time / 1e6, 0, 'g', 6)
                                : QObject::tr("%1 s").arg(time / 1e9, 0, 'g', 9);
}

// "5,000 octets per second", but "for 3 s".
QString wordsFor(const FaultSetting& setting, std::int64_t value)
{
    const bool isNumberOf = setting.type == FaultSetting::Type::factor
        || (setting.type == FaultSetting::Type::whole
            && setting.field != FaultSetting::Field::status);
    const QString words = wordsOf(setting);
    return isNumberOf ? valueText(setting, value) + QLatin1Char(' ') + words
                      : words + QLatin1Char(' ') + valueText(setting, value);
}

} // namespace

QString wordsOf(const FaultSetting& setting)
{
    return fromCore(setting.key).replace(QLatin1Char('-'), QLatin1Char(' '));
}

QString titleOf(const ReplicaFault& fault)
{
    return fromCore(fault.title);
}

QString explanationOf(const ReplicaFault& fault)
{
    return fromCore(fault.explanation).remove(QLatin1Char('`'));
}

QString valueText(const FaultSetting& setting, std::int64_t value)
{
    const double number = static_cast<double>(value) / faultUnit(setting.type);
    switch (setting.type) {
    case FaultSetting::Type::time:
        return timeText(value);
    case FaultSetting::Type::whole:
        // A status is a name, not a number of something.
        return setting.field == FaultSetting::Field::status
            ? QString::number(value)
            : QLocale(QLocale::English).toString(static_cast<qlonglong>(value));
    case FaultSetting::Type::share:
        return QObject::tr("%1 %").arg(number * 100, 0, 'g', 6);
    case FaultSetting::Type::factor:
        return QString::number(number, 'g', 6);
    }
    return {};
}

QString inWords(const Intervention& fault)
{
    const ReplicaFault* row = findFault(fault.kind);
    if (!row)
        return {};
    QStringList settings;
    for (const FaultSetting& setting : row->settings) {
        const std::int64_t value = valueOf(fault, setting.field);
        // What lasts until it is mended, or does not swing, need not be said.
        if (value != 0 || setting.required)
            settings << wordsFor(setting, value);
    }
    return settings.isEmpty()
        ? titleOf(*row)
        : titleOf(*row) + QStringLiteral(": ") + settings.join(QStringLiteral(", "));
}

QString inShort(const std::vector<Intervention>& faults)
{
    QStringList names;
    for (const Intervention& fault : faults) {
        if (const ReplicaFault* row = findFault(fault.kind))
            names << titleOf(*row).toLower();
    }
    return names.join(QStringLiteral(", "));
}

} // namespace stickyscope
