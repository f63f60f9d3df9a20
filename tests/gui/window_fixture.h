// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "tests/support/scenarios.h"
#include "ui/controls/experiment_session.h"
#include "ui/main_window.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QMessageBox>
#include <QSettings>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

namespace stickyscope::test {

inline Scenario defaultScenario()
{
    return *shipped("three-replicas.sticky.yaml");
}

/// The real window on the default scenario, and a person's ways to use it.
class WindowFixture : public QObject
{
protected:
    void openWindow()
    {
        QSettings().clear();
        m_window = std::make_unique<MainWindow>(defaultScenario());
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }

    MainWindow& window() { return *m_window; }
    void closeWindow() { m_window.reset(); }
    ExperimentSession& session() { return m_window->session(); }
    std::shared_ptr<const Snapshot> snapshot() { return session().snapshot(); }

    template <typename Widget>
    Widget* find(const char* name)
    {
        auto* widget = m_window->findChild<Widget*>(QString::fromLatin1(name));
        Q_ASSERT(widget);
        return widget;
    }

    void click(const char* name) { QTest::mouseClick(find<QWidget>(name), Qt::LeftButton); }

    void runToTheEnd()
    {
        session().setSpeed(Runner::asFastAsPossible);
        session().play();
        QTRY_VERIFY(snapshot()->finished);
        QTRY_VERIFY(shownNow() == snapshot()->now);
    }

    // What the window has drawn by now, not only what could be asked for.
    Instant shownNow()
    {
        const QString text = find<QLabel>("time")->text();
        return Instant(std::chrono::milliseconds(
            static_cast<int>(text.split(QLatin1Char(' ')).first().toDouble() * 1000)));
    }

    // Answers the next message, and keeps what it said.
    static void answerMessage(QString& said, QMessageBox::StandardButton button = QMessageBox::Ok)
    {
        QTimer::singleShot(0, qApp, [&said, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (!box)
                return answerMessage(said, button);
            said = box->text();
            box->button(button)->click();
        });
    }

private:
    std::unique_ptr<MainWindow> m_window;
};

/// Runs the journeys of one file with a home of their own.
template <typename Journeys>
int runJourneys(int argc, char** argv)
{
    QTemporaryDir home;
    qputenv("HOME", home.path().toUtf8());
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("stickyscope-test"));
    QApplication::setOrganizationName(QStringLiteral("stickyscope-test"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    Journeys journeys;
    return QTest::qExec(&journeys, argc, argv);
}

} // namespace stickyscope::test
