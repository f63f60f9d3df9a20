// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/balance_options.h"
#include "app/cli/balance_orders.h"
#include "app/cli/console.h"
#include "app/cli/limit_options.h"
#include "app/cli/parse.h"
#include "app/cli/request_lines.h"
#include "app/cli/verbs.h"
#include "sim/lab/network_addresses.h"
#include "sim/lab/open_files.h"
#include "sim/record/secret_mask.h"
#include "sim/wire/epoll_event_loop.h"

#include <QCoreApplication>
#include <QTimer>

#include <nlohmann/json.hpp>
#include <optional>

namespace stickyscope::cli {

namespace {

struct Manner
{
    std::string certificate;
    std::string key;
    bool json = false;
    bool quiet = false;
    bool orders = false;
};

int serve(const BalancePlan& plan, const Manner& manner)
{
    const auto& [certificate, key, json, quiet, takesOrders] = manner;
    lab::BalancerProxy proxy(plan.settings, plan.backends, nullptr);
    const auto nameIt = [&proxy](ReplicaIndex replica) {
        return replica == noReplica ? std::string() : proxy.dispatcher().replicas()[replica].name;
    };
    std::string error = certificate.empty() ? std::string() : proxy.useTls(certificate, key);
    if (error.empty())
        error = plan.bothLoopbacks ? proxy.listenOnLoopback(plan.port)
                                   : proxy.listen(plan.address, plan.port);
    if (!error.empty()) {
        complain(error);
        return wrongUse;
    }
    const PrintsBeside beside(json ? PrintsBeside::Form::json : PrintsBeside::Form::text);
    const record::SecretMask mask({std::string(proxy.dispatcher().cookieName())});
    if (!quiet)
        proxy.setLog([&, asJson = manner.json](const lab::ProxyRecord& record) {
            const std::string target = mask.address(record.target);
            const std::string replica = nameIt(record.replica);
            print(asJson ? jsonLine(jsonOf(record, target, replica))
                         : lineOf(record, target, replica) + "\n");
        });
    if (!quiet)
        proxy.setNoticed(
            [&, asJson = manner.json](ReplicaIndex replica, bool up, const std::string& /*why*/) {
                print(asJson ? jsonLine({{"server", nameIt(replica)}, {"up", up}})
                             : nameIt(replica) + (up ? " is up again\n" : " is down\n"));
            });
    const std::string where = lab::writtenUrl(plan.address, proxy.port(), !certificate.empty());
    print(json ? nlohmann::ordered_json {{"balancer", where}}.dump() + "\n"
               : "balancer listens on " + where + "/\n");
    std::optional<BalanceOrders> orders;
    if (takesOrders)
        orders.emplace(proxy, plan.permitted, json);
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &proxy, [] {
        if (interrupted())
            QCoreApplication::quit();
    });
    watch.start(100);
    QCoreApplication::exec();
    proxy.stop();
    return done;
}

} // namespace

int serveBalancer(int argc, char** argv)
{
    BalanceOptions options;
    Manner manner;
    bool open = false;
    CLI::App app("Be a load balancer in front of real servers, as a product is: the same decisions "
                 "as in the model, one log line a request",
                 "stickyscope balance");
    auto* file = app.add_option("FILE", options.file,
                                "A scenario, for its balancer and its replicas' addresses");
    file->excludes(app.add_option("--to", options.servers, "The servers: http://HOST:PORT,...")
                       ->delimiter(','));
    app.add_option(
        "--listen", options.listen,
        "ADDRESS:PORT (localhost:8000); port 0 takes a free one, localhost is 127.0.0.1 and "
        "[::1]; others than loopback need --open-to-network");
    // A scenario says that itself.
    app.add_option("--product", options.product,
                   "Which balancer to be, of stickyscope products (traefik)")
        ->excludes(file);
    app.add_option("--algorithm", options.algorithm, "By the product's own name for it")
        ->excludes(file);
    auto* sticky = app.add_option("--sticky", options.sticky,
                                  "The sticky cookie: KEY=VALUE,... as in a scenario, such as "
                                  "cookie=ws-session");
    sticky->excludes(file);
    app.add_flag("--no-sticky", options.stickyOff, "Without sticky cookies")->excludes(sticky);
    app.add_option("--check", options.checkEvery, "Check the servers this often, such as 10s")
        ->excludes(file);
    app.add_option("--check-path", options.checkPath,
                   "What to ask for then; a connection alone will do otherwise");
    app.add_option("--check-port", options.checkPort, "Where to ask, if not at the server itself");
    auto* keyOption = app.add_option("--key", manner.key, "The certificate's key, a PEM file");
    auto* certificate =
        app.add_option("--certificate", manner.certificate, "Speak TLS, with this PEM file")
            ->needs(keyOption);
    keyOption->needs(certificate);
    app.add_flag("--open-to-network", open, "Allow --listen where other machines can connect");
    addLimitOption<lab::ProxyLimits>(app, "limit", "What it", options.limits);
    app.add_option("--i-may-test", options.permitted,
                   "A server's host beyond this machine that you may use");
    app.add_flag("--json", manner.json, "The address, and each request, as one line of JSON");
    app.add_flag("--quiet", manner.quiet, "No line for each request");
    app.add_flag("--orders", manner.orders,
                 "Take orders on standard input, a line each: drain NAME, stop NAME, ready NAME, "
                 "add NAME URL");
    if (const auto status = parse(app, argc, argv))
        return *status;
    auto plan = planOf(options);
    if (!plan) {
        complain(plan.error());
        return wrongUse;
    }
    if (!open && !plan->address.isLoopback()) {
        complain(options.listen
                 + " lets other machines in; say --open-to-network if that is meant");
        return unsafe;
    }
    if (!plan->stranger.empty()) {
        complain(notThisMachine(plan->stranger, "use"));
        return unsafe;
    }
    wire::raiseOpenFiles();
    if (const auto fewer = lab::keepWithin(plan->settings.limits, lab::filesLeft()); !fewer.empty())
        complain(fewer);
    // Its own event loop, so that idle connections cost nothing.
    QCoreApplication::setEventDispatcher(new wire::EpollEventLoop);
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    return serve(*plan, manner);
}

} // namespace stickyscope::cli
