// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QBoxLayout;
class QGridLayout;

namespace stickyscope {

/// What My service shows until something is watched: what it does, what can be given to it, and
/// how to start something to look at.
class ServiceGuide : public QWidget
{
    Q_OBJECT

public:
    explicit ServiceGuide(QWidget* parent);

signals:
    /// An example is to stand in the field. Nothing is sent.
    void exampleChosen(const QString& text);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QGridLayout* addCard(const QString& title);
    void addExamples();
    void addCommands();

    QBoxLayout* m_cards;
};

} // namespace stickyscope
