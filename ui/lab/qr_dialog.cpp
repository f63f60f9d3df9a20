// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/qr_dialog.h"

#include "ui/controls/transport_bar.h"
#include "ui/lab/qr_view.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace stickyscope {

namespace {

QLabel* largeLabel(const QString& text, double scale, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    scaleFont(label, scale, QFont::DemiBold);
    return label;
}

} // namespace

QrDialog::QrDialog(const QString& title, const QString& address, QWidget* parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("qr-dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    auto* code = new QrView(this);
    code->setObjectName(QStringLiteral("qr-large"));
    code->setAddress(address);
    code->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    auto* text = largeLabel(address, 2.2, this);
    text->setObjectName(QStringLiteral("qr-large-address"));
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* close =
        makeButton(tr("Close (Esc)"), QStringLiteral("qr-close"), tr("Back to the window"), this);
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    foot->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(largeLabel(title, 1.4, this));
    layout->addWidget(code, 1);
    layout->addWidget(text);
    layout->addLayout(foot);
    connect(code, &QrView::clicked, this, &QDialog::close);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    if (parent)
        resize(parent->window()->size());
    close->setFocus();
}

} // namespace stickyscope
