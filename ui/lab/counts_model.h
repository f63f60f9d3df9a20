// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QAbstractTableModel>

#include <memory>
#include <vector>

namespace stickyscope {

/// Who counted what: a row for each server of each lane that others count too, and one for their
/// sum.
class CountsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Columns
    {
        setting,
        server,
        clients,
        balancer,
        replica,
        columns
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
        ReconciledReplica counts;
        bool sum = false;

        bool operator==(const Row&) const = default;
    };

    static std::vector<Row> rowsOf(const Snapshot& snapshot);

    std::vector<Row> m_rows;
};

} // namespace stickyscope
