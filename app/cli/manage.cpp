// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/site_options.h"
#include "app/cli/verbs.h"
#include "sim/export/export_scenario.h"
#include "sim/http/url.h"
#include "sim/lab/managed/managed_balancer.h"
#include "sim/products/product.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <array>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace stickyscope::cli {

namespace {

constexpr const char* commands =
    "drain SERVER, stop SERVER, start SERVER, add SERVER HOST:PORT, counts, quit";

std::string knownBalancers()
{
    std::string text;
    for (const lab::ManagedProduct* product : lab::managedProducts())
        text.append(text.empty() ? "" : ", ").append(product->product);
    return text;
}

void printCounts(const lab::ManagedBalancer& balancer)
{
    const auto counts = balancer.counts();
    if (!counts) {
        complain(counts.error());
        return;
    }
    for (const lab::ServerCount& count : *counts)
        print(count.name + ": " + std::to_string(count.requests) + " requests"
              + (count.state.empty() ? "" : ", " + count.state) + "\n");
}

// Why nobody may send anything there; empty: it is this machine, or somebody said he may.
std::string whyNot(const std::string& address, const std::vector<std::string>& permitted)
{
    const auto url = http::parseUrl("http://" + address);
    return !url || isPermitted(url->host, permitted) ? std::string()
                                                     : notThisMachine(url->host, "use");
}

std::string add(lab::ManagedBalancer& balancer, const std::vector<std::string>& permitted,
                const ReplicaSpec& server)
{
    const std::string why = whyNot(server.address, permitted);
    return why.empty() ? balancer.add(server) : why;
}

// One line of standard input. False where it asks for the end.
bool obey(lab::ManagedBalancer& balancer, const std::vector<std::string>& permitted,
          const std::string& line)
{
    std::istringstream words(line);
    std::string word;
    std::string server;
    std::string address;
    std::string more;
    words >> word >> server >> address >> more;
    const bool alone = server.empty();
    const bool one = !alone && address.empty();
    std::string error;
    if (word.empty())
        return true;
    if (word == "quit" && alone)
        return false;
    if (word == "counts" && alone) {
        printCounts(balancer);
        return true;
    }
    if (word == "drain" && one)
        error = balancer.order(server, ServerOrder::drain);
    else if (word == "stop" && one)
        error = balancer.order(server, ServerOrder::stop);
    else if (word == "start" && one)
        error = balancer.order(server, ServerOrder::ready);
    else if (word == "add" && !address.empty() && more.empty())
        error = add(balancer, permitted, {.name = server, .address = address});
    else
        error = std::string("a line must be one of: ") + commands;
    if (!error.empty()) {
        complain(error);
        return true;
    }
    print("done: " + line + "\n");
    for (const std::string& note : balancer.news())
        complain("not as in the scenario: " + note);
    return true;
}

// Lines of standard input as they come, while the event loop runs.
class Commands
{
public:
    Commands(lab::ManagedBalancer& balancer, std::vector<std::string> permitted)
        : m_balancer(&balancer)
        , m_permitted(std::move(permitted))
        , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
    {
        QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { read(); });
    }

private:
    void read()
    {
        std::array<char, 4096> part {};
        const auto count = ::read(STDIN_FILENO, part.data(), part.size());
        if (count <= 0) {
            m_notifier.setEnabled(false);
            return;
        }
        m_text.append(part.data(), static_cast<std::size_t>(count));
        // A command waits in an event loop of its own: none begins meanwhile.
        m_notifier.setEnabled(false);
        for (auto end = m_text.find('\n'); end != std::string::npos; end = m_text.find('\n')) {
            const std::string line = m_text.substr(0, end);
            m_text.erase(0, end + 1);
            if (!obey(*m_balancer, m_permitted, line))
                QCoreApplication::quit();
        }
        m_notifier.setEnabled(true);
    }

    lab::ManagedBalancer* m_balancer;
    std::vector<std::string> m_permitted;
    QSocketNotifier m_notifier;
    std::string m_text;
};

// Those that the balancer places on; all, where it names none.
void keepOwnServers(Scenario& scenario)
{
    auto& own = scenario.balancer.servers;
    std::erase_if(scenario.replicas, [&own](const ReplicaSpec& replica) {
        return !own.empty() && std::find(own.begin(), own.end(), replica.name) == own.end();
    });
    own.clear();
}

