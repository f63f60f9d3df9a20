// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// "Real" is opened to other machines; 127.0.0.2 stands for an address in a network, and whoever
// comes from 127.0.0.9 for another machine.
#include "tests/gui/window_fixture.h"
#include "ui/lab/network_panel.h"
#include "ui/lab/qr_view.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QProcess>
#include <QTableView>
#include <QTcpSocket>

using namespace stickyscope;

class NetworkTest : public test::WindowFixture
{
    Q_OBJECT

private:
    static lab::NetworkAddresses twoAddresses()
    {
        return {.local = {QHostAddress(QStringLiteral("127.0.0.2")),
                          QHostAddress(QStringLiteral("127.0.0.3"))}};
    }

    void openReal(const std::function<lab::NetworkAddresses()>& addresses)
    {
        find<NetworkPanel>("network-panel")->setAddresses(addresses);
        click("door-lab");
    }

    // As by keyboard.
    void toggle() { QTest::keyClick(find<QCheckBox>("network-switch"), Qt::Key_Space); }

    QUrl urlOf(int lane)
    {
        return QUrl(find<QLabel>(lane == 0 ? "network-url-0" : "network-url-1")->text());
    }

    // One request from another machine; its connection stays open.
    std::unique_ptr<QTcpSocket> visit(const QUrl& url)
    {
        auto socket = std::make_unique<QTcpSocket>();
        socket->bind(QHostAddress(QStringLiteral("127.0.0.9")));
        socket->connectToHost(QHostAddress(url.host()), static_cast<quint16>(url.port()));
        socket->write("GET /hostname HTTP/1.1\r\nHost: " + url.authority().toLatin1()
                      + "\r\nUser-Agent: curl/8\r\n\r\n");
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(socket->bytesAvailable() > 0
                                         || socket->error() != QAbstractSocket::UnknownSocketError,
                                     10'000);
        }();
        return socket;
    }

