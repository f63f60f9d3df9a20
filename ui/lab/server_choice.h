// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

#include <optional>
#include <string>

namespace stickyscope {

/// Which servers stand behind the balancer in Real: those that the program starts, or somebody's
/// own on this computer.
class ServerChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit ServerChoice(QWidget* parent);

    /// The addresses as they were typed; nothing where the program's own servers are chosen.
    std::optional<std::string> addresses() const;
    /// What is chosen has been started: it is there the next time, too...
    void keep();
    /// ...and was refused: what was kept is chosen again.
    void takeBack();

signals:
    /// By the user.
    void chosen();

private:
    void choose(int index);
    void askForAddresses();

    struct Choice
    {
        QString addresses;
        int index = 0;
    };
    Choice m_now;
    Choice m_kept;
};

} // namespace stickyscope
