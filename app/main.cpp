// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program: with a verb the command line, without one the window.
#include "app/cli/console.h"
#include "app/cli/verbs.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/lab/managed/private_folder.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QScreen>
#include <QStyleFactory>
#include <QTimer>

namespace {

using namespace stickyscope;

Scenario defaultScenario()
{
    QFile file(QStringLiteral(":/scenarios/three-replicas.sticky.yaml"));
    file.open(QIODevice::ReadOnly);
    const QByteArray text = file.readAll();
    return *readScenario({text.constData(), static_cast<std::size_t>(text.size())},
                         "three-replicas.sticky.yaml");
}

int openWindow(int argc, char** argv)
{
    const std::string file = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stickyscope"));
    QApplication::setOrganizationName(QStringLiteral("stickyscope"));
    QApplication::setApplicationVersion(QStringLiteral(STICKYSCOPE_VERSION));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QFont font = QApplication::font();
    if (QFontDatabase::families().contains(QStringLiteral("Inter")))
        font.setFamily(QStringLiteral("Inter"));
    font.setPointSizeF(std::max(font.pointSizeF(), 10.0));
    QApplication::setFont(font);
    MainWindow window(defaultScenario());
    // On a small screen the frame of a 1280 x 720 window would push its lower edge out of sight.
    const QSize room = window.screen()->availableSize();
    constexpr int frame = 40;
    if (room.width() < window.width() + frame || room.height() < window.height() + frame)
        window.showMaximized();
    else
        window.show();
    // A file that is wrong has its line in the window: who started it from a desktop sees no other.
    if (!file.empty())
        QTimer::singleShot(
            0, &window, [&window, file] { window.openFile(QString::fromLocal8Bit(file.c_str())); });
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv)
{
    // What one before it has left that was killed.
    lab::PrivateFolder::sweep();
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (const cli::Verb* verb = cli::findVerb(first))
        return cli::finish(verb->run(argc - 1, argv + 1));
    if (first == "--help" || first == "-h") {
        cli::print(cli::usage(cli::Program::window));
        return cli::done;
    }
    if (first == "--version") {
        cli::print("stickyscope " STICKYSCOPE_VERSION "\n");
        return cli::done;
    }
    return openWindow(argc, argv);
}
