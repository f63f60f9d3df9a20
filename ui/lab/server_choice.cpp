// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/server_choice.h"

#include <QInputDialog>
#include <QSettings>

namespace stickyscope {

namespace {

const char* const addressesKey = "lab/own-servers";

}

ServerChoice::ServerChoice(QWidget* parent)
    : QComboBox(parent)
    , m_now {QSettings().value(QLatin1String(addressesKey)).toString(), 0}
    , m_kept(m_now)
{
    setObjectName(QStringLiteral("lab-servers"));
    setAccessibleName(tr("Servers"));
    setToolTip(tr("Which servers stand behind the balancer: those that are started here, or your "
                  "own on this computer"));
    addItem(tr("Servers started here"));
    addItem(tr("My own servers..."));
    connect(this, &QComboBox::activated, this, &ServerChoice::choose);
}

std::optional<std::string> ServerChoice::addresses() const
{
    return m_now.index == 1 ? std::optional(m_now.addresses.toStdString()) : std::nullopt;
}

void ServerChoice::keep()
{
    m_kept = m_now;
    QSettings().setValue(QLatin1String(addressesKey), m_now.addresses);
}

void ServerChoice::takeBack()
{
    m_now = m_kept;
    setCurrentIndex(m_now.index);
}

// Chosen once more, the addresses can be changed.
void ServerChoice::choose(int index)
{
    if (index == 1)
        return askForAddresses();
    const bool other = m_now.index != index;
    m_now.index = index;
    if (other)
        emit chosen();
}

void ServerChoice::askForAddresses()
{
    bool given = false;
    const QString typed = QInputDialog::getText(
        this, tr("My own servers"),
        tr("The addresses of your servers on this computer, with commas between them.\nThe path of "
           "the first is what the clients ask for."),
        QLineEdit::Normal,
        m_now.addresses.isEmpty()
            ? QStringLiteral("http://localhost:8001/hostname, http://localhost:8002/hostname")
            : m_now.addresses,
        &given);
    if (!given) {
        setCurrentIndex(m_now.index);
        return;
    }
    m_now = {typed.trimmed(), 1};
    emit chosen();
}

} // namespace stickyscope
