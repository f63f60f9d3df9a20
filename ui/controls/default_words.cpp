// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/default_words.h"

#include <QObject>
#include <QRegularExpression>
#include <QStringList>

namespace stickyscope {

namespace {

// All that stands in brackets, without what is said about it: "0", of "(0: any)".
QStringList inBrackets(const QString& text)
{
    static const QRegularExpression brackets(QStringLiteral("\\(([^():;,]*)[^()]*\\)"));
    QStringList found;
    for (auto match = brackets.globalMatch(text); match.hasNext();)
        found << match.next().captured(1).trimmed();
    return found;
}

bool isPartOfWord(QChar letter)
{
    return letter.isLetterOrNumber() || letter == QLatin1Char('-') || letter == QLatin1Char('_');
}

// Where `word` stands last, and not in another one; -1: nowhere.
qsizetype lastWhole(const QString& word, const QString& text)
{
    for (qsizetype at = text.lastIndexOf(word); at >= 0;
         at = at > 0 ? text.lastIndexOf(word, at - 1) : -1) {
        const qsizetype end = at + word.size();
        if ((at == 0 || !isPartOfWord(text[at - 1]))
            && (end == text.size() || !isPartOfWord(text[end])))
            return at;
    }
    return -1;
}

// The choice that stands before "(default)", or in the brackets with it.
QString chosenIn(const QString& text, const QStringList& choices)
{
    const auto marked = text.indexOf(QLatin1String("default)"));
    if (marked < 0) {
        for (const QString& one : inBrackets(text)) {
            if (choices.contains(one))
                return one;
        }
        return {};
    }
    QString last;
    qsizetype where = -1;
    for (const QString& choice : choices) {
        const auto at = lastWhole(choice, text.left(marked));
        if (at > where) {
            where = at;
            last = choice;
        }
    }
    return last;
}

// A figure, with its unit where it is a time.
QString figureIn(const QString& text)
{
    static const QRegularExpression figure(
        QStringLiteral("^([0-9][0-9.]*( ?[a-z]+)?|any|none|all)$"));
    static const QRegularExpression before(QStringLiteral("([0-9][0-9.]*[a-z]*) \\(default\\)"));
    static const QRegularExpression without(
        QStringLiteral("[Ww]ithout it, (any number|never|none|once)[.;)]"));
    if (const auto match = before.match(text); match.hasMatch())
        return match.captured(1);
    const QStringList figures = inBrackets(text).filter(figure);
    // Several: it depends.
    if (figures.size() == 1)
        return figures.front();
    const auto match = without.match(text);
    return figures.isEmpty() && match.hasMatch() ? match.captured(1) : QString();
}

} // namespace

QString defaultIn(const Setting& setting)
{
    const QString text = QString::fromUtf8(setting.explanation.data(),
                                           static_cast<qsizetype>(setting.explanation.size()));
    switch (setting.type) {
    case Setting::Type::flag:
        return text.contains(QLatin1Char('(')) ? QString() : QObject::tr("no");
    case Setting::Type::choice: {
        QStringList choices;
        for (const std::string_view choice : setting.choices)
            choices << QString::fromUtf8(choice.data(), static_cast<qsizetype>(choice.size()));
        return chosenIn(text, choices);
    }
    case Setting::Type::whole:
    case Setting::Type::number:
    case Setting::Type::time:
        return figureIn(text);
    case Setting::Type::text:
        break;
    }
    return {};
}

} // namespace stickyscope
