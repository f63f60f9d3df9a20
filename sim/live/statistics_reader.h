// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/target.h"
#include "sim/model/outcome.h"

#include <QObject>

#include <memory>
#include <string>
#include <string_view>

namespace stickyscope::live {

/// Where a balancer has its statistics: a page, or HAProxy's socket, which is a file.
struct StatisticsSource
{
    Target page;
    std::string socket; ///< a path; else empty
};

/// An http address on this machine or at the service's host, to be asked by GET; or the path of
/// HAProxy's socket, as in its `stats socket`. One line where it is none of these.
Outcome<StatisticsSource> statisticsSource(std::string_view address, const Target& service);

/// Reads a balancer's statistics, once for each read() that comes when the one before is over.
/// Lives on the wire thread.
class StatisticsReader : public QObject
{
    Q_OBJECT

public:
    static std::unique_ptr<StatisticsReader> from(const StatisticsSource& source);

    virtual void read() = 0;

signals:
    /// What they say, or in one line why they could not be read.
    void finished(const stickyscope::Outcome<std::string>& text);
};

} // namespace stickyscope::live
