// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
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
    std::string name = "server-1";
    std::string address = "127.0.0.1";
    bool open = false;
    CLI::App app(
        "Be one replica: GET /hostname and the WebSocket /streaming; one log line a request",
        "stickyscope replica");
    app.add_option("--port", port, "Where to listen; 0 takes a free port and prints it");
    app.add_option("--name", name, "What it calls itself");
    app.add_option("--listen", address,
                   "The address to listen on; others than loopback need --open-to-network");
    app.add_flag("--open-to-network", open, "Allow --listen where other machines can connect");
    app.add_option("--sticky-cookie", sticky,
                   "The balancer's cookie, whose value the page for browsers shows");
    if (const auto status = parse(app, argc, argv))
        return *status;
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
    lab::ReplicaServer server(name, nullptr);
    server.setStickyName(sticky);
    server.setLog([](const std::string& line) { print(line + "\n"); });
    if (const std::string error = server.listen(where, port); !error.empty()) {
        complain(error);
        return wrongUse;
    }
    // Whoever reads that it is there may end it at once.
    watchForInterrupt();
    print(name + " listens on http://" + address + ":" + std::to_string(server.port())
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
