// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace stickyscope {

/// Text of the wire in letters of one width: plain, and broken wherever the line ends, for cookies
/// have no blanks.
class CodeLabel : public QWidget
{
    Q_OBJECT

public:
    CodeLabel(const QString& text, QWidget* parent);

    const QString& text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    int heightForWidth(int width) const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void takeFont();

    QString m_text;
};

} // namespace stickyscope
