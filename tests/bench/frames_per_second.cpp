// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How often the window draws its stage, with charts, while the model goes as fast as it can. Run by
// tests/bench/run; never a timed test. `frames_per_second CLIENTS [SPEED]`: with so many of them.
#include "sim/formats/scenario_yaml.h"
#include "tests/bench/paint_watch.h"
#include "ui/controls/experiment_session.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QFile>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    using namespace stickyscope;
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QFile file(QStringLiteral(":/scenarios/three-replicas.sticky.yaml"));
    file.open(QIODevice::ReadOnly);
    Scenario scenario = *readScenario(file.readAll().toStdString(), "default");
    scenario.duration = std::chrono::hours(24 * 365); // longer than this takes
    if (argc > 1) {
        scenario.clients.front().count = std::atoi(argv[1]);
        for (ReplicaSpec& replica : scenario.replicas)
            replica.slotCount = scenario.clients.front().count;
    }
    MainWindow window(std::move(scenario));
    window.resize(1920, 1080);
    window.show();
    window.showPage(MainWindow::Page::model);
    window.session().setSpeed(argc > 2 ? std::atof(argv[2]) : Runner::asFastAsPossible);
    window.session().play();
    bench::PaintWatch watch;
    window.findChild<QWidget*>(QStringLiteral("stage-0"))->installEventFilter(&watch);
    QTimer::singleShot(10'000, &application, &QApplication::quit);
    QApplication::exec();
    if (watch.frames() < 2)
        return 1;
    const auto result = window.session().snapshot();
    std::printf(
        "frames %.1f/s, 99 %% of the gaps below %.0f ms, %llu requests simulated meanwhile\n",
        static_cast<double>(watch.frames()) / 10, watch.longGap(),
        static_cast<unsigned long long>(result->lanes[0].result.requests
                                        + result->lanes[1].result.requests));
    return 0;
}
