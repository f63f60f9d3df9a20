// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Journeys through what a balancer lets people set.
#include "sim/products/product.h"
#include "tests/gui/window_fixture.h"
#include "ui/controls/balancer_field.h"

#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

using namespace stickyscope;

class SettingsTest : public test::WindowFixture
{
    Q_OBJECT

private slots:
    void init()
    {
        openWindow();
        click("door-model");
    }
    void cleanup() { closeWindow(); }

    void aSettingIsAppliedAtOnceAndTakenBack()
    {
        choose("haproxy");
        click("settings");
        QVERIFY(find<QDialog>("balancer-settings")->isVisible());
        QVERIFY(!find<QPushButton>("reset-retries")->isEnabled());
        write("setting-retries", QStringLiteral("5"));
        QCOMPARE(balancer().settings.whole("retries", 3), std::int64_t {5});
        pick("setting-redispatch", QStringLiteral("yes"));
        QVERIFY(balancer().settings.flag("redispatch"));
        pick("setting-mode", QStringLiteral("prefix"));
        QCOMPARE(balancer().sticky->settings.text("mode"), std::string("prefix"));
        click("reset-retries");
        QVERIFY(!balancer().settings.has("retries"));
        QVERIFY(find<QDialog>("balancer-settings")->isVisible());
        QVERIFY(find<QLineEdit>("setting-retries")->text().isEmpty());
        session().undo();
        QCOMPARE(find<QLineEdit>("setting-retries")->text(), QStringLiteral("5"));
        runToTheEnd();
    }

    void whereNothingIsSetTheDefaultIsSeen()
    {
        choose("haproxy");
        click("settings");
        const std::vector<std::pair<const char*, QString>> lines {
            {"setting-retries", QStringLiteral("3")},
            {"setting-draws", QStringLiteral("2")},
            {"setting-timeout-connect", QStringLiteral("1s")},
            {"setting-maxconn", QStringLiteral("any number")},
            {"setting-hash-balance-factor", QStringLiteral("0")},
            {"setting-hash-name", QStringLiteral("none")}};
        for (const auto& [name, usual] : lines)
            QCOMPARE(find<QLineEdit>(name)->placeholderText(), usual);
        const std::vector<std::pair<const char*, QString>> boxes {
            {"setting-mode", QStringLiteral("insert (default)")},
            {"setting-hash-on", QStringLiteral("source (default)")},
            {"setting-observe", QStringLiteral("none (default)")},
            {"setting-redispatch", QStringLiteral("no (default)")},
            {"setting-hash-type", QStringLiteral("map-based (default)")}};
        for (const auto& [name, usual] : boxes) {
            QCOMPARE(find<QComboBox>(name)->currentText(), usual);
            QVERIFY(find<QComboBox>(name)->property("faint").toBool());
        }
        pick("setting-mode", QStringLiteral("prefix"));
        QVERIFY(!find<QComboBox>("setting-mode")->property("faint").toBool());
        choose("aws-alb");
        QCOMPARE(find<QLineEdit>("setting-duration")->placeholderText(), QStringLiteral("24h"));
        choose("f5");
        QVERIFY(find<QLineEdit>("setting-cookie")
                    ->placeholderText()
                    .startsWith(QStringLiteral("BIGipServer")));
    }

    void whatCannotBeIsSaidAndChangesNothing()
    {
        choose("haproxy");
        click("settings");
        const BalancerSpec before = balancer();
        const std::vector<std::pair<const char*, QString>> rows {
            {"retries", QStringLiteral("500")},
            {"retries", QStringLiteral("many")},
            {"maxlife", QStringLiteral("soon")},
            {"cookie", QStringLiteral("no name; at all")},
            {"attr", QStringLiteral("a;b")}};
        for (const auto& [key, text] : rows) {
            const std::string name = std::string("setting-") + key;
            const QString shown = find<QLineEdit>(name.c_str())->text();
            write(name.c_str(), text);
            auto* fault = find<QLabel>((std::string("fault-") + key).c_str());
            QVERIFY2(fault->isVisible(), key);
            QVERIFY2(fault->text().contains(text), qPrintable(fault->text()));
            QCOMPARE(fault->textFormat(), Qt::PlainText);
            QTRY_VERIFY2(!fault->visibleRegion().isEmpty(), key); // scrolled to
            QVERIFY(balancer() == before);
            write(name.c_str(), shown);
            QVERIFY(!fault->isVisible());
            QVERIFY(balancer() == before);
        }
        // What was refused is gone when the dialog is opened again.
        write("setting-retries", QStringLiteral("many"));
        auto* retries = find<QLineEdit>("setting-retries");
        retries->window()->close();
        click("settings");
        QCOMPARE(retries->text(), QString());
        QVERIFY(!find<QLabel>("fault-retries")->isVisible());
    }

