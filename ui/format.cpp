// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format.h"

#include <cmath>

namespace stickyscope {

namespace {

QString dash()
{
    return QStringLiteral("–");
}

} // namespace

QString asPercent(const std::optional<double>& share)
{
    if (!share)
        return dash();
    double shown = std::round(*share * 100);
    if (shown >= 100 && *share < 1)
        shown = 99;
    if (shown <= 0 && *share > 0)
        shown = 1;
    return QStringLiteral("%1\u202f%").arg(shown, 0, 'f', 0);
}

QString asRatio(const std::optional<double>& ratio)
{
    return ratio ? QString::number(*ratio, 'f', 2) : dash();
}

QString asCount(unsigned long long count)
{
    QString text = QString::number(count);
    for (qsizetype place = text.size() - 3; place > 0; place -= 3)
        text.insert(place, QChar(0x202f));
    return text;
}

QString asSentence(const QString& words)
{
    if (words.isEmpty())
        return words;
    const QChar last = words.back();
    const bool open = last.isLetterOrNumber() || last == QLatin1Char(')');
    return words.front().toUpper() + words.mid(1) + (open ? QStringLiteral(".") : QString());
}

} // namespace stickyscope
