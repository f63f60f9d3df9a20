// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/balancer_proxy.h"

#include <QSocketNotifier>

#include <string>
#include <vector>

namespace stickyscope::cli {

/// Orders to a running balancer, a line each on standard input: "drain NAME", "stop NAME" (no
/// request goes there), "ready NAME" (as before both), "add NAME http://HOST:PORT".
class BalanceOrders
{
public:
    /// Servers may be at the permitted hosts, beside this machine; what is done is said `asJson`,
    /// or in words.
    BalanceOrders(lab::BalancerProxy& proxy, std::vector<std::string> permitted, bool asJson);

    /// What is wrong with the order, in one line, or nothing.
    std::string obey(const std::string& line);

private:
    void read();
    std::string add(const std::string& name, ReplicaIndex known, const std::string& address);

    lab::BalancerProxy& m_proxy;
    std::vector<std::string> m_permitted;
    bool m_asJson;
    QSocketNotifier m_input;
    std::string m_unread;
};

} // namespace stickyscope::cli
