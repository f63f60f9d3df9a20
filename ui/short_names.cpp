// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/short_names.h"

#include "ui/format.h"

#include <QSet>

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

constexpr qsizetype shortEnough = 4;

// "client" and "2", or all of it and nothing.
std::pair<QString, QString> parted(const QString& name)
{
    const qsizetype dash = name.lastIndexOf(QLatin1Char('-'));
    const QString number = name.mid(dash + 1);
    const bool numbered = dash > 0 && !number.isEmpty()
        && std::all_of(number.begin(), number.end(), [](QChar letter) { return letter.isDigit(); });
    return numbered ? std::pair {name.left(dash), number} : std::pair {name, QString()};
}

// Each kind of name has as few letters as tell it from those that came before it.
class Kinds
{
public:
    QString shortened(const QString& kind)
    {
        for (const auto& [known, letters] : m_known) {
            if (known == kind)
                return letters;
        }
        qsizetype length = 1;
        while (length < kind.size() && isTaken(kind.left(length)))
            ++length;
        m_known.emplace_back(kind, kind.left(length));
        return m_known.back().second;
    }

private:
    bool isTaken(const QString& letters) const
    {
        return std::any_of(m_known.begin(), m_known.end(),
                           [&letters](const auto& known) { return known.second == letters; });
    }

    std::vector<std::pair<QString, QString>> m_known;
};

} // namespace

QStringList shortNames(const std::vector<std::string>& names, std::size_t count)
{
    Kinds kinds;
    QSet<QString> given;
    QStringList all;
    for (std::size_t place = 0; place < std::min(count, names.size()); ++place) {
        const QString name = fromCore(names[place]);
        const auto [kind, number] = parted(name);
        const QString letters = kinds.shortened(kind);
        QString label = number.isEmpty() && name.size() <= shortEnough ? name : letters + number;
        if (given.contains(label))
            label = name;
        while (given.contains(label))
            label += QLatin1Char('\'');
        given.insert(label);
        all << label;
    }
    return all;
}

} // namespace stickyscope
