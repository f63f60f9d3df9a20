// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/window_header.h"

#include "ui/controls/transport_bar.h"
#include "ui/panels/elided_label.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>

namespace stickyscope {

WindowHeader::WindowHeader(QWidget* parent)
    : QWidget(parent)
    , m_title(new ElidedLabel(this))
    , m_transport(new TransportBar(this))
    , m_model(makeButton(tr("Model"), QStringLiteral("model"),
                         tr("Settings and charts of the model (Ctrl+1)"), this))
    , m_lab(makeButton(tr("Real"), QStringLiteral("lab"),
                       tr("Real servers on this computer (Ctrl+3)"), this))
    , m_service(makeButton(tr("My service"), QStringLiteral("service"),
                           tr("Look at a real service (Ctrl+2)"), this))
    , m_menu(makeButton(QStringLiteral("☰"), QStringLiteral("menu"), tr("Menu"), this))
{
    scaleFont(m_title, 1.2, QFont::Bold);
    m_title->setObjectName(QStringLiteral("title"));
    m_model->setCheckable(true);
    m_lab->setCheckable(true);
    m_service->setCheckable(true);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 0, 0);
    layout->addWidget(m_title, 1);
    layout->addWidget(m_transport, 0, Qt::AlignCenter);
    auto* right = new QHBoxLayout;
    right->addStretch(1);
    for (QPushButton* button : {m_model, m_lab, m_service, m_menu})
        right->addWidget(button);
    layout->addLayout(right, 1);
    connect(m_model, &QPushButton::clicked, this, &WindowHeader::modelToggled);
    connect(m_lab, &QPushButton::clicked, this, &WindowHeader::labToggled);
    connect(m_service, &QPushButton::clicked, this, &WindowHeader::serviceToggled);
}

void WindowHeader::setTitle(const QString& title)
{
    m_title->setText(title);
}

void WindowHeader::setLabWaits(bool waits)
{
    const QString text = waits ? tr("Real ●") : tr("Real");
    if (m_lab->text() == text)
        return;
    m_lab->setText(text);
    m_lab->setToolTip(waits ? tr("Its servers still run, for whoever is at them (Esc ends them)")
                            : m_lab->accessibleName());
}

void WindowHeader::setMenu(QMenu* menu)
{
    m_menu->setMenu(menu);
    // Who opens it with the mouse goes on with the mouse.
    m_menu->setFocusPolicy(Qt::TabFocus);
}

void WindowHeader::setUnfolded(bool model, bool lab, bool service)
{
    m_model->setChecked(model);
    m_lab->setChecked(lab);
    m_service->setChecked(service);
}

} // namespace stickyscope
