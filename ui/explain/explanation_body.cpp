// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explanation_body.h"

#include "ui/explain/code_label.h"
#include "ui/explain/explanation_words.h"
#include "ui/explain/other_balancers.h"
#include "ui/format.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include <utility>

namespace stickyscope {

namespace {

QString meaningOf(CookieIn state, const std::string& names)
{
    const QString named = fromCore(names);
    switch (state) {
    case CookieIn::none:
        return QObject::tr("None of it is the balancer's sticky cookie.");
    case CookieIn::valid:
        return named.isEmpty() ? QObject::tr("The balancer can use its sticky cookie.")
                               : QObject::tr("Its sticky cookie names %1, which is up.").arg(named);
    case CookieIn::unknown:
        return QObject::tr("Its sticky cookie names nobody that the balancer knows.");
    case CookieIn::down:
        return QObject::tr("Its sticky cookie names %1, which is marked down.").arg(named);
    case CookieIn::draining:
        return QObject::tr("Its sticky cookie names %1, which is draining.").arg(named);
    case CookieIn::expired:
        return QObject::tr("Its sticky cookie is too old for the balancer.");
    case CookieIn::refused:
        return QObject::tr("Its sticky cookie is read, but not accepted.");
    }
    return {};
}

} // namespace

ExplanationBody::ExplanationBody(const Explanation& explained,
                                 std::shared_ptr<const Scenario> scenario)
    : QWidget(nullptr)
    , m_scenario(std::move(scenario))
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 4, 8, 4);
    m_grid->setHorizontalSpacing(18);
    m_grid->setVerticalSpacing(16);
    m_grid->setColumnStretch(1, 1);
    addIncoming(explained);
    for (const ExplainedLevel& level : explained.levels)
        addLevel(level, &level != &explained.levels.back() || explained.attempts.size() == 1);
    addAttempts(explained);
    addOutgoing(explained);
    if (!explained.others.empty())
        addPart(tr("The others"))->addWidget(new OtherBalancers(explained, m_scenario, this));
    m_grid->setRowStretch(m_grid->rowCount(), 1);
}

QVBoxLayout* ExplanationBody::addPart(const QString& heading)
{
    QLabel* title = explainingWords(heading, this);
    title->setWordWrap(false);
    scaleFont(title, 1, QFont::Bold);
    auto* part = new QVBoxLayout;
    part->setSpacing(3);
    const int row = m_grid->rowCount();
    m_grid->addWidget(title, row, 0, Qt::AlignTop | Qt::AlignLeft);
    m_grid->addLayout(part, row, 1);
    return part;
}

void ExplanationBody::addWords(QVBoxLayout& part, const QString& what, bool faint)
{
    part.addWidget(explainingWords(what, this, faint));
}

void ExplanationBody::addCode(QVBoxLayout& part, const std::string& lines)
{
    for (const QString& line : fromCore(lines).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        part.addWidget(new CodeLabel(line, this));
}

void ExplanationBody::addIncoming(const Explanation& explained)
{
    QVBoxLayout& part = *addPart(tr("Came in"));
    addCode(part, explained.namedSession);
    if (explained.cookie.empty())
        return addWords(part, tr("No cookie."));
    addCode(part, "Cookie: " + explained.cookie);
    if (explained.levels.empty())
        addWords(part, meaningOf(explained.cookieIn, explained.pointsTo));
}

// Of several balancers each has a cookie of its own, or none.
void ExplanationBody::addLevel(const ExplainedLevel& level, bool withAttempt)
{
    QVBoxLayout& part = *addPart(
        level.balancer.empty() ? tr("In front") : tr("At %1").arg(fromCore(level.balancer)));
    addWords(part, tr("%1, %2").arg(fromCore(level.product), fromCore(level.algorithm)), true);
    if (level.cookie.empty())
        addWords(part, tr("It has no sticky cookie of its own."));
    else if (!level.carried)
        addWords(part, tr("Its sticky cookie %1 did not come in.").arg(fromCore(level.cookie)));
    else if (level.cookieIn == CookieIn::none)
        addWords(part, tr("Its sticky cookie %1 says nothing to it.").arg(fromCore(level.cookie)));
    else
        addWords(part,
                 tr("%1 is its cookie. %2")
                     .arg(fromCore(level.cookie), meaningOf(level.cookieIn, level.names)));
    if (withAttempt)
        addAttempt(part, level.attempt);
}

void ExplanationBody::addAttempt(QVBoxLayout& part, const ExplainedAttempt& attempt)
{
    auto* one = new QVBoxLayout;
    one->setSpacing(2);
    one->addWidget(placeLabel(attempt.replica, tr("no server: the balancer answers itself"),
                              *m_scenario, this));
    addWords(*one, fromCore(attempt.rule));
    const QString at = QString::number(inSeconds(attempt.at.time_since_epoch()), 'f', 3);
    addWords(*one,
             attempt.source.empty()
                 ? tr("at %1 s").arg(at)
                 : tr("at %1 s · written in: %2").arg(at, fromCore(attempt.source)),
             true);
    part.addLayout(one);
}

void ExplanationBody::addAttempts(const Explanation& explained)
{
    // The last of several balancers has told of its only attempt.
    if (!explained.levels.empty() && explained.attempts.size() == 1)
        return;
    QVBoxLayout& part = *addPart(explained.attempts.size() > 1 ? tr("Attempts") : tr("Went to"));
    part.setSpacing(8);
    for (const ExplainedAttempt& attempt : explained.attempts)
        addAttempt(part, attempt);
    if (explained.attempts.empty())
        addWords(part, tr("Nowhere yet when the scenario ended."));
}

void ExplanationBody::addOutgoing(const Explanation& explained)
{
    QVBoxLayout& part = *addPart(tr("Went out"));
    if (!explained.ended)
        return addWords(part, tr("Nothing yet when the scenario ended."));
    QString answer = tr("%1 after %2 ms")
                         .arg(explained.status)
                         .arg(inSeconds(explained.latency) * 1000, 0, 'f', 0);
    if (explained.failure != Failure::none)
        answer += tr(", the balancer's own (%1)").arg(fromCore(nameOf(explained.failure)));
    addWords(part, answer + QLatin1Char('.'));
    if (explained.setCookie.empty())
        addWords(part, tr("No cookie is set."), true);
    for (const QString& field :
         fromCore(explained.setCookie).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        addCode(part, "Set-Cookie: " + field.toStdString());
    // The words of the standard, as `explain` prints them.
    for (const QString& fate :
         fromCore(explained.kept).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        addWords(part, tr("The client: %1.").arg(fate));
    if (explained.session == SessionMark::met)
        addWords(part, tr("Its session was there."));
    if (explained.session == SessionMark::broken)
        addWords(part, tr("✕ Its session was not there: it is broken."));
    if (explained.session == SessionMark::begins)
        addWords(part, tr("A session begins with it."));
}

} // namespace stickyscope
