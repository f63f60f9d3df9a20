// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/counts_window.h"

#include "ui/format.h"
#include "ui/lab/counts_model.h"

#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace stickyscope {

namespace {

// By the balancer's statistics a replica has fewer than it answered.
bool isBehind(const Reconciliation& known)
{
    return std::any_of(known.replicas.begin(), known.replicas.end(),
                       [](const ReconciledReplica& one) {
                           return one.balancer && one.replica && *one.balancer < *one.replica;
                       });
}

// Who names the same server for how many.
QString alike(const Reconciliation& known)
{
    const bool logged = std::any_of(known.replicas.begin(), known.replicas.end(),
                                    [](const ReconciledReplica& one) { return one.replica; });
    const QString who = !known.balancers.empty() ? logged
            ? QObject::tr("client, balancers and server log")
            : QObject::tr("client and balancers")
        : logged ? QObject::tr("client, balancer and server log")
                                                 : QObject::tr("client and balancer");
    return QObject::tr("for %1 requests %2 name the same server.").arg(asCount(*known.joined), who);
}

} // namespace

QString differencesIn(const Snapshot& snapshot)
{
    QStringList lines;
    for (const LaneSnapshot& lane : snapshot.lanes) {
        const auto& known = lane.result.reconciliation;
        if (!known)
            continue;
        QStringList said;
        if (known->joined)
            said << alike(*known);
        for (const std::string& difference : known->differences)
            said << fromCore(difference);
        if (!snapshot.finished && isBehind(*known))
            said << QObject::tr("Statistics are read now and then: while requests go on, they may "
                                "be a moment behind.");
        if (said.isEmpty())
            said << QObject::tr("what was counted agrees.");
        const QString name =
            known->allLanes ? QObject::tr("all together") : fromCore(lane.result.name);
        lines << name + QStringLiteral(": ") + said.join(QLatin1Char(' '));
    }
    return lines.isEmpty() ? QObject::tr("Nobody but the clients counts here.")
                           : lines.join(QLatin1Char('\n'));
}

CountsWindow::CountsWindow(const QString& name, QWidget* parent)
    : QDialog(parent)
    , m_model(new CountsModel(this))
    , m_table(new QTableView(this))
    , m_differences(new QLabel(this))
{
    setObjectName(name);
    setWindowTitle(tr("Who counted what"));
    auto* intro = new QLabel(tr("Each row is one server. Clients: answers that our clients got "
                                "from it. Balancer: answers that the balancer took from it; of "
                                "several each has a column, and one in front counts what it "
                                "passed on to those behind it, too. Server: answers that stand in "
                                "its own log. Where they agree, the picture can be trusted."),
                             this);
    intro->setWordWrap(true);
    intro->setTextFormat(Qt::PlainText);
    m_table->setObjectName(name + QStringLiteral("-table"));
    m_table->setAccessibleName(windowTitle());
    m_table->setModel(m_model);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setSelectionMode(QAbstractItemView::ContiguousSelection);
    m_table->setShowGrid(false);
    m_table->setStyleSheet(QStringLiteral("QTableView::item { padding: 0 8px; }"));
    m_table->setAlternatingRowColors(true);
    m_differences->setObjectName(name + QStringLiteral("-differences"));
    m_differences->setTextFormat(Qt::PlainText);
    m_differences->setWordWrap(true);
    m_differences->setTextInteractionFlags(Qt::TextSelectableByMouse
                                           | Qt::TextSelectableByKeyboard);
    // However much there is to say, the table keeps its rows.
    auto* scrolled = new QScrollArea(this);
    scrolled->setWidget(m_differences);
    scrolled->setWidgetResizable(true);
    scrolled->setFrameShape(QFrame::NoFrame);
    constexpr int lines = 6;
    scrolled->setFixedHeight(lines * fontMetrics().lineSpacing());
    m_differences->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(intro);
    layout->addWidget(m_table, 1);
    layout->addWidget(scrolled);
    resize(640, 480);
}

// For all of them, within reason: the sum comes last.
void CountsWindow::makeRoomForRows()
{
    constexpr int most = 12;
    m_table->setMinimumHeight(m_table->horizontalHeader()->sizeHint().height()
                              + m_table->verticalHeader()->defaultSectionSize()
                                  * std::min(m_model->rowCount(), most)
                              + 2 * m_table->frameWidth());
}

void CountsWindow::setSnapshot(const Snapshot& snapshot)
{
    const int before = m_model->rowCount();
    m_model->setSnapshot(snapshot);
    if (m_model->rowCount() != before)
        makeRoomForRows();
    m_differences->setText(differencesIn(snapshot));
}

} // namespace stickyscope
