// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/probe_run.h"

#include "app/cli/console.h"
#include "app/cli/summary.h"
#include "app/cli/verbs.h"
#include "sim/formats/result_json.h"
#include "sim/http/cookie_file.h"
#include "sim/live/live_run.h"
#include "sim/live/target_class.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <limits>

namespace stickyscope::cli {

namespace {

live::LiveGroup groupFor(const ProbeOptions& options, const live::Target& target)
{
    live::LiveGroup group;
    group.target =
        options.webSocketPath.empty() ? target : live::atPath(target, options.webSocketPath);
    group.jar = options.jar == "none" ? JarKind::none
        : options.jar == "shared"     ? JarKind::shared
                                      : JarKind::own;
    group.kind = !options.webSocketPath.empty() ? ClientKind::websocket
        : group.jar == JarKind::none            ? ClientKind::curl
                                                : ClientKind::browser;
    group.count = options.clients;
    group.keepAlive = options.keepAlive ? live::alwaysKept : 1;
    group.requests = options.reconnects > 0 ? options.reconnects + 1 : options.requests;
    group.socket.message = options.message;
    // Between half and one and a half of the mean: never in step.
    const double perClient = std::max(
        live::usualRateOfClient, options.live.rate > 0 ? options.live.rate / options.clients : 0.0);
    const Duration mean {static_cast<Duration::rep>(1e9 / perClient)};
    group.pause = {.shape = Distribution::Shape::uniform,
                   .mean = mean,
                   .least = mean / 2,
                   .most = mean / 2 * 3};
    return group;
}

} // namespace

void writeCookies(const live::Target& target, const http::CookieJar& jar)
{
    if (target.cookieFileOut.empty())
        return;
    if (const auto written = writeFile(target.cookieFileOut, http::writeCookieFile(jar)); !written)
        complain(written.error());
}

int finishProbe(const ExperimentResult& result, const ProbeOptions& options)
{
    if (!options.json.empty()) {
        if (const auto written = writeFile(options.json, toJson(result)); !written) {
            complain(written.error());
            return wrongUse;
        }
    }
    return result.lanes.front().answered > 0 ? done : notMet;
}

ExperimentResult resultFor(const std::string& lane, bool sticky, const LaneMeasures& measures,
                           const Cast& cast, Duration duration)
{
    ExperimentResult result;
    result.world = "live";
    result.lanes.push_back(measures.result(cast, std::numeric_limits<std::size_t>::max()));
    result.lanes[0].name = lane;
    result.lanes[0].sticky = sticky;
    result.lanes[0].duration = duration;
    return result;
}

int runClients(const ProbeOptions& options, const live::Target& target, const LiveRules& rules)
{
    QElapsedTimer clock;
    clock.start();
    const live::LiveGroup group = groupFor(options, target);
    live::LiveShared shared;
    shared.clock = [&clock] { return Instant(Duration {clock.nsecsElapsed()}); };
    shared.pacer = std::make_shared<live::Pacer>(rateOf(options.live) / (rules.identify ? 2 : 1), 1,
                                                 live::namedClass(target));
    LaneMeasures measures;
    live::LiveRun run({.groups = {group},
                       .identity = rules.identity,
                       .identify = rules.identify,
                       .sessionRules = rules.sessions,
                       .stickyName = options.live.stickyCookie},
                      shared, 0, measures, nullptr);
    QObject::connect(&run, &live::LiveRun::finished, QCoreApplication::instance(),
                     &QCoreApplication::quit, Qt::QueuedConnection);
    QTimer watch;
    Progress progress;
    QObject::connect(&watch, &QTimer::timeout, &run, [&] {
        if (interrupted())
            QCoreApplication::quit();
        const LaneResult so = measures.result(run.recorder().cast(), 0);
        progress.show(static_cast<double>(so.requests) / (group.count * group.requests),
                      "of the requests");
    });
    watch.start(100);
    run.start();
    QCoreApplication::exec();
    run.stop();
    writeCookies(target, run.firstJar());
    const ExperimentResult result =
        resultFor(options.jar, group.jar != JarKind::none, measures, run.recorder().cast(),
                  Duration {clock.nsecsElapsed()});
    if (!shared.pacer->end().empty())
        complain(shared.pacer->end());
    if (interrupted())
        complain("interrupted after " + std::to_string(result.lanes.front().requests)
                 + " requests; what is known so far:");
    if (options.json != "-") {
        print(summaryOf(result));
        if (!run.recorder().cast().notice.empty())
            print(run.recorder().cast().notice + "\n");
    }
    return finishProbe(result, options);
}

} // namespace stickyscope::cli
