// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/virtual/explanation.h"

#include <QWidget>

#include <memory>
#include <vector>

class QGridLayout;
class QPushButton;
class QVBoxLayout;

namespace stickyscope {

/// What the other balancers make of a request: first those that decide otherwise, then the names of
/// those that decide the same. All of their rules and cookies are folded until somebody asks.
class OtherBalancers : public QWidget
{
    Q_OBJECT

public:
    OtherBalancers(const Explanation& explained, std::shared_ptr<const Scenario> scenario,
                   QWidget* parent);

private:
    /// Products that decide alike.
    struct Group
    {
        bool same = false; ///< as the balancer of this request
        std::vector<ProductAnswer> answers;
    };
    void gather(const Explanation& explained);
    void addGroup(const Group& group);
    QGridLayout* addTable();
    void addRow(QGridLayout& table, const ProductAnswer& answer);
    void unfold(bool all);

    std::shared_ptr<const Scenario> m_scenario;
    std::vector<Group> m_groups; ///< in the products' order, those that decide otherwise first
    std::vector<ProductAnswer> m_folded;
    QVBoxLayout* m_layout;
    QPushButton* m_fold = nullptr;
    QWidget* m_all = nullptr; ///< made when first asked for
};

} // namespace stickyscope
