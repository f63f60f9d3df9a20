// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/network_addresses.h"
#include "sim/model/snapshot.h"

#include <QElapsedTimer>
#include <QPointer>
#include <QWidget>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QHBoxLayout;
class QLabel;
class QTableView;

namespace stickyscope {

namespace lab {
class LabTraffic;
} // namespace lab

class GuestModel;
class QrDialog;
class QrView;

/// The switch that lets other machines ask the balancers of Real, off with each start: where it is
/// on, their addresses with QR codes, who has come, and what to try where nobody does.
class NetworkPanel : public QWidget
{
    Q_OBJECT

public:
    explicit NetworkPanel(QWidget* parent);
    ~NetworkPanel() override;

    /// Another lab, not open yet; the settings' names by lane. Nothing: none runs. `whyNot`: in
    /// one sentence why this one cannot be opened, or an empty text.
    void setLab(std::weak_ptr<lab::LabTraffic> traffic, const QStringList& settings,
                const QString& whyNot);
    void setSnapshot(const Snapshot& snapshot);
    bool isOpen() const { return !m_urls.empty(); }

    // For tests.
    /// Where this machine's addresses come from.
    void setAddresses(std::function<lab::NetworkAddresses()> addresses);
    /// How long nobody may come before the hint is given.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }

private:
    struct Door
    {
        QrView* code = nullptr;
        QLabel* address = nullptr;
    };

    void toggle(bool open);
    void openDoors();
    void closeDoors();
    void makeDoors();
    void showAddress(int number);
    void enlarge(std::size_t lane);
    void say(const QString& text);

    std::function<lab::NetworkAddresses()> m_addresses = lab::networkAddresses;
    std::chrono::milliseconds m_patience {30'000};
    std::weak_ptr<lab::LabTraffic> m_traffic;
    QStringList m_settings;
    std::vector<std::vector<std::string>> m_urls; ///< by lane, then address; empty while closed
    QElapsedTimer m_opened;
    QElapsedTimer m_listed;
    QCheckBox* m_switch;
    QLabel* m_meaning;
    QComboBox* m_choice;
    QWidget* m_open; ///< all that is shown while it is open
    QWidget* m_doors; ///< made anew whenever it is opened
    std::vector<Door> m_lanes;
    QLabel* m_count;
    QTableView* m_table;
    GuestModel* m_guests;
    QLabel* m_hint;
    QPointer<QrDialog> m_large;
};

} // namespace stickyscope
