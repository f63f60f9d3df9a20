// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"

#include <QDialog>

class QLabel;
class QTableView;

namespace stickyscope {

class CountsModel;

/// Beside the window, while it runs: what clients, balancer and servers have each counted, and in
/// words what makes the difference.
class CountsWindow : public QDialog
{
    Q_OBJECT

public:
    /// `name` is its objectName; its table is NAME-table, the words below NAME-differences.
    CountsWindow(const QString& name, QWidget* parent);

    void setSnapshot(const Snapshot& snapshot);

private:
    void makeRoomForRows();

    CountsModel* m_model;
    QTableView* m_table;
    QLabel* m_differences;
};

/// In words: how many requests all tell alike, and what not.
QString differencesIn(const Snapshot& snapshot);

} // namespace stickyscope
