// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/guest_model.h"

#include "ui/format.h"
#include "ui/theme/theme.h"

#include <QPixmap>

#include <array>

namespace stickyscope {

namespace {

constexpr int squareSide = 12;

QVariant squareOf(ReplicaIndex replica)
{
    if (replica == noReplica)
        return {};
    QPixmap square(squareSide, squareSide);
    square.fill(replicaColour(raw(replica)));
    return square;
}

QString nameIn(const LaneSnapshot& lane, ReplicaIndex replica)
{
    return replica != noReplica && raw(replica) < lane.cast->replicas.size()
        ? fromCore(lane.cast->replicas[raw(replica)])
        : QString();
}

QString agoInWords(std::chrono::steady_clock::time_point moment)
{
    const auto ago = std::chrono::steady_clock::now() - moment;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(ago).count();
    if (seconds < 3)
        return GuestModel::tr("now");
    return seconds < 60 ? GuestModel::tr("%1 s ago").arg(seconds)
                        : GuestModel::tr("%1 min ago").arg(seconds / 60);
}

} // namespace

void GuestModel::setRows(std::vector<Row> rows)
{
    if (rows == m_rows)
        return;
    if (rows.size() != m_rows.size()) {
        beginResetModel();
        m_rows = std::move(rows);
        return endResetModel();
    }
    m_rows = std::move(rows);
    emit dataChanged(index(0, 0), index(rowCount() - 1, columns - 1));
}

int GuestModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int GuestModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(columns);
}

QVariant GuestModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::DecorationRole) {
        return index.column() == answeredBy ? squareOf(row.replica)
            : index.column() == cookie      ? squareOf(row.cookie)
                                            : QVariant();
    }
    if (role != Qt::DisplayRole)
        return {};
    const std::array<QString, columns> texts {
        row.who,
        row.from,
        row.setting,
        row.replicaName,
        row.cookie == noReplica ? tr("none") : row.cookieName,
        row.lastAsked,
    };
    return texts.at(static_cast<std::size_t>(index.column()));
}

QVariant GuestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const std::array<QString, columns> titles {tr("Who"),         tr("From"),   tr("Setting"),
                                               tr("Answered by"), tr("Cookie"), tr("Last asked")};
    return titles.at(static_cast<std::size_t>(section));
}

GuestModel::Row guestRow(const lab::Guest& guest, const QString& setting, const LaneSnapshot& lane)
{
    GuestModel::Row row {.who = fromCore(guest.name),
                         .from = guest.outside ? fromCore(guest.address)
                                               : GuestModel::tr("this computer"),
                         .setting = setting,
                         .lastAsked = agoInWords(guest.lastAsked)};
    if (raw(guest.client) >= lane.clients.size())
        return row;
    const ClientPicture& picture = lane.clients[raw(guest.client)];
    if (!picture.trail.empty())
        row.replica = picture.trail.back().replica;
    row.cookie = picture.cookie;
    row.replicaName = nameIn(lane, row.replica);
    row.cookieName = nameIn(lane, row.cookie);
    return row;
}

} // namespace stickyscope
