// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/service_guide.h"

#include "ui/controls/transport_bar.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QFileInfo>
#include <QFontDatabase>
#include <QFrame>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QStandardPaths>

namespace stickyscope {

namespace {

constexpr int columnsFromEms = 52; ///< two cards side by side need this much

// A line for the shell or the field, its meaning under it, and what can be done with it.
struct Row
{
    QString line;
    QString meaning;
    QString name; ///< of its button
};

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

QPushButton* addRow(QGridLayout& grid, const Row& row, const QString& does)
{
    QWidget* card = grid.parentWidget();
    auto* text = new QVBoxLayout;
    text->setSpacing(2);
    QLabel* line = plainLabel(row.line, card);
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(QApplication::font().pointSizeF());
    line->setFont(fixed);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    QLabel* meaning = plainLabel(row.meaning, card);
    meaning->setProperty("faint", true);
    text->addWidget(line);
    text->addWidget(meaning);
    const int at = grid.rowCount();
    grid.addLayout(text, at, 0);
    QPushButton* button = makeButton(does, row.name, does + QStringLiteral(": ") + row.line, card);
    grid.addWidget(button, at, 1, Qt::AlignTop | Qt::AlignRight);
    return button;
}

// As it can be typed here: its place, where the shell would not find it.
QString program()
{
    QString name = QStringLiteral("stickyscope");
    const QString here = QApplication::applicationFilePath();
    if (QFileInfo(here).fileName() != name || !QStandardPaths::findExecutable(name).isEmpty())
        return name;
    return here.contains(QLatin1Char(' ')) ? QLatin1Char('\'') + here + QLatin1Char('\'') : here;
}

} // namespace

ServiceGuide::ServiceGuide(QWidget* parent)
    : QWidget(parent)
    , m_cards(new QBoxLayout(QBoxLayout::LeftToRight))
{
    QLabel* purpose = plainLabel(
        tr("Shows which server answers whom behind your load balancer: the same clients ask twice "
           "at once, without the sticky cookie on the left, with it on the right."),
        this);
    purpose->setObjectName(QStringLiteral("purpose"));
    scaleFont(purpose, 1.2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 14, 0, 0);
    layout->setSpacing(16);
    layout->addWidget(purpose);
    m_cards->setSpacing(12);
    layout->addLayout(m_cards);
    layout->addStretch(1);
    addExamples();
    addCommands();
}

QGridLayout* ServiceGuide::addCard(const QString& title)
{
    auto* card = new QFrame(this);
    card->setProperty("card", true);
    auto* grid = new QGridLayout(card);
    grid->setContentsMargins(20, 16, 20, 18);
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(14);
    grid->setColumnStretch(0, 1);
    QLabel* heading = plainLabel(title, card);
    scaleFont(heading, 1.12, QFont::Bold);
    grid->addWidget(heading, 0, 0, 1, 2);
    m_cards->addWidget(card, 1);
    return grid;
}

void ServiceGuide::addExamples()
{
    QGridLayout* grid = addCard(tr("What can be given"));
    const Row rows[] {
        {QStringLiteral("http://localhost:8000/hostname"),
         tr("An address. Best one whose answer names the server."),
         QStringLiteral("example-address")},
        {QStringLiteral("curl 'https://app.example/cart' -H 'Accept: application/json'"),
         tr("A curl line, as the browser's developer tools give it: Network, Copy as cURL."),
         QStringLiteral("example-curl")},
        {QStringLiteral("wss://app.example/streaming"),
         tr("A WebSocket: where each client's connection goes, and comes back to."),
         QStringLiteral("example-websocket")},
    };
    for (const Row& row : rows) {
        QPushButton* button = addRow(*grid, row, tr("Fill in"));
        connect(button, &QPushButton::clicked, this,
                [this, line = row.line] { emit exampleChosen(line); });
    }
    grid->setRowStretch(grid->rowCount(), 1);
}

void ServiceGuide::addCommands()
{
    QGridLayout* grid = addCard(tr("Nothing to look at yet? Start something"));
    const Row rows[] {
        {program() + QStringLiteral(" replica --port 8000 --name server-1"),
         tr("One server without a balancer, at http://localhost:8000/hostname."),
         QStringLiteral("copy-replica")},
        {QStringLiteral("cd resources/examples/goa-compose && docker compose up --build"),
         tr("Three servers behind Traefik, at the same address; in Stickyscope's folder."),
         QStringLiteral("copy-compose")},
        {program() + QStringLiteral(" probe http://localhost:8000/hostname"),
         tr("The same question on the command line, with the verdict in words."),
         QStringLiteral("copy-probe")},
    };
    for (const Row& row : rows) {
        QPushButton* button = addRow(*grid, row, tr("Copy"));
        connect(button, &QPushButton::clicked, this,
                [line = row.line] { QApplication::clipboard()->setText(line); });
    }
    grid->setRowStretch(grid->rowCount(), 1);
}

void ServiceGuide::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_cards->setDirection(width() < columnsFromEms * fontMetrics().height()
                              ? QBoxLayout::TopToBottom
                              : QBoxLayout::LeftToRight);
}

} // namespace stickyscope
