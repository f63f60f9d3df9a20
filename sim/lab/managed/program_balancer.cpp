// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/program_balancer.h"

#include <utility>

namespace stickyscope::lab {

ProgramBalancer::ProgramBalancer(ManagedThread& thread, ManagedBalancer& balancer,
                                 std::vector<std::string> servers,
                                 std::function<void(const std::string&)> troubled)
    : m_thread(thread)
    , m_balancer(balancer)
    , m_servers(std::move(servers))
    , m_troubled(std::move(troubled))
    , m_port(balancer.port())
{
}

void ProgramBalancer::tell(std::function<std::string(ManagedBalancer&)> what)
{
    m_thread.post([&balancer = m_balancer, troubled = m_troubled, what = std::move(what)] {
        std::string words = what(balancer);
        if (words.empty()) {
            for (const std::string& note : balancer.news())
                words.append(words.empty() ? "" : "; ").append(note);
        }
        if (!words.empty())
            troubled(words);
    });
}

// What cannot drain servers takes them out of its configuration, as in the model.
void ProgramBalancer::setDraining(ReplicaIndex replica, bool draining)
{
    tell([server = m_servers[raw(replica)], draining](ManagedBalancer& balancer) {
        const ServerOrder leaves = balancer.drains() ? ServerOrder::drain : ServerOrder::stop;
        return balancer.order(server, draining ? leaves : ServerOrder::ready);
    });
}

void ProgramBalancer::setThere(ReplicaIndex replica, bool there)
{
    tell([server = m_servers[raw(replica)], there](ManagedBalancer& balancer) {
        return balancer.order(server, there ? ServerOrder::ready : ServerOrder::stop);
    });
}

ReplicaIndex ProgramBalancer::add(const Backend& backend)
{
    m_servers.push_back(backend.view.name);
    ReplicaSpec server {.name = backend.view.name,
                        .address = std::string(backend.view.address()),
                        .weight = backend.view.weight};
    server.route = backend.view.route;
    server.backup = backend.view.backup;
    server.spare = backend.view.spare;
    server.redirect = backend.view.redirect;
    tell([server](ManagedBalancer& balancer) { return balancer.add(server); });
    return static_cast<ReplicaIndex>(m_servers.size() - 1);
}

Outcome<std::uint16_t> ProgramBalancer::openToNetwork(const QHostAddress&)
{
    return Outcome<std::uint16_t>::failure(
        "a product's own program listens on this computer alone; our balancer can be opened");
}

} // namespace stickyscope::lab
