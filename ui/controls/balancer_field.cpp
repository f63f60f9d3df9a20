// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/balancer_field.h"

#include "sim/dispatch/dispatcher.h"
#include "sim/formats/time_text.h"
#include "ui/format.h"

#include <QObject>
#include <QStringList>

#include <cmath>

namespace stickyscope {

namespace {

using Text = std::optional<QString>;

QString yes()
{
    return QObject::tr("yes");
}

QString no()
{
    return QObject::tr("no");
}

QString wordsOf(const SettingValue& value)
{
    struct Words
    {
        QString operator()(bool flag) const { return flag ? yes() : no(); }
        QString operator()(std::int64_t whole) const { return QString::number(whole); }
        QString operator()(double number) const { return fromCore(writeNumber(number)); }
        QString operator()(Duration time) const { return fromCore(writeTime(time)); }
        QString operator()(const std::string& word) const { return fromCore(word); }
    };
    return std::visit(Words {}, value);
}

// As the field shows it: a flag's in the window's own words.
QString usualWords(const Setting& setting)
{
    const std::string_view usual = usualOf(setting);
    if (setting.type == Setting::Type::flag)
        return usual == "true" ? yes() : no();
    return fromCore(usual);
}

// Whether it is within its range is the scenario's to say.
std::optional<SettingValue> valueOf(const Setting& setting, const QString& words)
{
    bool good = true;
    SettingValue value;
    switch (setting.type) {
    case Setting::Type::flag:
        value = words == yes();
        break;
    case Setting::Type::whole:
        value = static_cast<std::int64_t>(words.toLongLong(&good));
        break;
    case Setting::Type::number:
        value = words.toDouble(&good);
        good = good && std::isfinite(std::get<double>(value));
        break;
    case Setting::Type::time: {
        const auto time = readTime(words.toStdString());
        good = time.has_value();
        value = time.value_or(Duration {});
        break;
    }
    case Setting::Type::text:
    case Setting::Type::choice:
    case Setting::Type::words:
        value = words.toStdString();
        break;
    }
    return good ? std::optional(value) : std::nullopt;
}

QString rangeOf(const Setting& setting)
{
    const auto words = [&](double bound) {
        return setting.type == Setting::Type::time ? fromCore(writeTime(
                   std::chrono::duration_cast<Duration>(std::chrono::duration<double>(bound))))
                                                   : fromCore(writeNumber(bound));
    };
    if (setting.type == Setting::Type::text || setting.most <= setting.least)
        return {};
    return QObject::tr("%1 to %2").arg(words(setting.least), words(setting.most));
}

QString allowedWords(const Setting& setting)
{
    QStringList all;
    for (const std::string_view choice : setting.choices)
        all << fromCore(choice);
    return QObject::tr("Some of: %1").arg(all.join(QLatin1Char(' ')));
}

BalancerField fieldOf(const Setting& setting, Settings& (*settingsOf)(BalancerSpec&))
{
    BalancerField field {.key = fromCore(setting.key),
                         .explanation = fromCore(setting.explanation),
                         .allowed = rangeOf(setting),
                         .usual = usualWords(setting)};
    if (setting.type == Setting::Type::flag)
        field.choices = {yes(), no()};
    for (const std::string_view choice : setting.choices) {
        if (setting.type == Setting::Type::choice)
            field.choices << fromCore(choice);
    }
    if (setting.type == Setting::Type::words)
        field.allowed = allowedWords(setting);
    field.read = [&setting, settingsOf](const BalancerSpec& spec) -> Text {
        BalancerSpec copy = spec;
        for (const auto& [key, value] : settingsOf(copy)) {
            if (key == setting.key)
                return wordsOf(value);
        }
        return std::nullopt;
    };
    field.write = [&setting, settingsOf](BalancerSpec& spec, const Text& words) {
        if (!words) {
            settingsOf(spec).remove(setting.key);
            return true;
        }
        const auto value = valueOf(setting, *words);
        if (value)
            settingsOf(spec).set(setting.key, *value);
        return value.has_value();
    };
    return field;
}

BalancerField wordField(const QString& key, const QString& explanation, const QString& usual,
                        std::string StickySpec::*member)
{
    return {.key = key,
            .explanation = explanation,
            .usual = usual,
            .read = [member](const BalancerSpec& spec) -> Text {
                const std::string& word = (*spec.sticky).*member;
                return word.empty() ? Text() : fromCore(word);
            },
            .write =
                [member](BalancerSpec& spec, const Text& words) {
                    (*spec.sticky).*member = words.value_or(QString()).toStdString();
                    return true;
                }};
}

BalancerField flagField(const QString& key, const QString& explanation, bool StickySpec::*member)
{
    return {.key = key,
            .explanation = explanation,
            .usual = no(),
            .choices = {yes()},
            .read = [member](const BalancerSpec& spec) -> Text {
                return (*spec.sticky).*member ? Text(yes()) : Text();
            },
            .write =
                [member](BalancerSpec& spec, const Text& words) {
                    (*spec.sticky).*member = words.has_value();
                    return true;
                }};
}

BalancerField pathField()
{
    return {.key = QStringLiteral("path"),
            .explanation = QObject::tr("For which paths clients send it back."),
            .usual = QObject::tr("the product's own"),
            .read = [](const BalancerSpec& spec) -> Text {
                return spec.sticky->path ? Text(fromCore(*spec.sticky->path)) : Text();
            },
            .write =
                [](BalancerSpec& spec, const Text& words) {
                    spec.sticky->path = words ? std::optional(words->toStdString()) : std::nullopt;
                    return true;
                }};
}

BalancerField sameSiteField()
{
    BalancerField field {.key = QStringLiteral("same-site"),
                         .explanation = QObject::tr("Whether requests from other sites carry it."),
                         .usual = QObject::tr("not said"),
                         .read = [](const BalancerSpec& spec) -> Text {
                             return spec.sticky->sameSite == SameSite::unset
                                 ? Text()
                                 : Text(fromCore(nameOf(spec.sticky->sameSite)));
                         }};
    for (const SameSite one : {SameSite::none, SameSite::lax, SameSite::strict})
        field.choices << fromCore(nameOf(one));
    field.write = [](BalancerSpec& spec, const Text& words) {
        spec.sticky->sameSite = SameSite::unset;
        for (const SameSite one : {SameSite::none, SameSite::lax, SameSite::strict}) {
            if (words == fromCore(nameOf(one)))
                spec.sticky->sameSite = one;
        }
        return true;
    };
    return field;
}

// As the product calls it where nobody does.
QString usualCookie(const Product& product)
{
    BalancerSpec spec;
    changeProduct(spec, product);
    spec.sticky = StickySpec {};
    return fromCore(Dispatcher(spec, {}, Chance {}).cookieName());
}

BalancerField maxAgeField()
{
    return {.key = QStringLiteral("max-age"),
            .explanation = QObject::tr("How long it is good."),
            .allowed = QObject::tr("such as 30s, 10m or 24h"),
            .usual = QObject::tr("browser session"),
            .read = [](const BalancerSpec& spec) -> Text {
                return spec.sticky->maxAge ? Text(fromCore(writeTime(*spec.sticky->maxAge)))
                                           : Text();
            },
            .write =
                [](BalancerSpec& spec, const Text& words) {
                    const auto time = words ? readTime(words->toStdString()) : std::nullopt;
                    const bool good = !words || (time && *time < longestTime);
                    if (good)
                        spec.sticky->maxAge = time
                            ? std::optional(std::chrono::ceil<std::chrono::seconds>(*time))
                            : std::nullopt;
                    return good;
                }};
}

} // namespace

std::vector<BalancerField> balancerFieldsOf(const Product& product)
{
    std::vector<BalancerField> fields;
    for (const Setting& setting : product.settings)
        fields.push_back(
            fieldOf(setting, [](BalancerSpec& spec) -> Settings& { return spec.settings; }));
    return fields;
}

std::vector<BalancerField> cookieFieldsOf(const Product& product)
{
    std::vector<BalancerField> fields;
    const auto add = [&](CookieKey key, BalancerField field) {
        if (product.has(key))
            fields.push_back(std::move(field));
    };
    add(CookieKey::name,
        wordField(QStringLiteral("cookie"), QObject::tr("Its name."), usualCookie(product),
                  &StickySpec::cookie));
    add(CookieKey::path, pathField());
    add(CookieKey::domain,
        wordField(QStringLiteral("domain"), QObject::tr("To which hosts clients send it back."),
                  QObject::tr("the same host"), &StickySpec::domain));
    add(CookieKey::secure,
        flagField(QStringLiteral("secure"), QObject::tr("Sent over TLS alone."),
                  &StickySpec::secure));
    add(CookieKey::httpOnly,
        flagField(QStringLiteral("http-only"), QObject::tr("Out of reach for scripts."),
                  &StickySpec::httpOnly));
    add(CookieKey::sameSite, sameSiteField());
    add(CookieKey::maxAge, maxAgeField());
    for (const Setting& setting : product.cookieSettings)
        fields.push_back(fieldOf(
            setting, [](BalancerSpec& spec) -> Settings& { return spec.sticky->settings; }));
    return fields;
}

} // namespace stickyscope
