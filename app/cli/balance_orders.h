// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"

#include <QSocketNotifier>

#include <string>

namespace stickyscope::cli {

/// Orders to a running balancer, a line each on standard input: "drain NAME", "stop NAME" (no
/// request goes there), "ready NAME" (as before both), "add NAME http://HOST:PORT".
class BalanceOrders
{
public:
    explicit BalanceOrders(lab::BalancerProxy& proxy);

    /// What is wrong with the order, in one line, or nothing.
    std::string obey(const std::string& line);

private:
    void read();

    lab::BalancerProxy& m_proxy;
    QSocketNotifier m_input;
    std::string m_unread;
};

} // namespace stickyscope::cli
