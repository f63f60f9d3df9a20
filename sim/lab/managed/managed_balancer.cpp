// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/managed_balancer.h"

#include "sim/export/export_scenario.h"
#include "sim/export/safe_text.h"
#include "sim/products/product.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QRandomGenerator>
#include <QTcpServer>
#include <QTimer>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

constexpr int settleMilliseconds = 10'000;
constexpr int lookMilliseconds = 20;
constexpr int mostTries = 3; // somebody else may take a port that was free

constexpr std::array table {&managedHaproxy, &managedNginx, &managedTraefik,
                            &managedEnvoy,   &managedCaddy, &managedApache};

// Above those that the kernel gives to connections, unless it is told otherwise
// (ip_local_port_range): else a connection may take it before the program listens.
constexpr std::uint16_t firstPort = 61'000;

std::uint16_t freePort()
{
    QTcpServer server;
    for (int tries = 0; tries < 100; ++tries) {
        const auto port = static_cast<std::uint16_t>(
            QRandomGenerator::system()->bounded(int {firstPort}, 65'536));
        if (server.listen(QHostAddress::LocalHost, port))
            return port;
    }
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : std::uint16_t {0};
}

void waitAMoment()
{
    QEventLoop loop;
    QTimer::singleShot(lookMilliseconds, &loop, &QEventLoop::quit);
    loop.exec();
}

} // namespace

std::span<const ManagedProduct* const> managedProducts()
{
    return table;
}

const ManagedProduct* findManagedProduct(std::string_view product)
{
    const auto* found =
        std::find_if(table.begin(), table.end(),
                     [product](const ManagedProduct* row) { return row->product == product; });
    return found == table.end() ? nullptr : *found;
}

ManagedBalancer::ManagedBalancer(const ManagedProduct& product,
                                 std::unique_ptr<PrivateFolder> folder, const Scenario& scenario,
                                 const std::string& program, const ExportSite& site,
                                 std::function<bool()> stopAsked)
    : m_product(&product)
    , m_folder(std::move(folder))
    , m_run {.folder = m_folder->path(), .program = program, .site = site, .scenario = scenario}
    , m_stopAsked(std::move(stopAsked))
{
}

ManagedBalancer::~ManagedBalancer()
{
    m_run.processes.clear();
}

Outcome<std::unique_ptr<ManagedBalancer>>
ManagedBalancer::start(const Scenario& scenario, const std::string& program, const ExportSite& site,
                       const std::function<bool()>& stopAsked)
{
    using Started = Outcome<std::unique_ptr<ManagedBalancer>>;
    const ManagedProduct* product = findManagedProduct(scenario.balancer.product);
    if (!product)
        return Started::failure("there is no program to run for " + scenario.balancer.product);
    const std::string path = findProgram(product->program, program);
    if (path.empty())
        return Started::failure(program.empty() ? std::string(product->program)
                                        + " is not on the PATH: " + std::string(product->whereToGet)
                                        + " brings it"
                                                : program + " is no program that can be run");
    PrivateFolder::sweep();
    std::string error;
    for (int tries = 0; tries < mostTries; ++tries) {
        auto folder = PrivateFolder::make();
        if (!folder)
            return Started::failure(folder.error());
        ExportSite place = site;
        place.port = site.port == 0 ? freePort() : site.port;
        place.adminPort = freePort();
        std::unique_ptr<ManagedBalancer> balancer(
            new ManagedBalancer(*product, std::move(*folder), scenario, path, place, stopAsked));
        error = balancer->writeFiles();
        if (!error.empty())
            return Started::failure(error);
        ManagedRun& run = balancer->m_run;
        run.processes.push_back(std::make_unique<ManagedProcess>(path, product->arguments(run),
                                                                 run.folder, product->lastSignal));
        error = run.processes.back()->start();
        if (!error.empty())
            return Started::failure(error);
        balancer->m_folder->remember(run.processes.back()->id());
        error = balancer->waitUntilSettled();
        if (error.empty()) {
            balancer->m_folder->rememberMemory(run.processes.back()->id());
            return balancer;
        }
        if (stopAsked())
            break;
    }
    return Started::failure(error);
}

std::string ManagedBalancer::order(std::string_view server, ServerOrder order)
{
    const auto& replicas = m_run.scenario.replicas;
    const auto found = std::find_if(replicas.begin(), replicas.end(),
                                    [&](const ReplicaSpec& one) { return one.name == server; });
    if (found == replicas.end())
        return "there is no server " + std::string(server);
    if (order == ServerOrder::drain && !m_product->drains)
        return std::string(findProduct(m_product->product)->title)
            + " cannot drain a server: it is there or not";
    const std::vector<ServerOrder> before = m_run.site.orders;
    m_run.site.orders.resize(replicas.size(), ServerOrder::ready);
    m_run.site.orders[static_cast<std::size_t>(found - replicas.begin())] = order;
    std::string error = change(0);
    if (!error.empty())
        m_run.site.orders = before;
    return error;
}

std::string ManagedBalancer::add(const ReplicaSpec& server)
{
    try {
        plainName(server.name);
        plainAddress(server.address);
    } catch (const ExportError& error) {
        return error.text;
    }
    auto& replicas = m_run.scenario.replicas;
    for (const ReplicaSpec& one : replicas) {
        if (one.name == server.name || one.address == server.address)
            return "there is a server " + one.name + " at " + one.address + " already";
    }
    m_run.site.orders.resize(replicas.size(), ServerOrder::ready);
    replicas.push_back(server);
    std::string error = change(1);
    if (!error.empty())
        replicas.pop_back();
    return error;
}

std::string ManagedBalancer::change(std::size_t added)
{
    ++m_run.site.version;
    if (std::string error = writeFiles(); !error.empty())
        return error;
    const std::size_t before = m_run.processes.size();
    if (std::string error = m_product->apply(m_run, added); !error.empty())
        return error;
    if (std::string error = waitUntilSettled(); !error.empty())
        return error;
    if (m_run.processes.size() == before)
        return {};
    // A new process has to be told what the one before it knew.
    m_folder->remember(m_run.processes.back()->id());
    m_folder->rememberMemory(m_run.processes.back()->id());
    return m_product->apply(m_run, 0);
}

std::string ManagedBalancer::writeFiles()
{
    const auto exported = exportScenario(m_run.scenario, m_run.scenario.balancer,
                                         *findExportTarget(m_product->format), m_run.site);
    if (!exported)
        return exported.error();
    m_news = exported->notes;
    std::erase_if(m_news, [this](const std::string& note) {
        return std::find(m_notes.begin(), m_notes.end(), note) != m_notes.end();
    });
    m_notes = exported->notes;
    for (const ExportedFile& file : exported->files) {
        if (std::string error = m_folder->write(file.name, file.text); !error.empty())
            return error;
    }
    return {};
}

// Another version may say other things, and another program at its port anything.
bool ManagedBalancer::settled() const
{
    try {
        return m_product->settled(m_run);
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

Outcome<std::vector<ServerCount>> ManagedBalancer::counts() const
{
    try {
        return m_product->counts(m_run);
    } catch (const nlohmann::json::exception&) {
        return Outcome<std::vector<ServerCount>>::failure(
            std::string(m_product->program) + " counts in another form than is known here");
    }
}

std::string ManagedBalancer::waitUntilSettled() const
{
    QElapsedTimer clock;
    clock.start();
    while (!settled()) {
        if (m_stopAsked())
            return std::string(m_product->program) + " was told to end before it was ready";
        const bool ended = !running();
        if (!ended && clock.elapsed() < settleMilliseconds) {
            waitAMoment();
            continue;
        }
        return std::string(m_product->program)
            + (ended ? " ended by itself" : " does not get ready") + "; " + lastWords();
    }
    return {};
}

} // namespace stickyscope::lab
