// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explanation_body.h"

#include "ui/explain/code_label.h"
#include "ui/format.h"
#include "ui/panels/elided_label.h"
#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace stickyscope {

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

QLabel* words(const QString& what, QWidget* parent)
{
    auto* label = new QLabel(what, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QPixmap chip(const QColor& colour, int side, qreal ratio)
{
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.22, side * 0.22);
    return pixmap;
}

QString meaningOf(const Explanation& explained)
{
    const QString named = fromCore(explained.pointsTo);
    switch (explained.cookieIn) {
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

ExplanationBody::ExplanationBody(const Explanation& explained, const Scenario& scenario)
    : QWidget(nullptr)
    , m_scenario(scenario)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 4, 8, 4);
    m_grid->setHorizontalSpacing(18);
    m_grid->setVerticalSpacing(16);
    m_grid->setColumnStretch(1, 1);
    addIncoming(explained);
    addAttempts(explained);
    addOutgoing(explained);
    addOthers(explained.others);
    m_grid->setRowStretch(m_grid->rowCount(), 1);
}

QVBoxLayout* ExplanationBody::addPart(const QString& heading)
{
    QLabel* title = words(heading, this);
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
    QLabel* label = words(what, this);
    label->setProperty("faint", faint);
    part.addWidget(label);
}

void ExplanationBody::addCode(QVBoxLayout& part, const std::string& lines)
{
    for (const QString& line : fromCore(lines).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        part.addWidget(new CodeLabel(line, this));
}

// A server in its colour, or what happened in place of one.
QWidget* ExplanationBody::placeOf(const std::string& replica, const QString& otherwise)
{
    auto* place = new QWidget(this);
    auto* row = new QHBoxLayout(place);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    const auto found = std::find_if(m_scenario.replicas.begin(), m_scenario.replicas.end(),
                                    [&](const ReplicaSpec& one) { return one.name == replica; });
    if (found != m_scenario.replicas.end()) {
        auto* colour = new QLabel(place);
        colour->setPixmap(
            chip(replicaColour(static_cast<std::size_t>(found - m_scenario.replicas.begin())),
                 fontMetrics().height() * 3 / 4, devicePixelRatioF()));
        row->addWidget(colour);
    }
    QLabel* name = words(replica.empty() ? otherwise : fromCore(replica), place);
    scaleFont(name, 1, QFont::DemiBold);
    name->setWordWrap(false);
    row->addWidget(name);
    row->addStretch(1);
    return place;
}

void ExplanationBody::addIncoming(const Explanation& explained)
{
    QVBoxLayout& part = *addPart(tr("Came in"));
    if (explained.cookie.empty())
        return addWords(part, tr("No cookie."));
    addCode(part, "Cookie: " + explained.cookie);
    addWords(part, meaningOf(explained));
}

void ExplanationBody::addAttempts(const Explanation& explained)
{
    QVBoxLayout& part = *addPart(explained.attempts.size() > 1 ? tr("Attempts") : tr("Went to"));
    part.setSpacing(8);
    for (const ExplainedAttempt& attempt : explained.attempts) {
        auto* one = new QVBoxLayout;
        one->setSpacing(2);
        one->addWidget(placeOf(attempt.replica, tr("no server: the balancer answers itself")));
        addWords(*one, fromCore(attempt.rule));
        const QString at = QString::number(inSeconds(attempt.at.time_since_epoch()), 'f', 3);
        addWords(*one,
                 attempt.source.empty()
                     ? tr("at %1 s").arg(at)
                     : tr("at %1 s · written in: %2").arg(at, fromCore(attempt.source)),
                 true);
        part.addLayout(one);
    }
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
        answer += tr(", the balancer's own (%1)").arg(text(nameOf(explained.failure)));
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

void ExplanationBody::addOthers(const std::vector<ProductAnswer>& others)
{
    QVBoxLayout& part = *addPart(tr("The others"));
    addWords(part,
             tr("The same request, in the same state of the servers, at the other balancers as "
                "they begin:"),
             true);
    auto* table = new QGridLayout;
    table->setHorizontalSpacing(16);
    table->setVerticalSpacing(9);
    table->setColumnStretch(2, 1);
    part.addSpacing(3);
    part.addLayout(table);
    int row = 0;
    for (const ProductAnswer& answer : others) {
        QLabel* product = words(fromCore(answer.product), this);
        product->setMinimumWidth(fontMetrics().height() * 10);
        table->addWidget(product, row, 0, Qt::AlignTop);
        table->addWidget(
            placeOf(answer.replica,
                    answer.status == 0 ? tr("no answer") : tr("answers %1").arg(answer.status)),
            row, 1, Qt::AlignTop);
        auto* why = new QVBoxLayout;
        why->setSpacing(1);
        if (!answer.failed.empty()) {
            QStringList failed;
            for (const std::string& name : answer.failed)
                failed.append(fromCore(name));
            addWords(*why, tr("Tried %1 in vain.").arg(failed.join(QStringLiteral(", "))), true);
        }
        addWords(*why, fromCore(answer.rule));
        for (const QString& field :
             fromCore(answer.setCookie).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            auto* cookie = new ElidedLabel(this);
            cookie->setText(tr("sets %1").arg(field));
            cookie->setProperty("faint", true);
            why->addWidget(cookie);
        }
        why->addStretch(1);
        table->addLayout(why, row++, 2);
    }
}

} // namespace stickyscope
