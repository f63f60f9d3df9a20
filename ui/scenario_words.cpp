// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scenario_words.h"

#include "sim/balance/algorithms.h"
#include "sim/dispatch/lone_request.h"
#include "sim/live/target.h"
#include "sim/model/balancer_servers.h"
#include "sim/products/product.h"
#include "ui/difference_words.h"
#include "ui/format.h"

#include <QObject>

#include <algorithm>
#include <numeric>
#include <utility>

namespace stickyscope {

namespace {

// "a, b and c".
QString listed(const QStringList& names)
{
    return names.size() < 2 ? names.join(QString())
                            : names.mid(0, names.size() - 1).join(QStringLiteral(", "))
            + QObject::tr(" and ") + names.last();
}

QString titleOf(const BalancerSpec& balancer)
{
    return fromCore(findProduct(balancer.product)->title);
}

const Scenario& ownOf(const Scenario& scenario, const LaneSpec& lane)
{
    return lane.own ? *lane.own : scenario;
}

bool areAlike(const Scenario& scenario, const LaneSpec& one, const LaneSpec& other)
{
    if (balancersOf(scenario, one) != balancersOf(scenario, other))
        return false;
    const auto rest = [&scenario](const LaneSpec& lane) {
        Scenario own = ownOf(scenario, lane);
        own.lanes.clear();
        own.assertions.clear(); // of the experiment, which has lanes
        return own;
    };
    return rest(one) == rest(other);
}

// Whether a client without a cookie gets one with an answer of this status; 101 opens a WebSocket.
bool setsCookie(const Scenario& scenario, const BalancerSpec& balancer, int status)
{
    ReplicaSet replicas;
    for (const ReplicaSpec& replica : scenario.replicas)
        replicas.add(viewOf(replica, "10.0.0.1:8000"));
    Dispatcher dispatcher(balancer, std::move(replicas), Chance {});
    const http::RequestHead request {.method = scenario.clients.front().method};
    const LoneAnswer met = meetAlone(
        dispatcher,
        {.arrival = {.request = request, .now = scenario.starts, .source = "198.51.100.7"},
         .draw = [](int) { return Draw(1, 0, 0, 0, Purpose::balancerChoice); },
         .fault = [](ReplicaIndex) { return std::optional<Fault>(); },
         .answer = [status](ReplicaIndex) { return http::ResponseHead {.status = status}; }});
    return met.response.fields.find("Set-Cookie") != nullptr;
}

// By what one of several keeps requests together.
QString keepsBy(const BalancerSpec& balancer)
{
    if (!balancer.sticky || !findProduct(balancer.product)->hasCookie())
        return QObject::tr("places each request anew");
    const Dispatcher dispatcher(balancer, {}, Chance {});
    if (dispatcher.looksAtSource())
        return QObject::tr("keeps to a server by the client's address");
    return dispatcher.cookieName().empty() ? QObject::tr("keeps to a server by what requests hold")
                                           : QObject::tr("keeps to a server by the cookie “%1”")
                                                 .arg(fromCore(dispatcher.cookieName()));
}

// Each with its way.
QString remarkOnSeveral(const std::vector<BalancerSpec>& all)
{
    const BalancerSpec& front = all.front();
    QStringList sentences {QObject::tr("%1 in front %2").arg(titleOf(front), keepsBy(front))};
    for (std::size_t place = 1; place < all.size(); ++place) {
        const BalancerSpec& other = all[place];
        const bool behind = !front.servers.empty() && isServer(front, other.name);
        sentences << (behind ? QObject::tr("behind it %1 (%2) %3") : QObject::tr("%1 (%2) %3"))
                         .arg(fromCore(other.name), titleOf(other), keepsBy(other));
    }
    return sentences.join(QStringLiteral("; ")) + QLatin1Char('.');
}

bool haveWebSocketsAlone(const Scenario& scenario)
{
    return std::all_of(scenario.clients.begin(), scenario.clients.end(),
                       [](const ClientSpec& group) { return group.kind == ClientKind::websocket; });
}

bool noneKeepCookies(const Scenario& scenario)
{
    return std::all_of(scenario.clients.begin(), scenario.clients.end(),
                       [](const ClientSpec& group) {
                           return group.jar == JarKind::none && group.cookieFile.empty();
                       });
}

} // namespace

QString alikeWith(const Scenario& scenario, const LaneSpec& lane)
{
    for (const LaneSpec& earlier : scenario.lanes) {
        if (earlier.name == lane.name)
            break;
        if (areAlike(scenario, earlier, lane))
            return QObject::tr("With this balancer nothing differs from “%1”.")
                .arg(headlineOf(scenario, earlier));
    }
    return {};
}

QString aboutCache(const Scenario& scenario, const LaneSpec& lane)
{
    switch (ownOf(scenario, lane).cache) {
    case CacheCookies::strip:
        return QObject::tr("The cache in front of the balancer takes each cookie out of its "
                           "answers.");
    case CacheCookies::store:
        return QObject::tr("The cache in front of the balancer keeps each page's first answer "
                           "that is not private, and hands its cookie to all who have none.");
    case CacheCookies::pass:
        break;
    }
    return {};
}

QString headlineOf(const Scenario& scenario, const LaneSpec& lane)
{
    const bool offOrOn = lane.name == "off" || lane.name == "on";
    if (offOrOn && balancerOf(scenario, lane).sticky.has_value() == (lane.name == "on"))
        return lane.sticky ? QObject::tr("Sticky cookies on") : QObject::tr("Sticky cookies off");
    if (lane.name == "model" && scenario.lanes.size() == 2)
        return lane.sticky ? QObject::tr("Model, sticky on") : QObject::tr("Model, sticky off");
    if (lane.name == "real" && scenario.lanes.size() == 2)
        return lane.sticky ? QObject::tr("Real, sticky on") : QObject::tr("Real, sticky off");
    const QString name = fromCore(lane.name);
    return name.left(1).toUpper() + name.mid(1);
}

QString remarkOn(const Scenario& scenario, const LaneSpec& lane)
{
    if (!lane.with.empty())
        return QObject::tr("Here %1.").arg(differenceInWords(lane.with));
    const BalancerSpec balancer = balancerOf(scenario, lane);
    const Product& product = *findProduct(balancer.product);
    const Algorithm& algorithm = *findAlgorithm(findAlgorithm(product, balancer.algorithm)->id);
    if (const auto all = balancersOf(scenario, lane); all.size() > 1)
        return remarkOnSeveral(all);
    if (balancer.count > 1)
        return (balancer.sharedSessions
                    ? QObject::tr(
                        "%1 %2 balancers side by side: what they remember of sessions is shared.")
                    : QObject::tr("%1 %2 balancers side by side, each with a state of its own."))
            .arg(balancer.count)
            .arg(fromCore(product.title));
    if (!balancer.sticky || !product.hasCookie())
        return QObject::tr("The balancer remembers nothing: it places each request anew, by “%1”.")
            .arg(fromCore(algorithm.title));
    const Dispatcher dispatcher(balancer, {}, Chance {});
    if (dispatcher.looksAtSource())
        return QObject::tr(
                   "%1 remembers at which server each client's address was, and keeps to it.")
            .arg(fromCore(product.title));
    if (dispatcher.cookieName().empty())
        return QObject::tr(
                   "%1 sets no cookie: whoever sends the same header, or comes from the same "
                   "address, comes to the same server.")
            .arg(fromCore(product.title));
    if (!scenario.sessionCookie.empty() && dispatcher.cookieName() == scenario.sessionCookie)
        return QObject::tr(
                   "%1 goes by the application's own cookie, and keeps to the server that the "
                   "session began at.")
            .arg(fromCore(product.title));
    if (!setsCookie(scenario, balancer, 200))
        return QObject::tr("%1 sets no cookie of its own: it goes by “%2” where a request has it.")
            .arg(fromCore(product.title), fromCore(dispatcher.cookieName()));
    if (haveWebSocketsAlone(scenario) && !setsCookie(scenario, balancer, 101))
        return QObject::tr("%1 sets no cookie with the answer that opens a WebSocket (101): who "
                           "begins with one has none.")
            .arg(fromCore(product.title));
    if (noneKeepCookies(scenario))
        return QObject::tr("%1 sets a cookie with its first answer, which these clients do not "
                           "keep: each request is placed anew.")
            .arg(fromCore(product.title));
    if (scenario.cache == CacheCookies::strip)
        return QObject::tr("%1 sets a cookie, but the cache in front of it takes it away.")
            .arg(fromCore(product.title));
    if (scenario.cache == CacheCookies::store)
        return QObject::tr("%1 sets a cookie for each client, but the cache in front of it may "
                           "hand one client's to others.")
            .arg(fromCore(product.title));
    return QObject::tr(
               "%1 sets a cookie with its first answer, and keeps to the server that it names.")
        .arg(fromCore(product.title));
}

int balancersIn(const Scenario& scenario)
{
    const auto all = balancersOf(scenario, scenario.lanes.front());
    return std::accumulate(all.begin(), all.end(), 0, [](int sum, const BalancerSpec& balancer) {
        return sum + balancer.count;
    });
}

QString productsIn(const Scenario& scenario)
{
    QStringList titles;
    for (const BalancerSpec& balancer : balancersOf(scenario, scenario.lanes.front()))
        titles << titleOf(balancer);
    titles.removeDuplicates();
    return listed(titles);
}

QString versionRemarkOn(const Scenario& scenario, const LaneSpec& lane)
{
    for (const BalancerSpec& balancer : balancersOf(scenario, lane)) {
        const Product& product = *findProduct(balancer.product);
        const std::string_view since = lane.sticky && balancer.sticky && product.stickySince
            ? product.stickySince(balancer)
            : std::string_view();
        if (!since.empty())
            return QObject::tr(" An older %1 than %2 does not know “sticky”.")
                .arg(titleOf(balancer), fromCore(since));
    }
    return {};
}

void retitle(Scenario& scenario, const std::string& before)
{
    const std::string_view last = findProduct(before)->title;
    if (const auto at = scenario.title.find(last); at != std::string::npos)
        scenario.title.replace(at, last.size(), findProduct(scenario.balancer.product)->title);
}

QString remarkOnService(const LaneSpec& lane)
{
    return (lane.sticky
                ? QObject::tr("Every client keeps its whole jar.")
                : QObject::tr("A sticky cookie is withheld, where one is set; all others are "
                              "kept."))
        + QObject::tr(" Shown 0.3 s behind.");
}

Scenario scenarioToWatch(const live::Target& service)
{
    Scenario scenario;
    scenario.title = service.endpoint.url.authority() + service.endpoint.url.path;
    scenario.duration = std::chrono::hours(1);
    scenario.lanes = offAndOn();
    return scenario;
}

QStringList linesToStop(const QString& replica)
{
    // Only what a host or pod can be called is put into a line for the shell.
    QString name;
    for (const QChar letter : replica) {
        if ((letter.unicode() < 128 && letter.isLetterOrNumber()) || letter == QLatin1Char('-')
            || letter == QLatin1Char('_') || letter == QLatin1Char('.'))
            name += letter;
    }
    return {QStringLiteral("docker stop ") + name, QStringLiteral("kubectl delete pod ") + name};
}

} // namespace stickyscope
