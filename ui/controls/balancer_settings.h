// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/controls/balancer_field.h"

#include <QDialog>

class QGridLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace stickyscope {

class ExperimentSession;
class PageArea;

/// Everything that the chosen product lets people set, from the product's own row: each with what
/// it does, applied at once as an edit of the scenario, and with a way back to the default.
class BalancerSettings : public QDialog
{
    Q_OBJECT

public:
    BalancerSettings(ExperimentSession& session, QWidget* parent);
    ~BalancerSettings() override;

    /// Scrolls to what the product follows, and what of it rests on documents.
    void showProvenance();

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Row
    {
        BalancerField field;
        QWidget* editor = nullptr; ///< a QComboBox where there are choices, else a QLineEdit
        QPushButton* reset = nullptr;
        QLabel* fault = nullptr;
    };

    void rebuild();
    void forgetFields();
    void addGroup(QVBoxLayout& page, const QString& title, std::vector<BalancerField> fields);
    void addProvenance(QVBoxLayout& page, const Product& product);
    void addRow(QGridLayout& grid, BalancerField field);
    QWidget* makeEditor(std::size_t row);
    void refresh();
    void apply(std::size_t index, const std::optional<QString>& words);

    ExperimentSession& m_session;
    QLabel* m_title;
    PageArea* m_area;
    QLabel* m_provenance = nullptr; ///< on the area's page
    std::vector<Row> m_rows;
    std::string m_product; ///< whose rows these are
    bool m_cookie = false; ///< the cookie's are among them
};

/// "Rests on documents: ..."; empty where all of the product was measured.
QString documentsOnlyNote(const Product& product);
/// In what it is known to differ from the real one, a line each; empty for nothing.
QString differencesNote(const Product& product);

} // namespace stickyscope
