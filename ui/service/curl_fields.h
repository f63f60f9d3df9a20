// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/curl_command.h"
#include "ui/service/labelled_field.h"

#include <QWidget>

#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;
class QPlainTextEdit;

namespace stickyscope {

/// The fields of a request, each for one of curl's options: a pasted curl line fills them, and
/// what they hold is read as a curl line again. So there is one set of rules for both.
class CurlFields : public QWidget
{
    Q_OBJECT

public:
    /// Which of the fields stand here.
    enum class Part : std::uint8_t
    {
        request, ///< method, headers, body, cookies
        connection ///< TLS, other addresses, a proxy
    };

    CurlFields(Part part, QWidget* parent);

    void clear();
    /// Whether the option has a field here, which then shows it.
    bool take(const live::CurlOption& option);
    /// Shows options that have no field anywhere; of the part `connection`.
    void takeOthers(const std::vector<live::CurlOption>& options);
    /// What the fields say, in curl's words. One line where other options are not understood.
    Outcome<std::vector<live::CurlOption>> options() const;

private:
    struct Line
    {
        std::string option;
        QLineEdit* edit;
    };

    void makeRequest(QGridLayout& grid);
    void makeConnection(QGridLayout& grid);
    QLineEdit* addLine(QGridLayout& grid, GridCell cell, const QString& title, const char* option,
                       const QString& example);
    QLineEdit* addFile(QGridLayout& grid, GridCell cell, const QString& title, const char* option);
    QPlainTextEdit* addText(QGridLayout& grid, int column, const QString& title, const char* name,
                            const QString& example);

    std::vector<Line> m_lines;
    QComboBox* m_method = nullptr;
    QPlainTextEdit* m_headers = nullptr;
    QPlainTextEdit* m_body = nullptr;
    QCheckBox* m_insecure = nullptr;
    QLineEdit* m_others = nullptr;
};

} // namespace stickyscope
