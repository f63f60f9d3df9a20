// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/experiment_session.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QPushButton;

namespace stickyscope {

class BalancerSettings;

/// The model's settings: balancer, algorithm, sticky cookies off, on or both, and a dialog with all
/// that the balancer lets people set.
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
    void showSettings();
    void showDocumentsNote();

    ExperimentSession& m_session;
    QComboBox* m_product;
    QComboBox* m_algorithm;
    QButtonGroup* m_sticky;
    QPushButton* m_documents; ///< what of the balancers nobody has measured: a mark, for short
    BalancerSettings* m_settings = nullptr; ///< made when first asked for
};

} // namespace stickyscope