    // What an independent reader sees on the screen.
    static QString decoded(QWidget* code)
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("code.png"));
        code->grab().save(file);
        QProcess reader;
        reader.start(QStringLiteral("zbarimg"),
                     {QStringLiteral("--quiet"), QStringLiteral("--raw"), file});
        if (!reader.waitForFinished(20'000))
            return reader.errorString();
        return QString::fromUtf8(reader.readAllStandardOutput()).trimmed();
    }

    QString cell(int row, int column)
    {
        return find<QTableView>("network-guests")->model()->index(row, column).data().toString();
    }

private slots:
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void theSwitchIsOffAtEachStartAndSaysWhatItDoes()
    {
        openReal(twoAddresses);
        auto* box = find<QCheckBox>("network-switch");
        QVERIFY(!box->isChecked());
        QVERIFY(box->accessibleDescription().contains(QStringLiteral("whoever has the address")));
        QVERIFY(!find<QTableView>("network-guests")->isVisible());
        toggle();
        QVERIFY(box->isChecked());
        QVERIFY(find<QTableView>("network-guests")->isVisible());
        click("lab-stop");
        QVERIFY(!box->isChecked());
        click("lab-start");
        QVERIFY(!box->isChecked());
        QVERIFY(box->isVisible());
    }

    void closingTheSwitchEndsListenersAndConnections()
    {
        openReal(twoAddresses);
        toggle();
        const QUrl url = urlOf(1);
        QCOMPARE(url.host(), QStringLiteral("127.0.0.2"));
        const auto visitor = visit(url);
        QVERIFY(visitor->readAll().startsWith("HTTP/1.1 200"));
        toggle();
        QTRY_COMPARE_WITH_TIMEOUT(visitor->state(), QAbstractSocket::UnconnectedState, 10'000);
        QCOMPARE(visit(url)->error(), QAbstractSocket::ConnectionRefusedError);
        toggle();
        QVERIFY(visit(urlOf(1))->readAll().startsWith("HTTP/1.1 200"));
    }

    void theCodeOnTheScreenIsTheAddressInEveryTheme()
    {
        openReal(twoAddresses);
        toggle();
        for (const Theme& theme : {Theme::light(), Theme::darkOne()}) {
            applyTheme(*qApp, theme);
            for (const char* name : {"network-code-0", "network-code-1"}) {
                auto* code = find<QrView>(name);
                QCOMPARE(decoded(code), code->address());
                // Module by module: black on white, the quiet zone around.
                const QImage image = code->grab().toImage();
                const lab::QrCode expected = lab::qrCodeOf(code->address().toStdString());
                const int modules = static_cast<int>(expected.width) + 8;
                const int size = std::min(image.width(), image.height()) / modules;
                QVERIFY(size >= 4);
                const QPoint first((image.width() - size * modules) / 2,
                                   (image.height() - size * modules) / 2);
                for (int row = 0; row < modules; ++row) {
                    for (int column = 0; column < modules; ++column) {
                        const bool within =
                            row >= 4 && column >= 4 && row < modules - 4 && column < modules - 4;
                        const bool dark = within
                            && expected.isDark(static_cast<std::size_t>(column - 4),
                                               static_cast<std::size_t>(row - 4));
                        const QColor seen = image.pixelColor(first + QPoint(column, row) * size
                                                             + QPoint(size / 2, size / 2));
                        QCOMPARE(seen, dark ? QColor(Qt::black) : QColor(Qt::white));
                    }
                }
            }
        }
        QCOMPARE(find<QrView>("network-code-0")->address(), find<QLabel>("network-url-0")->text());
        QVERIFY(urlOf(0) != urlOf(1));
    }

    void anotherAddressCanBeChosenAndTheCodeEnlarged()
    {
        openReal(twoAddresses);
        toggle();
        auto* choice = find<QComboBox>("network-address");
        QVERIFY(choice->isVisible());
        choice->setCurrentIndex(1);
        emit choice->activated(1);
        QCOMPARE(urlOf(0).host(), QStringLiteral("127.0.0.3"));
        QVERIFY(visit(urlOf(0))->readAll().startsWith("HTTP/1.1 200"));
        QTest::keyClick(find<QrView>("network-code-1"), Qt::Key_Return);
        auto* large = find<QrView>("qr-large");
        QTRY_VERIFY(large->isVisible());
        QVERIFY(large->height() > 2 * find<QrView>("network-code-1")->height());
        QCOMPARE(decoded(large), urlOf(1).toString());
        QTest::keyClick(find<QDialog>("qr-dialog"), Qt::Key_Escape);
        QTRY_VERIFY(!window().findChild<QDialog*>(QStringLiteral("qr-dialog")));
        QVERIFY(find<QCheckBox>("network-switch")->isChecked());
    }

    void whoeverComesIsListedWithServerAndCookie()
    {
        openReal(twoAddresses);
        toggle();
        const auto visitor = visit(urlOf(1));
        auto* table = find<QTableView>("network-guests");
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 1, 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(cell(0, 3).startsWith(QStringLiteral("server-")), 10'000);
        QCOMPARE(cell(0, 0), QStringLiteral("curl"));
        QCOMPARE(cell(0, 1), QStringLiteral("127.0.0.9"));
        QCOMPARE(cell(0, 2), QStringLiteral("With sticky cookies"));
        QCOMPARE(cell(0, 4), cell(0, 3));
        const auto square = table->model()->index(0, 4).data(Qt::DecorationRole);
        const int replica = cell(0, 3).mid(7).toInt() - 1;
        QCOMPARE(square.value<QPixmap>().toImage().pixelColor(5, 5),
                 replicaColour(static_cast<std::size_t>(replica)));
        QVERIFY(find<QLabel>("network-count")->text().contains(QStringLiteral("1 from other")));
        // Without sticky cookies there is none.
        const auto other = visit(urlOf(0));
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, 10'000);
        QTRY_COMPARE_WITH_TIMEOUT(cell(0, 2), QStringLiteral("Without sticky cookies"), 10'000);
        QCOMPARE(cell(0, 4), QStringLiteral("none"));
    }

    void whereNobodyComesAHintSaysWhatToTry()
    {
        auto* panel = find<NetworkPanel>("network-panel");
        openReal(twoAddresses);
        toggle();
        auto* hint = find<QLabel>("network-hint");
        QTRY_VERIFY(!find<QLabel>("network-count")->text().isEmpty());
        QVERIFY(!hint->isVisible());
        panel->setPatience(std::chrono::milliseconds(0));
        QTRY_VERIFY_WITH_TIMEOUT(hint->isVisible(), 10'000);
        QVERIFY(hint->text().contains(QStringLiteral("Client isolation")));
        QVERIFY(hint->text().contains(QString::number(urlOf(0).port())));
        const auto visitor = visit(urlOf(0));
        QTRY_VERIFY_WITH_TIMEOUT(!hint->isVisible(), 10'000);
    }

    void publicAddressesStayClosedAndThatIsSaid()
    {
        openReal([] {
            return lab::NetworkAddresses {
                .publicOnes = {QHostAddress(QStringLiteral("203.0.113.7"))}};
        });
        toggle();
        QVERIFY(!find<QCheckBox>("network-switch")->isChecked());
        const QString said = find<QLabel>("network-meaning")->text();
        QVERIFY(said.startsWith(QStringLiteral("Not opened")));
        QVERIFY(said.contains(QStringLiteral("203.0.113.7")));
    }

    void anAddressThatCannotBeOpenedSaysWhy()
    {
        openReal([] {
            return lab::NetworkAddresses {.local = {QHostAddress(QStringLiteral("203.0.113.7"))}};
        });
        toggle();
        QVERIFY(!find<QCheckBox>("network-switch")->isChecked());
        QVERIFY(find<QLabel>("network-meaning")
                    ->text()
                    .startsWith(QStringLiteral("Not opened: cannot listen on 203.0.113.7")));
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<NetworkTest>(argc, argv);
}

#include "network_test.moc"
