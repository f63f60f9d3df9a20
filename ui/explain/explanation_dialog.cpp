// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explanation_dialog.h"

#include "sim/formats/explanation_text.h"
#include "ui/controls/transport_bar.h"
#include "ui/explain/explanation_body.h"
#include "ui/format.h"
#include "ui/panels/page_area.h"
#include "ui/scenario_words.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>

namespace stickyscope {

namespace {

QString seconds(Instant at)
{
    return QString::number(inSeconds(at.time_since_epoch()), 'f', 3) + QStringLiteral(" s");
}

// What keeps the scenario's file from telling the same.
QString noteOn(const Explanation& explained, Instant now)
{
    QStringList parts;
    if (explained.byHand > 0) {
        const QString often = explained.byHand == 1 ? QObject::tr("once")
                                                    : QObject::tr("%1 times").arg(explained.byHand);
        parts << QObject::tr("By then the experiment had been changed by hand %1, which is part of "
                             "this story; in the scenario's file it may go otherwise.")
                     .arg(often);
    }
    if (explained.ended && explained.sentAt + explained.latency > now)
        parts << QObject::tr("It is still on its way: so it will end, if nothing is changed.");
    return parts.join(QLatin1Char(' '));
}

} // namespace

ExplanationDialog::ExplanationDialog(QWidget* parent)
    : QDialog(parent)
    , m_heading(new QLabel(this))
    , m_where(new QLabel(this))
    , m_note(new QLabel(this))
    , m_area(new PageArea(this))
    , m_copy(makeButton(tr("Copy"), QStringLiteral("copy-explanation"),
                        tr("Copy all of it as text (Ctrl+C)"), this))
{
    setObjectName(QStringLiteral("explanation"));
    setWindowTitle(tr("Why it went there"));
    m_heading->setObjectName(QStringLiteral("explanation-heading"));
    scaleFont(m_heading, 1.35, QFont::Bold);
    m_where->setProperty("faint", true);
    m_note->setObjectName(QStringLiteral("explanation-note"));
    scaleFont(m_note, 1, QFont::DemiBold);
    for (QLabel* label : {m_heading, m_where, m_note}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_copy->setShortcut(QKeySequence::Copy);
    QPushButton* close =
        makeButton(tr("Close"), QStringLiteral("close-explanation"), tr("Close (Esc)"), this);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_copy);
    buttons->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 14);
    layout->setSpacing(6);
    layout->addWidget(m_heading);
    layout->addWidget(m_where);
    layout->addWidget(m_note);
    layout->addSpacing(4);
    layout->addWidget(m_area, 1);
    layout->addSpacing(4);
    layout->addLayout(buttons);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_text); });
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    const int em = fontMetrics().height();
    resize(QSize(50 * em, 38 * em).boundedTo(parent->window()->size() - QSize(2 * em, 3 * em)));
}

void ExplanationDialog::showBody(QWidget* body)
{
    m_area->setPage(body);
    m_area->verticalScrollBar()->setValue(0);
}

void ExplanationDialog::showHeading(const QString& client, std::uint32_t ordinal)
{
    m_heading->setText(tr("Request %1 of %2").arg(ordinal + 1).arg(client));
    show();
    raise();
    activateWindow();
}

void ExplanationDialog::showRecord(const QString& client, std::uint32_t ordinal,
                                   const QString& where, const QStringList& sentences)
{
    auto* words = new QLabel(sentences.join(QStringLiteral("\n\n")));
    words->setObjectName(QStringLiteral("explanation-record"));
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignTop);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_where->setText(where);
    m_note->setVisible(false);
    m_text = tr("Request %1 of %2").arg(ordinal + 1).arg(client) + QLatin1Char('\n') + where
        + QStringLiteral("\n\n") + words->text();
    m_copy->setEnabled(true);
    showBody(words);
    showHeading(client, ordinal);
}

void ExplanationDialog::showWaiting(const QString& client, std::uint32_t ordinal)
{
    m_where->setText(tr("Going back to the beginning to see why …"));
    m_note->setVisible(false);
    m_copy->setEnabled(false);
    m_text.clear();
    showBody(new QWidget);
    showHeading(client, ordinal);
}

void ExplanationDialog::showFailure(const QString& why)
{
    m_where->setText(tr("It cannot be told: %1.").arg(why));
}

void ExplanationDialog::showExplanation(const Explanation& explained, const ModelRun& run)
{
    const auto& lanes = run.scenario->lanes;
    const auto lane = std::find_if(lanes.begin(), lanes.end(),
                                   [&](const LaneSpec& one) { return one.name == explained.lane; });
    const auto own = scenarioOf(run.scenario, static_cast<LaneIndex>(lane - lanes.begin()));
    m_heading->setText(
        tr("Request %1 of %2").arg(explained.ordinal + 1).arg(fromCore(explained.client)));
    m_where->setText(tr("%1 · %2, %3 · sent at %4 to %5")
                         .arg(headlineOf(*run.scenario, *lane), fromCore(explained.product),
                              fromCore(explained.algorithm), seconds(explained.sentAt),
                              fromCore(explained.url)));
    const QString note = noteOn(explained, run.now);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
    m_text = fromCore(explanationText(explained));
    if (!note.isEmpty())
        m_text = note + QStringLiteral("\n\n") + m_text;
    m_copy->setEnabled(true);
    showBody(new ExplanationBody(explained, own));
}

} // namespace stickyscope
