// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/guest_book.h"
#include "sim/model/snapshot.h"

#include <QAbstractTableModel>

#include <vector>

namespace stickyscope {

/// Who asks the balancers of Real beside the window's own clients, one a row: with the server that
/// answered last and the one that the cookie points to, each by its colour and its name.
class GuestModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column
    {
        who,
        from,
        setting,
        answeredBy,
        cookie,
        lastAsked,
        columns ///< how many
    };

    struct Row
    {
        QString who;
        QString from;
        QString setting;
        ReplicaIndex replica = noReplica;
        QString replicaName;
        ReplicaIndex cookie = noReplica;
        QString cookieName;
        QString lastAsked;

        bool operator==(const Row&) const = default;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<Row> rows);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<Row> m_rows;
};

/// What the row says of this guest of the lane, by what was seen of it so far.
GuestModel::Row guestRow(const lab::Guest& guest, const QString& setting, const LaneSnapshot& lane);

} // namespace stickyscope
