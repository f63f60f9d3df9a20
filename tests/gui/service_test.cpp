// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys through "My service", against servers of this test.
#include "sim/lab/replica_server.h"
#include "tests/gui/window_fixture.h"
#include "ui/service/service_panel.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTextBlock>
#include <QTextLayout>

using namespace stickyscope;

namespace {

// Two replicas by turns behind one balancer with a sticky cookie, and a login beside it.
class StickyService
{
public:
    StickyService()
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket,
                             [this, socket] { answer(*socket); });
        });
    }

    QString address() const
    {
        return QStringLiteral("http://127.0.0.1:%1/hostname").arg(m_server.serverPort());
    }
    /// Its own counts, as HAProxy writes them.
    QString statistics() const
    {
        return QStringLiteral("http://127.0.0.1:%1/stats;csv").arg(m_server.serverPort());
    }
    int withLogin() const { return m_withLogin; }
    int withoutSticky() const { return m_withoutSticky; }

private:
    void answer(QTcpSocket& socket)
    {
        const QByteArray request = socket.readAll();
        if (request.startsWith("GET /stats")) {
            const QByteArray table = "# pxname,svname,stot,type,\napp,one,"
                + QByteArray::number(m_ones) + ",2,\napp,two," + QByteArray::number(m_twos)
                + ",2,\n";
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(table.size())
                         + "\r\n\r\n" + table);
            return;
        }
        const bool one = request.contains("lb=7c1e9f02ab34d1c0");
        const bool other = request.contains("lb=5a1e9f02ab34d1c0");
        const bool first = one || (!other && m_turn++ % 2 == 0);
        ++(first ? m_ones : m_twos);
        m_withLogin += request.contains("login=yes") ? 1 : 0;
        m_withoutSticky += request.contains("login=yes") && !one && !other ? 1 : 0;
        const QByteArray body = first ? "{\"hostname\":\"one\"}" : "{\"hostname\":\"two\"}";
        QByteArray head =
            "HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n";
        if (!one && !other)
            head += QByteArray("Set-Cookie: lb=") + (first ? "7c1e" : "5a1e")
                + "9f02ab34d1c0; Path=/\r\nSet-Cookie: login=yes; Path=/\r\n";
        socket.write(head + "\r\n" + body);
    }

    QTcpServer m_server;
    int m_turn = 0;
    int m_withLogin = 0;
    int m_withoutSticky = 0;
    int m_ones = 0;
    int m_twos = 0;
};

} // namespace

class ServiceTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void looksAtAServiceAndStops()
    {
        lab::ReplicaServer replica("the-only-one", nullptr);
        QCOMPARE(replica.listen(QHostAddress::LocalHost, 0), std::string());
        int lines = 0;
        replica.setLog([&lines](const std::string&) { ++lines; });
        click("door-service");
        QVERIFY(find<QWidget>("service-guide")->isVisible());
        auto* target = find<QLineEdit>("target");
        target->setFocus();
        QTest::keyClicks(target,
                         QStringLiteral("http://127.0.0.1:%1/hostname").arg(replica.port()));
        QCOMPARE(lines, 0); // nothing is sent before one asks for it
        QTest::keyClick(target, Qt::Key_Return);
        auto* verdict = find<QLabel>("verdict");
        QTRY_VERIFY_WITH_TIMEOUT(
            verdict->text().startsWith(QStringLiteral("Only one replica seen (the-only-one)")),
            20'000);
        QTRY_VERIFY_WITH_TIMEOUT(
            snapshot()->lanes.size() == 2 && snapshot()->lanes[0].result.answered > 2, 20'000);
        QVERIFY(!find<QWidget>("service-guide")->isVisible());
        QVERIFY(!snapshot()->lanes[0].result.broken);
        QCOMPARE(snapshot()->lanes[0].result.replicas[0].name, std::string("the-only-one"));
        QTest::keyClick(&window(), Qt::Key_Escape);
        QTRY_VERIFY(!session().playing());
        // All traffic has ended: what was sent before has been counted, and no more comes.
        const int sent = lines;
        click("model");
        QTRY_COMPARE(find<QLabel>("title")->text(),
                     QStringLiteral("Three replicas behind Traefik"));
        QCOMPARE(lines, sent);
    }

    void theBalancersOwnCountsStandBesideTheClients()
    {
        const StickyService service;
        click("door-service");
        find<QLineEdit>("statistics")->setText(service.statistics());
        find<QLineEdit>("target")->setText(service.address());
        QVERIFY(!find<QWidget>("service-counts")->isVisible());
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(
            snapshot()->lanes.size() == 2 && snapshot()->lanes[1].result.answered > 2, 30'000);
        QTRY_VERIFY(find<QWidget>("service-counts")->isVisible());
        click("service-counts");
        auto* table = find<QTableView>("service-counts-window-table");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, 10'000);
        const auto cell = [&](int row, int column) {
            return table->model()->index(row, column).data().toString();
        };
        QCOMPARE(cell(0, 0), QStringLiteral("all together"));
        QCOMPARE(cell(0, 1), QStringLiteral("one"));
        session().pause();
        QTRY_VERIFY_WITH_TIMEOUT(cell(2, 2).toInt() > 2 && cell(2, 2) == cell(2, 3), 10'000);
        QCOMPARE(cell(2, 4), QStringLiteral("–"));
    }

    void statisticsOfAnotherHostAreRefusedBeforeAnythingIsSent()
    {
        const StickyService service;
        click("door-service");
        find<QLineEdit>("statistics")->setText(QStringLiteral("http://other.example/stats;csv"));
        find<QLineEdit>("target")->setText(service.address());
        click("look");
        QVERIFY(find<QLabel>("verdict")->text().contains(QStringLiteral("not at other.example")));
    }

    void theEmptyPageSaysWhatCanBeGivenAndHowToStartSomething()
    {
        click("door-service");
        auto* guide = find<QWidget>("service-guide");
        click("example-websocket");
        QCOMPARE(find<QLineEdit>("target")->text(), QStringLiteral("wss://app.example/streaming"));
        click("example-curl");
        QCOMPARE(find<QLineEdit>("target")->text(), QStringLiteral("https://app.example/cart"));
        QCOMPARE(find<QPlainTextEdit>("headers")->toPlainText(),
                 QStringLiteral("Accept: application/json"));
        click("copy-replica");
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("stickyscope replica --port 8000 --name server-1"));
        click("copy-compose");
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("cd resources/examples/goa-compose && docker compose up --build"));
        for (const QLabel* label : guide->findChildren<QLabel*>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(session().source() != Source::service); // nothing was sent
    }

    void aDeadPortSaysWhy()
    {
        click("door-service");
        find<ServicePanel>("service-panel")->setTarget(QStringLiteral("http://127.0.0.1:1/"));
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("verdict")->text().contains(
                                     QStringLiteral("--entrypoints.web.address=:1")),
                                 20'000);
    }

    void requestsThatChangeThingsAreSentOnceAndOnlyWhenOneSaysYes()
    {
        lab::ReplicaServer replica("server-1", nullptr);
        QCOMPARE(replica.listen(QHostAddress::LocalHost, 0), std::string());
        std::vector<std::string> log;
        replica.setLog([&log](const std::string& line) { log.push_back(line); });
        click("door-service");
        const QString line = QStringLiteral("curl -X DELETE http://127.0.0.1:%1/cart");
        find<ServicePanel>("service-panel")->setTarget(line.arg(replica.port()));
        QCOMPARE(find<QComboBox>("method")->currentText(), QStringLiteral("DELETE"));
        QString said;
        answerMessage(said, QMessageBox::No);
        click("look");
        QVERIFY2(said.startsWith(QStringLiteral("DELETE may change things")), qPrintable(said));
        QCOMPARE(find<QLabel>("verdict")->text(), QStringLiteral("Nothing was sent."));
        answerMessage(said, QMessageBox::Yes);
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(
            find<QLabel>("verdict")->text().startsWith(QStringLiteral("Sent once.")), 10'000);
        QCOMPARE(log.size(), std::size_t {1});
        QVERIFY(log.front().find("DELETE /cart") != std::string::npos);
    }

    void aPastedCurlLineFillsTheFields()
    {
        click("door-service");
        find<ServicePanel>("service-panel")
            ->setTarget(QStringLiteral(
                "curl 'http://localhost:1/a?b=1' -H 'Accept: text/plain' -H 'X-A: 1' -b 'sid=1' -k "
                "--cacert ca.pem -x socks5://localhost:1080 --referer http://x/ --data-raw 'a=1'"));
        QCOMPARE(find<QLineEdit>("target")->text(), QStringLiteral("http://localhost:1/a?b=1"));
        QCOMPARE(find<QPlainTextEdit>("headers")->toPlainText(),
                 QStringLiteral("Accept: text/plain\nX-A: 1"));
        QCOMPARE(find<QPlainTextEdit>("body")->toPlainText(), QStringLiteral("a=1"));
        QCOMPARE(find<QComboBox>("method")->currentText(), QStringLiteral("POST"));
        QCOMPARE(find<QLineEdit>("curl-cookie")->text(), QStringLiteral("sid=1"));
        QCOMPARE(find<QLineEdit>("curl-cacert")->text(), QStringLiteral("ca.pem"));
        QCOMPARE(find<QLineEdit>("curl-proxy")->text(), QStringLiteral("socks5://localhost:1080"));
        QCOMPARE(find<QLineEdit>("other-options")->text(), QStringLiteral("--referer http://x/"));
        QVERIFY(find<QCheckBox>("insecure")->isChecked());
        find<ServicePanel>("service-panel")->setTarget(QStringLiteral("curl --http3 http://a/"));
        QVERIFY(find<QLabel>("verdict")->text().contains(QStringLiteral("--http3")));
    }

    void aSecretIsCoveredWhileNobodyEditsIt()
    {
        click("door-service");
        find<ServicePanel>("service-panel")
            ->setTarget(QStringLiteral("curl http://localhost:1/ -H 'Authorization: Bearer abc' "
                                       "-H 'Accept: text/plain' -b 'sid=1' -u me:word"));
        click("options");
        auto* cookie = find<QLineEdit>("curl-cookie");
        QCOMPARE(cookie->text(), QStringLiteral("sid=1"));
        QVERIFY(!cookie->displayText().contains(QStringLiteral("sid")));
        QVERIFY(!find<QLineEdit>("other-options")->displayText().contains(QStringLiteral("word")));
        auto* headers = find<QPlainTextEdit>("headers");
        const auto covered = [headers](int line) {
            return !headers->document()->findBlockByNumber(line).layout()->formats().isEmpty();
        };
        QVERIFY(covered(0) && !covered(1));
        QApplication::setActiveWindow(&window());
        headers->setFocus();
        QTRY_VERIFY(!covered(0));
        cookie->setFocus();
        QTRY_COMPARE(cookie->displayText(), QStringLiteral("sid=1"));
        QVERIFY(covered(0));
    }

    void aGivenStickyCookieIsSaidToLeadAllToOneServer()
    {
        const StickyService service;
        click("door-service");
        find<ServicePanel>("service-panel")
            ->setTarget(QStringLiteral("curl %1 -b lb=7c1e9f02ab34d1c0").arg(service.address()));
        auto* verdict = find<QLabel>("verdict");
        QVERIFY2(verdict->text().contains(QStringLiteral("all come to the same server")),
                 qPrintable(verdict->text()));
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(
            verdict->text().contains(QStringLiteral("All clients begin with the same cookie lb")),
            20'000);
    }

    void fieldsThatAreWrongSaySoAndNothingIsSent()
    {
        click("door-service");
        find<ServicePanel>("service-panel")->setTarget(QStringLiteral("http://localhost:1/"));
        const std::vector<std::pair<const char*, const char*>> rows {{"identity", "xml:a"},
                                                                     {"identify", "POST:/x"},
                                                                     {"broken", "often"},
                                                                     {"curl-resolve", "nowhere"},
                                                                     {"other-options", "--http3"}};
        for (const auto& [field, text] : rows) {
            find<QLineEdit>(field)->setText(QString::fromLatin1(text));
            click("look");
            const QString verdict = find<QLabel>("verdict")->text();
            QVERIFY2(verdict.contains(QString::fromLatin1(text)), qPrintable(verdict));
            find<QLineEdit>(field)->clear();
        }
    }

    void offWithholdsTheStickyCookieAloneAndAServerCanBeRenamed()
    {
        StickyService service;
        click("door-service");
        find<QLineEdit>("target")->setText(service.address());
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("verdict")->text().startsWith(
                                     QStringLiteral("Sticky by cookie: with the cookie lb")),
                                 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes.size() == 2
                                     && snapshot()->lanes[0].result.followUps > 12
                                     && snapshot()->lanes[1].result.followUps > 12,
                                 20'000);
        const auto shown = snapshot();
        QVERIFY(*shown->lanes[0].result.stickiness < 0.9);
        QCOMPARE(*shown->lanes[1].result.stickiness, 1.0);
        QVERIFY(shown->lanes[0].cast->stickyWithheld);
        // A login stays a login, on the left as well.
        QVERIFY(service.withoutSticky() > 10);
        QVERIFY(service.withLogin() > service.withoutSticky());
        session().renameReplica(ReplicaIndex {0}, "anna");
        QTRY_COMPARE(snapshot()->lanes[1].cast->replicas[0], std::string("anna"));
        QCOMPARE(snapshot()->lanes[0].result.replicas[0].name, std::string("anna"));
    }

    void aRuleMakesBrokenSessionsVisible()
    {
        StickyService service;
        click("door-service");
        find<QLineEdit>("target")->setText(service.address());
        find<QLineEdit>("broken")->setText(QStringLiteral("missing:one"));
        click("look");
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes.size() == 2
                                     && snapshot()->lanes[0].result.sessionsLost.value_or(0) > 2,
                                 20'000);
        QVERIFY(snapshot()->lanes[0].result.met.has_value());
    }

    void webSocketsAreCutAndComeBack()
    {
        lab::ReplicaServer replica("server-1", nullptr);
        QCOMPARE(replica.listen(QHostAddress::LocalHost, 0), std::string());
        click("door-service");
        find<QLineEdit>("target")->setText(
            QStringLiteral("ws://127.0.0.1:%1/streaming").arg(replica.port()));
        click("look");
        const auto open = [this] {
            const auto shown = snapshot();
            return !shown->lanes.empty() && !shown->lanes[1].replicas.empty()
                ? shown->lanes[1].replicas[0].openConnections
                : 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(open() == 6, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.messages > 6, 20'000);
        click("cut");
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.closes.count(1006) > 0, 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(snapshot()->lanes[1].result.followUps >= 6, 20'000);
        QCOMPARE(snapshot()->lanes[1].clients[0].closed.first, std::uint16_t {1006});
        QTest::keyClick(&window(), Qt::Key_Escape);
        QTRY_VERIFY(!session().playing());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<ServiceTest>(argc, argv);
}

#include "service_test.moc"
