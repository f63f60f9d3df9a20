// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/explain/request_explainer.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace stickyscope {

class PageArea;

/// One request, told to its end: what came in, which rule sent it where, what went out, and what
/// the other balancers would have done. It stays beside the window while the experiment goes on.
class ExplanationDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ExplanationDialog(QWidget* parent);

    /// While it is looked up.
    void showWaiting(const QString& client, std::uint32_t ordinal);
    void showFailure(const QString& why);
    void showExplanation(const Explanation& explained, const ModelRun& run);
    /// What a record tells of a request that no model can follow, a sentence each.
    void showRecord(const QString& client, std::uint32_t ordinal, const QString& where,
                    const QStringList& sentences);
    /// All of it in words, as Copy gives it.
    const QString& text() const { return m_text; }

private:
    void showHeading(const QString& client, std::uint32_t ordinal);
    void showBody(QWidget* body);

    QLabel* m_heading;
    QLabel* m_where;
    QLabel* m_note;
    PageArea* m_area;
    QPushButton* m_copy;
    QString m_text;
};

} // namespace stickyscope
