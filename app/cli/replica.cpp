// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/limit_options.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/lab/replica_server.h"
#include "sim/wire/epoll_event_loop.h"

#include <QCoreApplication>
#include <QTimer>

#include <iostream>

namespace stickyscope::cli {

int serveReplica(int argc, char** argv)
{
    std::uint16_t port = 8000;
    std::string sticky;
    std::string address = "localhost";
    bool open = false;
    lab::ReplicaMake make;
    std::vector<std::string> limits;
    CLI::App app(
        "Be one replica: GET /hostname and the WebSocket /streaming; one log line a request",
        "stickyscope replica");
    app.add_option("--port", port, "Where to listen (8000); 0 takes a free port and prints it");
    app.add_option("--name", make.spec.name, "What it calls itself");
    app.add_option(
        "--listen", address,
        "The address to listen on; localhost is 127.0.0.1 and [::1]; others than loopback "
        "need --open-to-network");
    app.add_flag("--open-to-network", open, "Allow --listen where other machines can connect");
    app.add_option("--sticky-cookie", sticky,
                   "The balancer's cookie, whose value the page for browsers shows");
    addLimitOption<lab::ReplicaLimits>(app, "limit", "What it", limits);
    make.spec.name = "server-1";
    make.spec.serviceTime = {};
    if (const auto status = parse(app, argc, argv))
        return *status;
    if (const std::string wrong = setLimits(make.limits, "limit", limits); !wrong.empty()) {
        complain(wrong);
        return wrongUse;
    }
    const bool bothLoopbacks = address == "localhost";
    if (bothLoopbacks)
        address = "127.0.0.1";
    const QHostAddress where(QString::fromStdString(address));
    if (where.isNull()) {
        complain("'" + address + "' is no address; allowed are such as 127.0.0.1, ::1 and 0.0.0.0");
        return wrongUse;
    }
    if (!open && !where.isLoopback()) {
        complain(address + " lets other machines in; say --open-to-network if that is meant");
        return unsafe;
    }
    wire::raiseOpenFiles();
    QCoreApplication application(argc, argv);
    const PrintsBeside beside(PrintsBeside::Form::text);
    lab::ReplicaServer server(make, nullptr);
    server.setStickyName(sticky);
    server.setLog([](const std::string& line) { print(line + "\n"); });
    const std::string error =
        bothLoopbacks ? server.listenOnLoopback(port) : server.listen(where, port);
    if (!error.empty()) {
        complain(error);
        return wrongUse;
    }
    // Whoever reads that it is there may end it at once.
    watchForInterrupt();
    print(make.spec.name + " listens on http://" + address + ":" + std::to_string(server.port())
          + "/hostname\n");
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &application, [] {
        if (interrupted())
            QCoreApplication::quit();
    });
    watch.start(100);
    QCoreApplication::exec();
    return done;
}

} // namespace stickyscope::cli
