// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/balance_orders.h"

#include "app/cli/console.h"
#include "sim/http/url.h"
#include "sim/live/target_class.h"

#include <array>
#include <sstream>
#include <unistd.h>

namespace stickyscope::cli {

BalanceOrders::BalanceOrders(lab::BalancerProxy& proxy)
    : m_proxy(proxy)
    , m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    QObject::connect(&m_input, &QSocketNotifier::activated, &m_input, [this] { read(); });
}

void BalanceOrders::read()
{
    constexpr std::size_t longest = 4096;
    std::array<char, longest> room {};
    const auto count = ::read(STDIN_FILENO, room.data(), room.size());
    if (count > 0)
        m_unread.append(room.data(), static_cast<std::size_t>(count));
    else
        m_input.setEnabled(false); // whoever gave orders has gone; the balancer stays
    for (auto end = m_unread.find('\n'); end != std::string::npos; end = m_unread.find('\n')) {
        const std::string line = m_unread.substr(0, end);
        m_unread.erase(0, end + 1);
        const std::string wrong = obey(line);
        if (wrong.empty())
            print("done: " + line + "\n");
        else
            complain(wrong);
    }
    if (m_unread.size() > longest)
        m_unread.clear();
}

std::string BalanceOrders::obey(const std::string& line)
{
    std::istringstream words(line);
    std::string order;
    std::string name;
    std::string address;
    words >> order >> name >> address;
    const ReplicaSet& servers = m_proxy.dispatcher().replicas();
    ReplicaIndex server = noReplica;
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (servers[static_cast<ReplicaIndex>(index)].name == name)
            server = static_cast<ReplicaIndex>(index);
    }
    if (order == "add") {
        const auto url = http::parseUrl(address);
        if (name.empty() || server != noReplica || !url || url->scheme != "http")
            return "add NAME http://HOST:PORT needs a new name and an address, not '" + line + "'";
        if (!live::namesThisMachine(url->host))
            return url->host + " is not this machine";
        m_proxy.add({{.name = name, .url = "http://" + url->authority()}});
        return {};
    }
    if (order != "drain" && order != "stop" && order != "ready")
        return "an order must be drain, stop, ready or add, not '" + order + "'";
    if (server == noReplica)
        return "there is no server '" + name + "'";
    if (order != "stop")
        m_proxy.setDraining(server, order == "drain");
    if (order != "drain")
        m_proxy.setMaintenance(server, order == "stop");
    return {};
}

} // namespace stickyscope::cli
