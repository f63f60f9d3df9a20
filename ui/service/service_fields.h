// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_plan.h"
#include "sim/model/outcome.h"

#include <QTabWidget>

namespace stickyscope {

class CurlFields;
class SocketFields;
class WatchFields;

/// What there is to say about a service beside its address: request, connection, who answers,
/// WebSockets. All of it together is a plan.
class ServiceFields : public QTabWidget
{
    Q_OBJECT

public:
    explicit ServiceFields(QWidget* parent);

    /// Whether this is a curl line, not an address.
    static bool isCurlLine(const QString& text);
    /// Spreads a curl line over the fields, so that one sees what was understood, and returns its
    /// address. One line where it is not understood.
    Outcome<QString> takeCurlLine(const QString& line);
    /// Reads address and fields. One line where something in them is wrong.
    Outcome<live::LivePlan> planFor(const QString& text) const;
    WatchFields& watch() { return *m_watch; }

private:
    CurlFields* m_request;
    CurlFields* m_connection;
    WatchFields* m_watch;
    SocketFields* m_socket;
};

} // namespace stickyscope
