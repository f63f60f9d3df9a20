// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "My service", when another one is looked at, and when servers do not name themselves.
#include "sim/lab/replica_server.h"
#include "tests/gui/window_fixture.h"
#include "ui/panels/figures_panel.h"
#include "ui/stage/lane_stage.h"

#include <QLineEdit>
#include <QTcpServer>
#include <QTcpSocket>

using namespace stickyscope;

namespace {

// Answers, and does not say who it is.
class NamelessService
{
public:
    NamelessService()
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                socket->readAll();
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n");
            });
        });
    }

    QString address() const
    {
        return QStringLiteral("http://127.0.0.1:%1/").arg(m_server.serverPort());
    }

private:
    QTcpServer m_server;
};

} // namespace

class ServiceAnewTest : public test::WindowFixture
{
    Q_OBJECT

private:
    void look(const QString& address)
    {
        find<QLineEdit>("target")->setText(address);
        click("look");
    }

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void aFailedLookLeavesNoPictureOfAnotherService()
    {
        lab::ReplicaServer replica("the-only-one", nullptr);
        QCOMPARE(replica.listen(QHostAddress::LocalHost, 0), std::string());
        click("door-service");
        look(QStringLiteral("http://127.0.0.1:%1/hostname").arg(replica.port()));
        QTRY_COMPARE_WITH_TIMEOUT(session().source(), Source::service, 20'000);
        QVERIFY(find<LaneStage>("stage-0")->isVisible());
        look(QStringLiteral("nonsense://"));
        QVERIFY(session().source() != Source::service);
        QVERIFY(!find<LaneStage>("stage-0")->isVisible());
        QCOMPARE(find<QLabel>("title")->text(), QStringLiteral("My service"));
        QVERIFY(!find<QWidget>("play")->isVisible());
        QVERIFY(!session().playing());
    }

    void whoDoesNotNameHimselfIsNotSaidToHaveStayed()
    {
        const NamelessService service;
        click("door-service");
        look(service.address());
        QTRY_COMPARE_WITH_TIMEOUT(session().source(), Source::service, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[0].result.answered > 2, 20'000);
        auto* stage = find<LaneStage>("stage-0");
        QTRY_VERIFY_WITH_TIMEOUT(
            stage->story().contains(QStringLiteral("servers that do not name themselves")), 10'000);
        QVERIFY2(find<FiguresPanel>("figures")->text().contains(
                     QStringLiteral("switches to another server: not visible")),
                 qPrintable(find<FiguresPanel>("figures")->text()));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<ServiceAnewTest>(argc, argv);
}

#include "service_anew_test.moc"
