// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "My service", when another one is looked at, and when servers do not name themselves.
#include "sim/lab/replica_server.h"
#include "tests/gui/window_fixture.h"
#include "ui/panels/figures_panel.h"
#include "ui/service/service_colours.h"
#include "ui/stage/lane_stage.h"

#include <QLineEdit>
#include <QTcpServer>
#include <QTcpSocket>

#include <set>

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

    void aServersColourGoesByItsNameNotByWhoAnswersFirst()
    {
        using Places = std::vector<std::size_t>;
        ServiceColours colours;
        QCOMPARE(colours.follow({"web-3"}), Places({2}));
        QCOMPARE(colours.follow({"web-3", "web-1", "web-2"}), Places({2, 0, 1}));
        // Who is renamed keeps it.
        QCOMPARE(colours.follow({"anna", "web-1", "web-2"}), Places({2, 0, 1}));
        colours.begin();
        QCOMPARE(colours.follow({"web-1", "web-2", "web-3"}), Places({0, 1, 2}));
        // Two that would have the same have what they had before, whoever comes first.
        colours.begin();
        const Places before = colours.follow({"api-5", "app-5"});
        QVERIFY(before[0] != before[1]);
        colours.begin();
        QCOMPARE(colours.follow({"app-5", "api-5"}), Places({before[1], before[0]}));
        // All of many are apart for as long as there are colours.
        colours.begin();
        std::vector<std::string> names;
        for (int server = 0; server < 16; ++server)
            names.push_back(std::to_string(server * 37) + "-pod");
        const Places many = colours.follow(names);
        QCOMPARE(std::set<std::size_t>(many.begin(), many.end()).size(), std::size_t {16});
    }

    void theStageShowsThatColour()
    {
        lab::ReplicaServer server("web-2", nullptr);
        QCOMPARE(server.listen(QHostAddress::LocalHost, 0), std::string());
        click("door-service");
        look(QStringLiteral("http://127.0.0.1:%1/hostname").arg(server.port()));
        const QColor second = replicaColour(1);
        QTRY_COMPARE_WITH_TIMEOUT(replicaColour(0), second, 20'000);
        // The model's servers have theirs again.
        click("model");
        QTRY_VERIFY(replicaColour(0) != second);
    }

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
