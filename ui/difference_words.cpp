// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/difference_words.h"

#include "sim/formats/yaml_merge.h"
#include "sim/formats/yaml_node.h"
#include "sim/products/product.h"
#include "ui/format.h"

#include <QObject>
#include <QStringList>

#include <algorithm>
#include <vector>

namespace stickyscope {

namespace {

// One setting that differs, of all that have it alike.
struct Differing
{
    QStringList subjects;
    QString part; ///< of them: "sticky", "health-check"; empty for themselves
    QString key;
    QString value;
    bool plural = false; ///< a subject alone is several: a group of clients

    bool several() const { return plural || subjects.size() > 1; }
};

struct Subject
{
    QString name;
    QString part;
    bool plural = false;
};

bool isPart(const std::string& key)
{
    return key == "sticky" || key == "health-check";
}

bool isListOfNamed(const YamlNode& node)
{
    return node.kind == YamlNode::Kind::sequence && !node.children.empty()
        && std::all_of(node.children.begin(), node.children.end(), [](const YamlNode& item) {
               return item.kind == YamlNode::Kind::mapping && item.find("name");
           });
}

// "exponential 20s", of {exponential: 20s}.
QString valueOf(const YamlNode& node)
{
    if (node.kind == YamlNode::Kind::scalar)
        return fromCore(node.text);
    QString words = fromCore(flowText(node));
    for (const char* mark : {"{", "}", "[", "]", ":", "\""})
        words.remove(QLatin1String(mark));
    return words;
}

void add(std::vector<Differing>& all, const Subject& of, const QString& key, const QString& value)
{
    const auto alike = std::find_if(all.begin(), all.end(), [&](const Differing& one) {
        return one.part == of.part && one.key == key && one.value == value
            && one.plural == of.plural;
    });
    if (alike != all.end())
        alike->subjects << of.name;
    else
        all.push_back({{of.name}, of.part, key, value, of.plural});
}

void gather(const YamlNode& node, const Subject& of, std::vector<Differing>& all)
{
    for (std::size_t entry = 0; entry < node.entries(); ++entry) {
        const std::string& key = node.key(entry).text;
        const YamlNode& value = node.value(entry);
        if (key == "balancer" && value.kind == YamlNode::Kind::mapping) {
            gather(value, {QObject::tr("the balancer"), {}}, all);
        } else if (isPart(key) && value.kind == YamlNode::Kind::mapping) {
            gather(value, {of.name, fromCore(key), of.plural}, all);
        } else if (isListOfNamed(value) && key != "timeline") {
            const bool clients = key == "clients";
            for (const YamlNode& item : value.children) {
                const QString name = fromCore(item.find("name")->text);
                gather(item,
                       {clients ? QObject::tr("the clients “%1”").arg(name) : name, {}, clients},
                       all);
            }
        } else if (key != "name" || of.name.isEmpty()) {
            add(all, of, fromCore(key), valueOf(value));
        }
    }
}

QString subjectOf(const Differing& one)
{
    QString names = one.subjects.first();
    if (one.subjects.size() > 1)
        names = QStringList(one.subjects.mid(0, one.subjects.size() - 1)).join(QStringLiteral(", "))
            + QObject::tr(" and ") + one.subjects.last();
    if (one.part == QLatin1String("sticky"))
        return QObject::tr("the sticky cookie of %1").arg(names);
    if (one.part == QLatin1String("health-check"))
        return QObject::tr("the health check of %1").arg(names);
    return names;
}

// Of a sticky cookie.
QString cookiePredicate(const Differing& one)
{
    if (one.key == QLatin1String("cookie"))
        return QObject::tr("is called “%1”").arg(one.value);
    if (one.key == QLatin1String("path"))
        return QObject::tr("has the path %1").arg(one.value);
    if (one.key == QLatin1String("domain"))
        return QObject::tr("has the domain %1").arg(one.value);
    if (one.key == QLatin1String("max-age"))
        return QObject::tr("lasts %1").arg(one.value);
    if (one.key == QLatin1String("same-site"))
        return QObject::tr("has SameSite=%1").arg(one.value);
    if (one.key == QLatin1String("secure"))
        return one.value == QLatin1String("true") ? QObject::tr("is marked Secure")
                                                  : QObject::tr("is not marked Secure");
    return {};
}

QString ownPredicate(const Differing& one)
{
    if (one.key == QLatin1String("product")) {
        const Product* product = findProduct(one.value.toStdString());
        return QObject::tr("is %1").arg(product ? fromCore(std::string(product->title))
                                                : one.value);
    }
    if (one.key == QLatin1String("algorithm"))
        return QObject::tr("places requests by “%1”").arg(one.value);
    if (one.key == QLatin1String("servers"))
        return QObject::tr("has the servers %1").arg(one.value);
    if (one.key == QLatin1String("jar") && one.value == QLatin1String("own"))
        return QObject::tr("keep their cookies");
    if (one.key == QLatin1String("jar") && one.value == QLatin1String("none"))
        return QObject::tr("keep no cookies");
    if (one.key == QLatin1String("sessions") && one.value == QLatin1String("shared"))
        return one.several() ? QObject::tr("share what they know of sessions")
                             : QObject::tr("shares what it knows of sessions");
    return {};
}

QString predicateOf(const Differing& one)
{
    QString known = one.part == QLatin1String("sticky") ? cookiePredicate(one)
        : one.part.isEmpty()                            ? ownPredicate(one)
                                                        : QString();
    if (!known.isEmpty())
        return known;
    if (one.part == QLatin1String("health-check") && one.key == QLatin1String("every"))
        return QObject::tr("comes every %1").arg(one.value);
    const bool many = one.several() && one.part.isEmpty();
    const QString has = many ? QObject::tr("have") : QObject::tr("has");
    if (one.value == QLatin1String("true"))
        return QObject::tr("%1 “%2” switched on").arg(has, one.key);
    if (one.value == QLatin1String("false"))
        return QObject::tr("%1 “%2” switched off").arg(has, one.key);
    return QObject::tr("%1 “%2” set to %3").arg(has, one.key, one.value);
}

// Of the scenario itself.
QString sentenceOf(const Differing& one)
{
    if (!one.subjects.first().isEmpty())
        return subjectOf(one) + QLatin1Char(' ') + predicateOf(one);
    if (one.key == QLatin1String("timeline"))
        return QObject::tr("other things happen as time goes by");
    if (one.key == QLatin1String("routes"))
        return QObject::tr("hosts and paths lead to other balancers");
    if (one.key == QLatin1String("cache"))
        return one.value == QLatin1String("none")
            ? QObject::tr("there is no cache in front of the balancer")
            : QObject::tr("there is a cache in front of the balancer (%1)").arg(one.value);
    if (one.value == QLatin1String("true"))
        return QObject::tr("“%1” is switched on").arg(one.key);
    if (one.value == QLatin1String("false"))
        return QObject::tr("“%1” is switched off").arg(one.key);
    return QObject::tr("“%1” is %2").arg(one.key, one.value);
}

} // namespace

QString differenceInWords(const std::string& yaml)
{
    const auto node = parseYaml(yaml);
    if (!node || node->kind != YamlNode::Kind::mapping)
        return fromCore(yaml);
    std::vector<Differing> all;
    gather(*node, {}, all);
    QStringList sentences;
    for (const Differing& one : all)
        sentences << sentenceOf(one);
    return sentences.join(QStringLiteral("; "));
}

} // namespace stickyscope
