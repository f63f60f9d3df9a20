// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real window with its lab started as a person starts it, until somebody ends it: for
// tests/lab/killed.py.
//   lab_window [haproxy]      HAProxy itself balances, not ours
#include "app/cli/console.h"
#include "tests/support/scenarios.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QComboBox>
#include <QStyleFactory>
#include <QTest>
#include <QTimer>

int main(int argc, char** argv)
{
    using namespace stickyscope;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stickyscope-test"));
    QApplication::setOrganizationName(QStringLiteral("stickyscope-test"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    MainWindow window(*test::shipped("three-replicas.sticky.yaml"));
    window.show();
    QTest::mouseClick(window.findChild<QWidget*>(QStringLiteral("door-lab")), Qt::LeftButton);
    if (argc > 1) {
        auto* balancer = window.findChild<QComboBox*>(QStringLiteral("lab-balancer"));
        const int itself = balancer->findText(QStringLiteral("HAProxy itself"));
        balancer->setCurrentIndex(itself);
        emit balancer->activated(itself);
    }
    cli::watchForInterrupt();
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &application, [] {
        if (cli::interrupted())
            QCoreApplication::quit();
    });
    watch.start(100);
    return QApplication::exec();
}