    void theCookiesCommonKeysAreThoseThatTheProductHas()
    {
        click("settings");
        write("setting-cookie", QStringLiteral("who"));
        write("setting-max-age", QStringLiteral("10m"));
        pick("setting-same-site", QStringLiteral("lax"));
        pick("setting-http-only", QStringLiteral("yes"));
        QCOMPARE(balancer().sticky->cookie, std::string("who"));
        QCOMPARE(*balancer().sticky->maxAge, std::chrono::seconds(600));
        QCOMPARE(balancer().sticky->sameSite, SameSite::lax);
        QVERIFY(balancer().sticky->httpOnly);
        choose("envoy");
        QVERIFY(find<QLineEdit>("setting-cookie"));
        QVERIFY(!window().findChild<QWidget*>(QStringLiteral("setting-same-site")));
        choose("plain");
        QVERIFY(!window().findChild<QWidget*>(QStringLiteral("setting-cookie")));
    }

    // Every setting of every product can be read, set and taken back, as files hold them.
    void everyFieldOfEveryProductWorks()
    {
        for (const Product* product : products()) {
            BalancerSpec spec;
            changeProduct(spec, *product);
            auto fields = balancerFieldsOf(*product);
            if (product->hasCookie()) {
                for (BalancerField& field : cookieFieldsOf(*product))
                    fields.push_back(std::move(field));
            }
            for (const BalancerField& field : fields) {
                const BalancerSpec before = spec;
                QVERIFY(!field.explanation.isEmpty());
                QVERIFY(!field.read(spec).has_value());
                // A choice's default is one of them, where it is known.
                if (field.choices.size() > 1 && !field.usual.isEmpty() && field.usual[0].isLower()
                    && field.usual != QLatin1String("none")
                    && field.key != QLatin1String("same-site"))
                    QVERIFY2(field.choices.contains(field.usual), qPrintable(field.key));
                // One of these is within the range of any of them.
                QStringList words {QStringLiteral("90s"), QStringLiteral("1h"), QStringLiteral("2"),
                                   QStringLiteral("/word")};
                if (!field.choices.isEmpty())
                    words = {field.choices.front()};
                const bool taken =
                    std::any_of(words.begin(), words.end(),
                                [&](const QString& word) { return field.write(spec, word); });
                QVERIFY2(taken, qPrintable(field.key));
                QVERIFY2(field.read(spec).has_value(), qPrintable(field.key));
                QVERIFY(field.write(spec, std::nullopt));
                QVERIFY2(spec == before, qPrintable(field.key));
            }
        }
    }

    void whatDiffersFromTheRealOneStandsInTheSettings()
    {
        for (const char* product : {"caddy", "custom"}) {
            choose(product);
            click("settings");
            const std::vector<Difference> all = differencesOf(*findProduct(product));
            auto* note = window().findChild<QLabel*>(QStringLiteral("known-differences"));
            QCOMPARE(note != nullptr, !all.empty());
            for (const Difference& one : all)
                QVERIFY(note->text().contains(
                    QString::fromUtf8(one.why.data(), static_cast<qsizetype>(one.why.size()))));
            click("close-settings");
        }
    }

    void whatRestsOnDocumentsIsSaidInTheWindow()
    {
        for (const Product* product : products()) {
            choose(std::string(product->id).c_str());
            auto* mark = find<QPushButton>("documents-only");
            QCOMPARE(mark->isVisible(), !product->documentsOnly.empty());
            if (!mark->isVisible())
                continue;
            const QString note =
                QString::fromUtf8(product->documentsOnly.data(),
                                  static_cast<qsizetype>(product->documentsOnly.size()));
            QVERIFY(mark->accessibleDescription().contains(note));
            QVERIFY(mark->toolTip().contains(note.toHtmlEscaped()));
            click("documents-only");
            auto* dialog = find<QDialog>("balancer-settings");
            QVERIFY(dialog->isVisible());
            const auto isInSight = [&] {
                for (const QLabel* label : dialog->findChildren<QLabel*>()) {
                    if (label->text().contains(note) && !label->visibleRegion().isEmpty())
                        return true;
                }
                return false;
            };
            QTRY_VERIFY2(isInSight(), qPrintable(note));
            click("close-settings");
        }
    }

private:
    const BalancerSpec& balancer() { return session().scenario().balancer; }

    void choose(const char* product)
    {
        auto* box = find<QComboBox>("product");
        box->setCurrentIndex(box->findData(QString::fromLatin1(product)));
        emit box->activated(box->currentIndex());
    }

    void write(const char* name, const QString& text)
    {
        auto* line = find<QLineEdit>(name);
        line->setFocus();
        line->setText(text);
        QTest::keyClick(line, Qt::Key_Return);
    }

    void pick(const char* name, const QString& choice)
    {
        auto* box = find<QComboBox>(name);
        box->setCurrentIndex(box->findText(choice));
        QVERIFY(box->currentIndex() > 0);
        emit box->activated(box->currentIndex());
    }
};

int main(int argc, char** argv)
{
    return test::runJourneys<SettingsTest>(argc, argv);
}

#include "settings_test.moc"
