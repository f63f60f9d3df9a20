// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace stickyscope {

/// Who counted what: a row for each server of each lane that others count too, and one for their
/// sum; a column for clients, each balancer, and the servers themselves.
class CountsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Columns
    {
        setting,
        server,
        clients,
        firstBalancer ///< of those that there are; behind the last one is the server's own log
    };

    explicit CountsModel(QObject* parent);

    void setSnapshot(const Snapshot& snapshot);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QString setting;
        std::string server;
        /// By column, from `clients` on; absent where somebody does not tell.
        std::vector<std::optional<std::uint64_t>> counts;
        bool sum = false;

        bool operator==(const Row&) const = default;
    };

    static QStringList balancersOf(const Snapshot& snapshot);
    static std::vector<Row> rowsOf(const Snapshot& snapshot, const QStringList& balancers);
    int lastColumn() const;

    QStringList m_balancers; ///< empty where each lane has one alone
    std::vector<Row> m_rows;
};

} // namespace stickyscope
