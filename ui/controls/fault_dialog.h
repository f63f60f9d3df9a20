// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_faults.h"

#include <QDialog>

#include <utility>
#include <vector>

class QDoubleSpinBox;

namespace stickyscope {

/// Asks for the figures of one fault: a field for each setting of its row, with its unit and
/// within its bounds.
class FaultDialog : public QDialog
{
    Q_OBJECT

public:
    /// `fault`: what the fields begin with.
    FaultDialog(const Intervention& fault, const QString& server, QWidget* parent);

signals:
    void faultChosen(const stickyscope::Intervention& fault);

private:
    void choose();

    Intervention m_fault;
    std::vector<std::pair<const FaultSetting*, QDoubleSpinBox*>> m_fields;
};

} // namespace stickyscope
