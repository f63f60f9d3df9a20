// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/secret_cover.h"

#include <QEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSyntaxHighlighter>

#include <utility>

namespace stickyscope {

namespace {

// Tells whether somebody edits it, and when its colours are others.
class EditWatch : public QObject
{
public:
    EditWatch(QWidget& edit, std::function<void(bool edited)> changed)
        : QObject(&edit)
        , m_changed(std::move(changed))
    {
        edit.installEventFilter(this);
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        switch (event->type()) {
        case QEvent::FocusIn:
            m_changed(true);
            break;
        case QEvent::FocusOut:
            m_changed(false);
            break;
        case QEvent::PaletteChange:
            m_changed(static_cast<QWidget*>(watched)->hasFocus());
            break;
        default:
            break;
        }
        return false;
    }

private:
    std::function<void(bool)> m_changed;
};

// A bar in the colour of the text, over it.
class LineCover : public QSyntaxHighlighter
{
public:
    LineCover(QPlainTextEdit& edit, std::function<qsizetype(const QString&)> from)
        : QSyntaxHighlighter(edit.document())
        , m_edit(edit)
        , m_from(std::move(from))
    {
    }

    void setCovered(bool covered)
    {
        m_covered = covered;
        rehighlight();
    }

protected:
    void highlightBlock(const QString& text) override
    {
        const qsizetype from = m_covered ? m_from(text) : -1;
        if (from < 0)
            return;
        QTextCharFormat bar;
        bar.setForeground(m_edit.palette().text());
        bar.setBackground(m_edit.palette().text());
        setFormat(static_cast<int>(from), static_cast<int>(text.size() - from), bar);
    }

private:
    const QPlainTextEdit& m_edit;
    std::function<qsizetype(const QString&)> m_from;
    bool m_covered = true;
};

} // namespace

void coverSecret(QLineEdit& edit, std::function<bool(const QString&)> holdsSecret)
{
    const auto cover = [&edit, holds = std::move(holdsSecret)](bool edited) {
        edit.setEchoMode(edited || !holds(edit.text()) ? QLineEdit::Normal : QLineEdit::Password);
    };
    new EditWatch(edit, cover);
    QObject::connect(&edit, &QLineEdit::textChanged, &edit,
                     [&edit, cover] { cover(edit.hasFocus()); });
}

void coverSecrets(QPlainTextEdit& edit, std::function<qsizetype(const QString&)> from)
{
    auto* lines = new LineCover(edit, std::move(from));
    new EditWatch(edit, [lines](bool edited) { lines->setCovered(!edited); });
}

} // namespace stickyscope
