// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/balance_orders.h"

#include "app/cli/balance_options.h"
#include "app/cli/console.h"
#include "app/cli/request_lines.h"
#include "sim/export/safe_text.h"
#include "sim/http/secrets.h"
#include "sim/http/url.h"

#include <array>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace stickyscope::cli {

BalanceOrders::BalanceOrders(lab::BalancerProxy& proxy, std::vector<std::string> permitted,
                             bool asJson)
    : m_proxy(proxy)
    , m_permitted(std::move(permitted))
    , m_asJson(asJson)
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
            print(m_asJson ? jsonLine({{"done", line}}) : "done: " + line + "\n");
        else
            complain(wrong);
    }
    if (m_unread.size() > longest)
        m_unread.clear();
}

// None of its words is said as it came: it may hold a secret.
std::string BalanceOrders::add(const std::string& name, ReplicaIndex known,
                               const std::string& address)
{
    if (name.empty() || address.empty())
        return "add NAME http://HOST:PORT needs a name and an address";
    try {
        plainName(name);
    } catch (const ExportError&) {
        return "a server's name is of letters, digits, '.', '_' and '-', and does not begin with "
               "'-': it ends in cookies";
    }
    if (known != noReplica)
        return "there is a server '" + name + "' already";
    const auto url = serverAt(address);
    if (!url)
        return "add NAME http://HOST:PORT needs such an address, not '"
            + http::wrongWithoutSecrets(address) + "'";
    if (!isPermitted(url->host, m_permitted))
        return notThisMachine(url->host, "use");
    m_proxy.add({{.name = name, .url = "http://" + url->authority()}});
    return {};
}

std::string BalanceOrders::obey(const std::string& line)
{
    std::istringstream words(line);
    std::string order;
    std::string name;
    std::string address;
    std::string more;
    words >> order >> name >> address;
    const ReplicaSet& servers = m_proxy.dispatcher().replicas();
    ReplicaIndex server = noReplica;
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (servers[static_cast<ReplicaIndex>(index)].name == name)
            server = static_cast<ReplicaIndex>(index);
    }
    if (order == "add" && !(words >> more))
        return add(name, server, address);
    if (order == "add")
        return "add NAME http://HOST:PORT is a name and an address, and no more";
    if (order != "drain" && order != "stop" && order != "ready")
        return "an order must be drain, stop, ready or add, not '"
            + http::wrongWithoutSecrets(order) + "'";
    if (!address.empty())
        return order + " NAME is one server's name, and no more";
    if (server == noReplica)
        return "there is no server '" + http::wrongWithoutSecrets(name) + "'";
    if (order != "stop")
        m_proxy.setDraining(server, order == "drain");
    if (order != "drain")
        m_proxy.setMaintenance(server, order == "stop");
    return {};
}

} // namespace stickyscope::cli
