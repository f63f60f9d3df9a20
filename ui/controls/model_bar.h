// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/experiment_session.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;

namespace stickyscope {

/// The model's settings: balancer, algorithm, sticky cookies off, on or both.
class ModelBar : public QWidget
{
    Q_OBJECT

public:
    ModelBar(ExperimentSession& session, QWidget* parent);

signals:
    void openAsked();

private:
    void refresh();
    void fillAlgorithms();

    ExperimentSession& m_session;
    QComboBox* m_product;
    QComboBox* m_algorithm;
    QButtonGroup* m_sticky;
};

} // namespace stickyscope