struct ManageOptions
{
    std::string file;
    std::string balancer;
    std::string program;
    std::string lane;
    std::string listen = "127.0.0.1:0";
    std::vector<std::string> permitted; ///< hosts beyond this machine
    ExportSite site;
};

int run(const ManageOptions& options, const Scenario& scenario)
{
    // Whoever ends it, however early, leaves nothing behind.
    watchForInterrupt();
    auto started =
        lab::ManagedBalancer::start(scenario, options.program, options.site, interrupted);
    if (!started && interrupted())
        return done;
    if (!started) {
        complain(started.error());
        return wrongUse;
    }
    lab::ManagedBalancer& balancer = **started;
    print(std::string(findProduct(scenario.balancer.product)->title) + " listens on http://"
          + options.site.listen + ":" + std::to_string(balancer.port()) + "/; its files are in "
          + balancer.folder().string() + "\n");
    int status = done;
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &watch, [&] {
        if (interrupted())
            QCoreApplication::quit();
        if (!balancer.running()) {
            complain("it ended by itself; " + balancer.lastWords());
            status = notMet;
            QCoreApplication::quit();
        }
    });
    watch.start(100);
    const Commands reading(balancer, options.permitted);
    QCoreApplication::exec();
    return status;
}

} // namespace

int manageBalancer(int argc, char** argv)
{
    ManageOptions options;
    CLI::App app(std::string("Run a real balancer with a scenario's configuration until Ctrl-C. "
                             "Lines of standard input change it: ")
                     + commands,
                 "stickyscope manage");
    app.add_option("FILE", options.file, "The scenario, whose replicas have addresses")->required();
    app.add_option("--balancer", options.balancer,
                   "Which: " + knownBalancers() + "; without it, the scenario's own");
    app.add_option("--program", options.program, "Where its program is; without it, on the PATH");
    app.add_option("--lane", options.lane, "The balancer as it is in this lane");
    app.add_option("--listen", options.listen,
                   "Where it listens; 0 takes a free port (127.0.0.1:0)");
    bool open = false;
    app.add_flag("--open-to-network", open, "Allow --listen where other machines can connect");
    app.add_option("--health-path", options.site.healthPath, "What its checks ask for (/)");
    app.add_option("--i-may-test", options.permitted,
                   "A server's host beyond this machine that you may use");
    if (const auto status = parse(app, argc, argv))
        return *status;
    const auto refuse = [](const std::string& sentence) {
        complain(sentence);
        return wrongUse;
    };
    if (!readListen(options.listen, 0, options.site))
        return refuse("--listen must be an address in numbers and a port, such as 127.0.0.1:0, not "
                      + options.listen);
    if (!open && !QHostAddress(QString::fromStdString(options.site.listen)).isLoopback()) {
        complain(options.listen
                 + " lets other machines in; say --open-to-network if that is meant");
        return unsafe;
    }
    const auto file = loadScenario(options.file);
    if (!file)
        return refuse(file.error());
    auto scenario = ofLane(*file, options.lane);
    if (!scenario)
        return refuse(scenario.error());
    const std::string wanted =
        options.balancer.empty() ? scenario->balancer.product : options.balancer;
    const lab::ManagedProduct* managed = lab::findManagedProduct(wanted);
    if (!managed)
        return refuse("--balancer must be one of " + knownBalancers() + ", not " + wanted);
    for (const ReplicaSpec& replica : scenario->replicas) {
        if (replica.address.empty())
            return refuse("the scenario gives no address of " + replica.name
                          + ": a real balancer needs one, such as 127.0.0.1:8001");
        if (const std::string why = whyNot(replica.address, options.permitted); !why.empty()) {
            complain(why);
            return unsafe;
        }
    }
    const auto exported = exportScenario(*scenario, scenario->balancer,
                                         *findExportTarget(managed->format), options.site);
    if (!exported)
        return refuse(exported.error());
    for (const std::string& note : exported->notes)
        complain("not as in the scenario: " + note);
    translate(scenario->balancer, *findProduct(wanted));
    keepOwnServers(*scenario);
    QCoreApplication application(argc, argv);
    return run(options, *scenario);
}

} // namespace stickyscope::cli
