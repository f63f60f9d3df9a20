// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lab_balancer.h"
#include "sim/lab/managed/managed_balancer.h"
#include "sim/lab/managed/managed_thread.h"

#include <functional>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// A real product's program as the balancer of a lane. It is told on its own thread, while the
/// lane goes on.
class ProgramBalancer final : public LabBalancer
{
public:
    /// `servers`: the names of those that it has been started with. Thread and balancer outlive
    /// this. `troubled` is called on that thread with one line where it would not obey, or not
    /// quite as the model would.
    ProgramBalancer(ManagedThread& thread, ManagedBalancer& balancer,
                    std::vector<std::string> servers,
                    std::function<void(const std::string&)> troubled);

    std::uint16_t port() const override { return m_port; }
    void setDraining(ReplicaIndex replica, bool draining) override;
    void setThere(ReplicaIndex replica, bool there) override;
    void remove(ReplicaIndex replica) override { setThere(replica, false); }
    ReplicaIndex add(const Backend& backend) override;
    /// It listens on loopback alone, as it was configured.
    Outcome<std::uint16_t> openToNetwork(const QHostAddress& address) override;
    void closeNetwork() override { }

private:
    void tell(std::function<std::string(ManagedBalancer&)> what);

    ManagedThread& m_thread;
    ManagedBalancer& m_balancer; ///< of the thread alone
    std::vector<std::string> m_servers;
    std::function<void(const std::string&)> m_troubled;
    std::uint16_t m_port;
};

} // namespace stickyscope::lab
