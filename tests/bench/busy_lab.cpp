// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window while its lab is busy: busy_lab SECONDS [REQUESTS_PER_SECOND]. Both lanes are drawn.
// Prints what was answered, how long it took, how often the stage was drawn, and how long Stop
// took. Never a timed test.
#include "sim/formats/scenario_yaml.h"
#include "tests/bench/paint_watch.h"
#include "ui/controls/experiment_session.h"
#include "ui/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QElapsedTimer>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

std::string scenarioOf(int requestsPerSecond)
{
    constexpr int clients = 50; // of each lane
    constexpr int keepAlive = 100; // as load generators keep their connections
    return R"(
version: 1
title: A busy lab
travel: 400ms
replicas:
  - {name: server-1, slots: 1000, service-time: 1ms}
  - {name: server-2, slots: 1000, service-time: 1ms}
  - {name: server-3, slots: 1000, service-time: 1ms}
balancer: {product: traefik, sticky: {cookie: ws-session}}
clients: [{name: c, kind: load, jar: own, count: )"
        + std::to_string(clients) + ", rate: " + std::to_string(requestsPerSecond / 2.0 / clients)
        + "/s, keep-alive: " + std::to_string(keepAlive) + "}]\n";
}

} // namespace

int main(int argc, char** argv)
{
    using namespace stickyscope;
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    const int seconds = argc > 1 ? std::atoi(argv[1]) : 60;
    const int wanted = argc > 2 ? std::atoi(argv[2]) : 5000;
    const auto scenario = readScenario(scenarioOf(wanted), "busy");
    if (!scenario) {
        std::fprintf(stderr, "%s\n", scenario.error().c_str());
        return 1;
    }
    MainWindow window(*scenario);
    window.resize(1920, 1080);
    window.show();
    window.showPage(MainWindow::Page::lab);
    if (window.session().source() != Source::lab)
        return 1;
    bench::PaintWatch watch;
    window.findChild<QWidget*>(QStringLiteral("stage-0"))->installEventFilter(&watch);
    QTimer::singleShot(std::chrono::seconds(seconds), &application, &QApplication::quit);
    QApplication::exec();
    const auto shown = window.session().snapshot();
    const std::size_t frames = watch.frames();
    QElapsedTimer stopping;
    stopping.start();
    window.findChild<QAbstractButton*>(QStringLiteral("lab-stop"))->click();
    const qint64 stopped = stopping.elapsed();
    Count answered = 0;
    Count failed = 0;
    double slowest = 0;
    for (const LaneSnapshot& lane : shown->lanes) {
        answered += lane.result.answered;
        failed += lane.result.failed;
        if (!lane.result.latency)
            continue;
        slowest = std::max(slowest, lane.result.latency->p99);
        std::printf("%s: p50 %.1f ms, p99 %.1f ms\n", lane.result.name.c_str(),
                    lane.result.latency->p50, lane.result.latency->p99);
    }
    std::printf("%.0f answers/s of %d wanted, %llu failed; frames %.1f/s, 99 %% of the gaps below "
                "%.0f ms; stopped within %lld ms\n",
                static_cast<double>(answered) / seconds, wanted,
                static_cast<unsigned long long>(failed), static_cast<double>(frames) / seconds,
                watch.longGap(), static_cast<long long>(stopped));
    // The last answers are still on their way when it ends.
    const bool kept = failed == 0 && static_cast<double>(answered) >= 0.98 * wanted * seconds
        && slowest < 20 && static_cast<double>(frames) / seconds >= 30 && stopped <= 1000;
    std::printf("%s\n",
                kept ? "as promised"
                     : "NOT as promised: 98 % of what is wanted, none failed, p99 under 20 ms, 30 "
                       "frames/s, stopped within 1 s");
    return kept ? 0 : 1;
}
