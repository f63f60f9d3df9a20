// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/counts_model.h"

#include "ui/format.h"

#include <QFont>

#include <algorithm>
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

// Of all lanes, each name once.
QStringList CountsModel::balancersOf(const Snapshot& snapshot)
{
    QStringList names;
    for (const LaneSnapshot& lane : snapshot.lanes) {
        if (!lane.result.reconciliation)
            continue;
        for (const std::string& name : lane.result.reconciliation->balancers) {
            if (!names.contains(fromCore(name)))
                names << fromCore(name);
        }
    }
    return names;
}

std::vector<CountsModel::Row> CountsModel::rowsOf(const Snapshot& snapshot,
                                                  const QStringList& balancers)
{
    const auto columns = static_cast<std::size_t>(std::max<qsizetype>(balancers.size(), 1)) + 2;
    std::vector<Row> rows;
    for (const LaneSnapshot& lane : snapshot.lanes) {
        const auto& known = lane.result.reconciliation;
        if (!known)
            continue;
        const QString name = known->allLanes ? tr("all together") : fromCore(lane.result.name);
        Row sum {name, tr("all").toStdString(), std::vector<Number>(columns, 0), true};
        for (const ReconciledReplica& replica : known->replicas) {
            Row row {name, replica.name, std::vector<Number>(columns)};
            row.counts.front() = replica.clients;
            row.counts.back() = replica.replica;
            if (replica.each.empty())
                row.counts[1] = replica.balancer;
            for (std::size_t place = 0; place < replica.each.size(); ++place)
                row.counts[1
                           + static_cast<std::size_t>(balancers.indexOf(
                               fromCore(known->balancers[place])))] = replica.each[place];
            for (std::size_t column = 0; column < columns; ++column)
                add(sum.counts[column], row.counts[column]);
            rows.push_back(std::move(row));
        }
        // Some balancers count all, and tell no servers apart.
        if (known->balancerTotal) {
            sum.counts.assign(columns, std::nullopt);
            sum.counts[0] = 0;
            sum.counts[1] = known->balancerTotal;
            for (const ReconciledReplica& replica : known->replicas)
                *sum.counts[0] += replica.clients.value_or(0);
        }
        rows.push_back(sum);
    }
    return rows;
}

void CountsModel::setSnapshot(const Snapshot& snapshot)
{
    const QStringList balancers = balancersOf(snapshot);
    std::vector<Row> rows = rowsOf(snapshot, balancers);
    if (rows == m_rows && balancers == m_balancers)
        return;
    if (rows.size() != m_rows.size() || balancers != m_balancers) {
        beginResetModel();
        m_rows = std::move(rows);
        m_balancers = balancers;
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    emit dataChanged(index(0, 0), index(rowCount() - 1, lastColumn()));
}

int CountsModel::lastColumn() const
{
    return firstBalancer + static_cast<int>(std::max<qsizetype>(m_balancers.size(), 1));
}

int CountsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CountsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : lastColumn() + 1;
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
    if (text)
        return index.column() == setting ? row.setting : fromCore(row.server);
    return shown(row.counts[static_cast<std::size_t>(index.column() - clients)]);
}

QVariant CountsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section > lastColumn())
        return {};
    if (role == Qt::ToolTipRole && section >= clients)
        return section == clients ? tr("Answers that our clients got from it")
            : section == lastColumn()
            ? tr("Answers that stand in the server's own log")
            : tr("Answers that this balancer took from it, by way of others too");
    if (role != Qt::DisplayRole)
        return {};
    if (section == lastColumn())
        return tr("Server logged");
    if (section >= firstBalancer)
        return m_balancers.isEmpty() ? tr("Balancer counted")
                                     : tr("%1 counted").arg(m_balancers[section - firstBalancer]);
    static const QStringList titles {tr("Setting"), tr("Server"), tr("Clients saw")};
    return titles[section];
}

} // namespace stickyscope
