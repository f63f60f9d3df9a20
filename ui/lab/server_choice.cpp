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
    , m_addresses(QSettings().value(QLatin1String(addressesKey)).toString())
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
    return m_chosen == 1 ? std::optional(m_addresses.toStdString()) : std::nullopt;
}

void ServerChoice::setChoice(int index)
{
    m_chosen = index;
    setCurrentIndex(index);
}

// Chosen once more, the addresses can be changed.
void ServerChoice::choose(int index)
{
    if (index == 1)
        return askForAddresses();
    const bool other = m_chosen != index;
    m_chosen = index;
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
        m_addresses.isEmpty()
            ? QStringLiteral("http://localhost:8001/hostname, http://localhost:8002/hostname")
            : m_addresses,
        &given);
    if (!given) {
        setCurrentIndex(m_chosen);
        return;
    }
    m_addresses = typed.trimmed();
    QSettings().setValue(QLatin1String(addressesKey), m_addresses);
    m_chosen = 1;
    emit chosen();
}

} // namespace stickyscope
