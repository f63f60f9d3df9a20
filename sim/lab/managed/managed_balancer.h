// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/managed/managed_product.h"
#include "sim/lab/managed/private_folder.h"

#include <functional>
#include <memory>
#include <string>

namespace stickyscope::lab {

/// A real balancer that runs with the configuration of a scenario, as long as this object lives.
/// Its functions wait until what they ask for is so, with an event loop of their own, at most ten
/// seconds; its process ends with us, however we end. Its process
/// ends also with the thread that started it, on which all of this is to be called.
class ManagedBalancer
{
public:
    /// `scenario.balancer` is a product's that is in managedProducts(), and every replica has an
    /// address. `program` is looked for on the PATH where empty. A `site` with port 0 gets a free
    /// one; the administration's is always a free one. What waits for the program, now and later,
    /// gives up where `stopAsked`, which is called on the thread that waits.
    static Outcome<std::unique_ptr<ManagedBalancer>> start(const Scenario& scenario,
                                                           const std::string& program,
                                                           const ExportSite& site,
                                                           const std::function<bool()>& stopAsked);
    ManagedBalancer(const ManagedBalancer&) = delete;
    ManagedBalancer& operator=(const ManagedBalancer&) = delete;
    ~ManagedBalancer();

    std::uint16_t port() const { return m_run.site.port; }
    const std::filesystem::path& folder() const { return m_run.folder; }
    bool running() const { return !m_run.processes.empty() && m_run.processes.back()->running(); }
    /// Whether it can be told to give a server bound requests only.
    bool drains() const { return m_product->drains; }
    /// What its configuration cannot say of the scenario, one line each.
    const std::vector<std::string>& notes() const { return m_notes; }
    /// Those that came with the last change.
    const std::vector<std::string>& news() const { return m_news; }
    std::string lastWords() const { return m_run.processes.back()->lastWords(); }

    // Each is empty, or says what went wrong; then nothing has changed.
    std::string order(std::string_view server, ServerOrder order);
    std::string add(const ReplicaSpec& server);
    Outcome<std::vector<ServerCount>> counts() const;

private:
    ManagedBalancer(const ManagedProduct& product, std::unique_ptr<PrivateFolder> folder,
                    const Scenario& scenario, const std::string& program, const ExportSite& site,
                    std::function<bool()> stopAsked);
    std::string writeFiles();
    std::string change(std::size_t added);
    std::string waitUntilSettled() const;
    bool settled() const;

    const ManagedProduct* m_product;
    std::unique_ptr<PrivateFolder> m_folder; ///< goes after the processes in it
    ManagedRun m_run;
    std::function<bool()> m_stopAsked;
    std::vector<std::string> m_notes;
    std::vector<std::string> m_news;
};

} // namespace stickyscope::lab
