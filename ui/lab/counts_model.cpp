// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/counts_model.h"

#include "ui/format.h"

#include <QFont>

#include <utility>

namespace stickyscope {

namespace {

using Number = std::optional<std::uint64_t>;

void add(Number& sum, const Number& part)
{
    sum = sum && part ? Number(*sum + *part) : std::nullopt;
}

QString shown(const Number& number)
{
    return number ? asCount(*number) : QStringLiteral("–");
}

} // namespace

CountsModel::CountsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

std::vector<CountsModel::Row> CountsModel::rowsOf(const Snapshot& snapshot)
{
    std::vector<Row> rows;
    for (const LaneSnapshot& lane : snapshot.lanes) {
        if (!lane.result.reconciliation)
            continue;
        const QString name =
            lane.result.reconciliation->allLanes ? tr("all together") : fromCore(lane.result.name);
        Row sum {name, {tr("all").toStdString(), 0, 0, 0}, true};
        for (const ReconciledReplica& replica : lane.result.reconciliation->replicas) {
            rows.push_back({name, replica});
            add(sum.counts.clients, replica.clients);
            add(sum.counts.balancer, replica.balancer);
            add(sum.counts.replica, replica.replica);
        }
        // Some balancers count all, and tell no servers apart.
        if (lane.result.reconciliation->balancerTotal) {
            const auto& all = lane.result.reconciliation->replicas;
            sum.counts = {sum.counts.name, 0, lane.result.reconciliation->balancerTotal, {}};
            for (const ReconciledReplica& replica : all)
                *sum.counts.clients += replica.clients.value_or(0);
        }
        rows.push_back(sum);
    }
    return rows;
}

void CountsModel::setSnapshot(const Snapshot& snapshot)
{
    std::vector<Row> rows = rowsOf(snapshot);
    if (rows == m_rows)
        return;
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    emit dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

int CountsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CountsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : columns;
}

QVariant CountsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool text = index.column() == setting || index.column() == server;
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (text ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::FontRole && row.sum) {
        QFont font;
        font.setBold(true);
        return font;
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case setting:
        return row.setting;
    case server:
        return fromCore(row.counts.name);
    case clients:
        return shown(row.counts.clients);
    case balancer:
        return shown(row.counts.balancer);
    default:
        return shown(row.counts.replica);
    }
}

QVariant CountsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    static const QStringList titles {tr("Setting"), tr("Server"), tr("Clients saw"),
                                     tr("Balancer counted"), tr("Server logged")};
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal || section >= titles.size())
        return {};
    return titles[section];
}

} // namespace stickyscope
