// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/virtual/explanation.h"

#include <QWidget>

#include <memory>

class QGridLayout;
class QVBoxLayout;

namespace stickyscope {

/// An explanation, well set: a heading on the left, its part of the story on the right; and
/// what other balancers make of it.
class ExplanationBody : public QWidget
{
    Q_OBJECT

public:
    ExplanationBody(const Explanation& explained, std::shared_ptr<const Scenario> scenario);

private:
    QVBoxLayout* addPart(const QString& heading);
    void addWords(QVBoxLayout& part, const QString& what, bool faint = false);
    void addCode(QVBoxLayout& part, const std::string& lines);
    void addIncoming(const Explanation& explained);
    void addLevel(const ExplainedLevel& level, bool withAttempt);
    void addAttempt(QVBoxLayout& part, const ExplainedAttempt& attempt);
    void addAttempts(const Explanation& explained);
    void addOutgoing(const Explanation& explained);

    std::shared_ptr<const Scenario> m_scenario;
    QGridLayout* m_grid;
};

} // namespace stickyscope
