// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/virtual/explanation.h"

#include <QWidget>

class QGridLayout;
class QVBoxLayout;

namespace stickyscope {

/// An explanation, well set: a heading on the left, its part of the story on the right; and a
/// table of the other balancers.
class ExplanationBody : public QWidget
{
    Q_OBJECT

public:
    ExplanationBody(const Explanation& explained, const Scenario& scenario);

private:
    QVBoxLayout* addPart(const QString& heading);
    void addWords(QVBoxLayout& part, const QString& what, bool faint = false);
    void addCode(QVBoxLayout& part, const std::string& lines);
    QWidget* placeOf(const std::string& replica, const QString& otherwise);
    void addIncoming(const Explanation& explained);
    void addAttempts(const Explanation& explained);
    void addOutgoing(const Explanation& explained);
    void addOthers(const std::vector<ProductAnswer>& others);

    const Scenario& m_scenario; ///< while it is built
    QGridLayout* m_grid;
};

} // namespace stickyscope
