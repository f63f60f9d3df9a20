// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/balancer_statistics.h"
#include "sim/live/statistics_reader.h"
#include "sim/model/reconciliation.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace stickyscope::live {

/// A balancer's statistics while somebody asks its service: read once a second, and compared with
/// what the clients were answered since the first reading. Lives on the wire thread.
class StatisticsPoll final : public QObject
{
    Q_OBJECT

public:
    /// `published` gets each comparison.
    StatisticsPoll(const StatisticsSource& source,
                   std::function<void(const Reconciliation&)> published, QObject* parent);

    /// A client of any lane was answered by this replica; an empty name: nobody knows by which.
    void answered(const std::string& replica);
    /// Reads now, if no reading is under way.
    void read();
    /// Readings that have ended, well or not.
    int readings() const { return m_readings; }

signals:
    /// The first reading has ended, well or not: what comes from now on is compared.
    void begun();

private:
    void take(const Outcome<std::string>& text);
    void compare(const Outcome<std::string>& text);
    Reconciliation compared(const BalancerStatistics& now) const;

    std::function<void(const Reconciliation&)> m_published;
    std::unique_ptr<StatisticsReader> m_reader;
    QTimer m_beat;
    std::map<std::string, std::uint64_t> m_answered; ///< by replica, as clients know it
    std::optional<BalancerStatistics> m_first;
    int m_readings = 0;
    bool m_busy = false;
};

} // namespace stickyscope::live
