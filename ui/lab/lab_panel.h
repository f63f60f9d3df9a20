// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lab/balancer_choice.h"
#include "ui/lab/lane_choice.h"
#include "ui/lab/network_panel.h"
#include "ui/lab/server_choice.h"

#include <QWidget>

#include <map>

class QGridLayout;
class QLabel;
class QPushButton;
class QUrl;

namespace stickyscope {

struct Snapshot;
class Browser;
class CountsWindow;

namespace lab {
struct Lab;
struct LaneAddress;
} // namespace lab

/// Real: what runs on this computer and where, with a line for the terminal and a page for the
/// browser for each lane, and the button that ends it all.
class LabPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LabPanel(QWidget* parent);

    /// Our own balancer, or so many of them, do as these products do.
    void setOurs(const QString& products, int balancers)
    {
        m_balancer->setOurs(products, balancers);
    }
    /// Why no product's own program can balance what is to run; empty where one can.
    void setPrograms(const QString& whyNot) { m_balancer->setPrograms(whyNot); }
    /// The program that is to balance; nothing where our own balancer is.
    std::optional<BalancerChoice::Program> program() const { return m_balancer->program(); }
    /// The addresses of somebody's own servers; nothing where servers are started here.
    std::optional<std::string> ownServers() const { return m_servers->addresses(); }
    /// What is to stand side by side.
    const LaneChoice& lanes() const { return *m_choice; }
    /// The scenario's settings, to choose from.
    void setLanes(const std::vector<LaneSpec>& lanes) { m_choice->setLanes(lanes); }
    /// Where balancers have listened, by lane: lines in terminals outlive a stop.
    const std::map<std::string, std::uint16_t>& ports() const { return m_ports; }
    /// What is on its way, and what of the model it will not do.
    void showStarting(const QString& what, const QStringList& differences);
    /// What was started, in words; the lab; what of the model it does not do beside what
    /// showStarting() said.
    /// What terminals are to ask for; "/hostname" unless told.
    void setPath(const QString& path) { m_path = path; }
    void showRunning(const QString& what, const lab::Lab& lab, const QStringList& differences);
    /// It has ended, or could not begin: one line that says why.
    void showStopped(const QString& why);
    /// What was asked for cannot be: one line that says why. What runs goes on, and stays chosen.
    void showRefused(const QString& why);
    bool running() const { return m_running; }
    /// What is shown beside the lanes: who has come, and who counted what, where somebody looks.
    void setSnapshot(const Snapshot& snapshot);

signals:
    void startAsked();
    void stopAsked();

private:
    void addDifferences(const QStringList& differences);
    void addLane(const lab::LaneAddress& of, const LaneSpec& lane);
    void sayNoBrowser(const QUrl& address);
    QString meaningOf(const LaneSpec& lane) const;
    QString settingOf(const LaneSpec& lane) const;

    QLabel* m_state;
    LaneChoice* m_choice;
    ServerChoice* m_servers;
    BalancerChoice* m_balancer;
    QLabel* m_differences;
    QPushButton* m_compare;
    QPushButton* m_start;
    QPushButton* m_stop;
    QWidget* m_lanes; ///< made anew with each start
    QLabel* m_noBrowser; ///< the address, where no browser could be opened
    Browser* m_browser;
    NetworkPanel* m_network;
    QGridLayout* m_grid = nullptr;
    CountsWindow* m_counts;
    std::map<std::string, std::uint16_t> m_ports;
    /// Of what runs.
    struct Chosen
    {
        int lanes = 0;
        int balancer = 0;
    };
    Chosen m_chosen;
    QString m_path;
    bool m_running = false;
};

/// The line for a terminal that asks once a second, with the jar of this name; empty: with none.
/// `address`: with its path.
QString curlLineFor(const QString& address, const QString& jar);

} // namespace stickyscope
