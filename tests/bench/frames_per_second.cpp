// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How often the window draws its stage, with charts, while the model goes as fast as it can. Run by
// tests/bench/run; never a timed test.
#include "sim/formats/scenario_yaml.h"
#include "ui/controls/experiment_session.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

// The moments at which a widget is painted.
class PaintWatch : public QObject
{
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Paint)
            times.push_back(clock.nsecsElapsed());
        return QObject::eventFilter(watched, event);
    }

    QElapsedTimer clock;
    std::vector<qint64> times;
};

} // namespace

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
    MainWindow window(std::move(scenario));
    window.resize(1920, 1080);
    window.show();
    window.showPage(MainWindow::Page::model);
    window.session().setSpeed(Runner::asFastAsPossible);
    window.session().play();
    PaintWatch watch;
    window.findChild<QWidget*>(QStringLiteral("stage-0"))->installEventFilter(&watch);
    watch.clock.start();
    QTimer::singleShot(10'000, &application, &QApplication::quit);
    QApplication::exec();
    std::vector<double> gaps;
    for (std::size_t place = 1; place < watch.times.size(); ++place)
        gaps.push_back(static_cast<double>(watch.times[place] - watch.times[place - 1]) / 1e6);
    if (gaps.empty())
        return 1;
    std::sort(gaps.begin(), gaps.end());
    const auto result = window.session().snapshot();
    std::printf(
        "frames %.1f/s, 99 %% of the gaps below %.0f ms, %llu requests simulated meanwhile\n",
        static_cast<double>(watch.times.size()) / 10, gaps[gaps.size() * 99 / 100],
        static_cast<unsigned long long>(result->lanes[0].result.requests
                                        + result->lanes[1].result.requests));
    return 0;
}
