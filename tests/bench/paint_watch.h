// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QEvent>
#include <QObject>

#include <algorithm>
#include <vector>

namespace stickyscope::bench {

/// The moments at which a widget is painted.
class PaintWatch : public QObject
{
public:
    PaintWatch() { m_clock.start(); }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            m_times.push_back(m_clock.nsecsElapsed());
        return QObject::eventFilter(watched, event);
    }

    std::size_t frames() const { return m_times.size(); }
    /// The gap in milliseconds that 99 % of the gaps are below; 0 with fewer than two frames.
    double longGap() const
    {
        std::vector<double> gaps;
        for (std::size_t place = 1; place < m_times.size(); ++place)
            gaps.push_back(static_cast<double>(m_times[place] - m_times[place - 1]) / 1e6);
        std::sort(gaps.begin(), gaps.end());
        return gaps.empty() ? 0 : gaps[gaps.size() * 99 / 100];
    }

private:
    QElapsedTimer m_clock;
    std::vector<qint64> m_times;
};

} // namespace stickyscope::bench
