// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The window where there is little room, or the text is large.
#include "sim/products/product.h"
#include "tests/gui/window_fixture.h"
#include "ui/panels/door.h"
#include "ui/stage/lane_stage.h"

#include <QComboBox>
#include <QFont>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabWidget>
#include <QToolButton>

using namespace stickyscope;

class SmallWindowTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void cleanup() { closeWindow(); }

    void everyPageFits_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("points");
        QTest::newRow("low and narrow") << QSize(800, 440) << 10;
        QTest::newRow("large text") << QSize(1280, 720 - frame) << 15;
        QTest::newRow("usual") << QSize(1280, 720 - frame) << 10;
    }

    void everyPageFits()
    {
        QFETCH(QSize, size);
        QFETCH(int, points);
        const QFont usual = QApplication::font();
        QFont font = usual;
        font.setPointSizeF(points);
        QApplication::setFont(font);
        openWindow();
        window().resize(size);
        QTRY_COMPARE(window().size(), size);
        m_size = size;
        nothingIsCut("first");
        QCOMPARE(area()->verticalScrollBar()->maximum(), 0);
        click("door-model");
        for (const Product* product : products()) {
            session().setProduct(std::string(product->id));
            nothingIsCut(std::string(product->id));
        }
        click("service");
        nothingIsCut("service");
        click("options");
        auto* tabs = find<QTabWidget>("option-tabs");
        for (int tab = 0; tab < tabs->count(); ++tab) {
            tabs->setCurrentIndex(tab);
            nothingIsCut("options " + std::to_string(tab));
        }
        QApplication::setFont(usual);
    }

    // Charts and figures give way to the rows of the stages, which get lower.
    void twelveClientsAreSeenBesideTheCharts()
    {
        openWindow();
        window().resize(1280, 720 - frame);
        for (const int clients : {6, 9, 12}) {
            Scenario scenario = test::defaultScenario();
            scenario.clients.front().count = clients;
            session().open(scenario);
            if (!find<QWidget>("share-0")->isVisible())
                click("door-model");
            for (const char* name : {"stage-0", "stage-1"}) {
                const auto* stage = find<LaneStage>(name);
                QTRY_COMPARE(stage->hiddenClients(), std::size_t {0});
                const double apart = stage->clientCentre(1).y() - stage->clientCentre(0).y();
                QVERIFY2(apart >= stage->fontMetrics().height() - 1,
                         qPrintable(QString::number(apart)));
            }
            QTRY_VERIFY(find<QWidget>("share-0")->isVisible());
            QTRY_COMPARE(area()->verticalScrollBar()->maximum(), 0);
            QCOMPARE(find<LaneStage>("stage-0")->width(), find<LaneStage>("stage-1")->width());
        }
        // No more than fit: the others are counted.
        Scenario scenario = test::defaultScenario();
        scenario.clients.front().count = 60;
        session().open(scenario);
        const auto* stage = find<LaneStage>("stage-0");
        QTRY_VERIFY(stage->hiddenClients() > 30);
        QVERIFY(stage->hiddenClients() < 50);
    }

    // All of what is behind a door is read, or none of it; never its beginning.
    void doorsSayAllOfWhatIsBehindThem()
    {
        openWindow();
        for (const QSize size : {QSize(1280, 720), QSize(800, 600), QSize(1920, 1080)}) {
            window().resize(size);
            QTRY_COMPARE(window().size(), size);
            for (const char* name : {"door-model", "door-lab", "door-service"})
                QVERIFY2(find<Door>(name)->tellsWhatIsBehind(), name);
        }
        Door door(QStringLiteral("A door"), QStringLiteral("all that is behind it"), nullptr);
        QCOMPARE(door.toolTip(), QStringLiteral("all that is behind it"));
        for (const Door::Room room : {Door::Room::plenty, Door::Room::some, Door::Room::little}) {
            door.setRoom(room);
            door.resize(400, 60);
            QVERIFY(door.tellsWhatIsBehind());
            door.resize(100, 60);
            QVERIFY(!door.tellsWhatIsBehind());
        }
    }

private:
    static constexpr int frame = 24;

    QSize m_size;

    QScrollArea* area() { return find<QScrollArea>("page"); }

    void nothingIsCut(const std::string& page)
    {
        QTRY_COMPARE(area()->horizontalScrollBar()->maximum(), 0);
        // Nor has the window grown beyond the screen to have it so.
        QCOMPARE(window().size(), m_size);
        QTRY_VERIFY2(firstCut().isEmpty(),
                     qPrintable(QString::fromStdString(page) + QStringLiteral(": ") + firstCut()));
    }

    // What is visible and has less room than it needs, or is not inside of what holds it.
    QString firstCut()
    {
        for (QWidget* widget : window().findChildren<QWidget*>()) {
            const auto* label = qobject_cast<QLabel*>(widget);
            const bool text =
                label || qobject_cast<QAbstractButton*>(widget) || qobject_cast<QComboBox*>(widget);
            if (!text || !widget->isVisible() || widget->window() != &window()
                || widget->objectName().startsWith(QLatin1String("qt_"))
                || qobject_cast<QToolButton*>(widget))
                continue;
            const int least = widget->hasHeightForWidth() ? widget->heightForWidth(widget->width())
                                                          : widget->minimumSizeHint().height();
            if (widget->width() < widget->minimumSizeHint().width() || widget->height() < least
                || !widget->parentWidget()->rect().contains(widget->geometry()))
                return widget->objectName() + (label ? label->text() : widget->accessibleName());
        }
        return {};
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<SmallWindowTest>(argc, argv);
}

#include "small_window_test.moc"
