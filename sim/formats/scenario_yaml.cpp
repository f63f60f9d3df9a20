// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_yaml.h"

#include "sim/formats/yaml_fields.h"
#include "sim/http/url.h"
#include "sim/products/product.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <new>
#include <set>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr Duration year = std::chrono::hours(24 * 365);
constexpr std::size_t mostReplicas = 10'000;
constexpr std::int64_t mostClients = 100'000;
constexpr std::size_t mostTimeline = 1'000'000;

int whole(const Place& at, std::int64_t least, std::int64_t most)
{
    return static_cast<int>(at.integer(least, most));
}

WallSeconds readInstant(const Place& at)
{
    int y = 0;
    unsigned month = 0;
    unsigned day = 0;
    unsigned hour = 0;
    unsigned minute = 0;
    unsigned second = 0;
    int read = 0;
    const std::string text = at.text(20);
    std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2uZ%n", &y, &month, &day, &hour, &minute,
                &second, &read);
    const std::chrono::year_month_day date {std::chrono::year(y), std::chrono::month(month),
                                            std::chrono::day(day)};
    if (read != 20 || !date.ok() || y < 1970 || hour > 23 || minute > 59 || second > 59)
        at.mustBe("a moment such as 2026-01-01T00:00:00Z");
    return WallSeconds(std::chrono::sys_days(date)) + std::chrono::hours(hour)
        + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::string readUrl(const Place& at)
{
    std::string why;
    std::string text = at.text(2000);
    const auto url = http::parseUrl(text, &why);
    if (!url || text.find("://") == std::string::npos)
        at.mustBe("an address such as http://app.example");
    return text;
}

void refuseTwice(std::set<std::string>& seen, const Place& at, const std::string& name)
{
    if (!seen.insert(name).second)
        at.fail(at.path() + ": the name '" + name + "' stands here twice");
}

class Reader
{
public:
    Scenario scenario(const YamlNode& root);

private:
    void replicas(const Place& at);
    void balancer(const Place& at);
    void sticky(const Place& at);
    void healthCheck(const Place& at);
    void client(const Place& at);
    void timelineEntry(const Place& at);
    void lane(const Place& at);
    void checkBalancers() const;
    void checkBalancer(const LaneSpec& lane) const;
    std::string productName(const Place& at) const;
    ReplicaIndex replicaNamed(const Place& at) const;
    ClientIndex clientNamed(const Place& at) const;

    Scenario m_scenario;
    const YamlNode* m_balancer = nullptr;
    std::vector<const YamlNode*> m_stickyKeys; ///< those that were given
    std::set<std::string> m_clientNames;
    std::set<std::string> m_laneNames;
    std::int64_t m_clients = 0;
};

void Reader::replicas(const Place& at)
{
    std::set<std::string> names;
    for (const Place& item : at.items(1, mostReplicas)) {
        ReplicaSpec replica;
        item.fields({
            {"name", [&](const Place& of) { refuseTwice(names, of, replica.name = of.name()); },
             true},
            {"address",
             [&](const Place& of) {
                 replica.address = of.text(255);
                 if (!http::parseUrl(replica.address)
                     || replica.address.find_first_of("/?@#") != std::string::npos)
                     of.mustBe("host:port, such as 10.0.0.3:8000");
             }},
            {"weight", [&](const Place& of) { replica.weight = whole(of, 0, 1000); }},
            {"slots", [&](const Place& of) { replica.slotCount = whole(of, 1, 100'000); }},
            {"queue", [&](const Place& of) { replica.queue = whole(of, 0, 1'000'000); }},
            {"service-time", [&](const Place& of) { replica.serviceTime = of.distribution(); }},
            {"sessions",
             [&](const Place& of) {
                 replica.sessions = static_cast<SessionStore>(
                     of.oneOf({"in-memory", "with-connection", "shared"}));
             }},
        });
        m_scenario.replicas.push_back(std::move(replica));
    }
}

std::string Reader::productName(const Place& at) const
{
    std::string known;
    for (const Product* product : products())
        known += (known.empty() ? "one of " : ", ") + std::string(product->id);
    if (at.node().kind != YamlNode::Kind::scalar || !findProduct(at.node().text))
        at.mustBe(known);
    return at.node().text;
}

void Reader::sticky(const Place& at)
{
    if (at.node().kind == YamlNode::Kind::scalar) {
        at.oneOf({"none"});
        m_scenario.balancer.sticky.reset();
        return;
    }
    StickySpec spec;
    at.fields({
        {"cookie",
         [&](const Place& of) {
             spec.cookie = of.text(200);
             static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
             const bool token =
                 std::all_of(spec.cookie.begin(), spec.cookie.end(), [](unsigned char c) {
                     return std::isalnum(c)
                         || marks.find(static_cast<char>(c)) != std::string_view::npos;
                 });
             if (!token)
                 of.mustBe("a cookie's name: letters, digits and !#$%&'*+-.^_`|~");
         }},
        {"path",
         [&](const Place& of) {
             spec.path = of.text(1000);
             if (!spec.path.starts_with('/') || spec.path.find(';') != std::string::npos)
                 of.mustBe("a path that begins with / and has no semicolon");
         }},
        {"domain", [&](const Place& of) { spec.domain = of.name(); }},
        {"secure", [&](const Place& of) { spec.secure = of.boolean(); }},
        {"http-only", [&](const Place& of) { spec.httpOnly = of.boolean(); }},
        {"same-site",
         [&](const Place& of) {
             spec.sameSite = static_cast<SameSite>(of.oneOf({"none", "lax", "strict"}) + 1);
         }},
        {"max-age",
         [&](const Place& of) {
             spec.maxAge = std::chrono::ceil<std::chrono::seconds>(of.duration(1s, year));
         }},
        {"indirect", [&](const Place& of) { spec.indirect = of.boolean(); }},
        {"nocache", [&](const Place& of) { spec.nocache = of.boolean(); }},
    });
    for (std::size_t entry = 0; entry < at.node().entries(); ++entry)
        m_stickyKeys.push_back(&at.node().key(entry));
    m_scenario.balancer.sticky = spec;
}

void Reader::healthCheck(const Place& at)
{
    HealthCheck check;
    at.fields({{"every", [&](const Place& of) { check.every = of.duration(10ms, year); }, true},
               {"fall", [&](const Place& of) { check.fall = whole(of, 1, 1000); }},
               {"rise", [&](const Place& of) { check.rise = whole(of, 1, 1000); }}});
    m_scenario.balancer.healthCheck = check;
}

void Reader::balancer(const Place& at)
{
    m_balancer = &at.node();
    BalancerSpec& spec = m_scenario.balancer;
    at.fields({
        {"product", [&](const Place& of) { spec.product = productName(of); }, true},
        {"algorithm", [&](const Place& of) { spec.algorithm = of.name(); }},
        {"sticky", [&](const Place& of) { sticky(of); }},
        {"health-check", [&](const Place& of) { healthCheck(of); }},
        {"redispatch", [&](const Place& of) { spec.redispatch = of.boolean(); }},
    });
}

void Reader::client(const Place& at)
{
    ClientSpec spec;
    std::vector<std::string> paces;
    const YamlNode* websocketOnly = nullptr;
    bool jarGiven = false;
    at.fields({
        {"name", [&](const Place& of) { refuseTwice(m_clientNames, of, spec.name = of.name()); },
         true},
        {"kind",
         [&](const Place& of) {
             spec.kind =
                 static_cast<ClientKind>(of.oneOf({"browser", "curl", "rest", "websocket"}));
         },
         true},
        {"count", [&](const Place& of) { spec.count = whole(of, 1, mostClients); }},
        {"jar",
         [&](const Place& of) {
             spec.jar = static_cast<JarKind>(of.oneOf({"none", "own", "shared"}));
             jarGiven = true;
         }},
        {"path",
         [&](const Place& of) {
             spec.path = of.text(2000);
             if (!spec.path.starts_with('/'))
                 of.mustBe("a path that begins with /");
         }},
        {"think-time",
         [&](const Place& of) {
             spec.thinkTime = of.distribution();
             paces.emplace_back("think-time");
         }},
        {"rate",
         [&](const Place& of) {
             spec.gap = Distribution {.shape = Distribution::Shape::exponential, .mean = of.rate()};
             paces.emplace_back("rate");
         }},
        {"every",
         [&](const Place& of) {
             spec.gap = Distribution {.mean = of.duration(1us, year)};
             paces.emplace_back("every");
         }},
        {"session",
         [&](const Place& of) {
             of.fields(
                 {{"requests",
                   [&](const Place& n) { spec.sessionRequests = whole(n, 0, 1'000'000); }, true}});
         }},
        {"message-every",
         [&](const Place& of) {
             spec.messageEvery = of.duration({}, year);
             websocketOnly = &of.node();
         }},
        {"connection-lifetime",
         [&](const Place& of) {
             spec.connectionLifetime = of.distribution();
             websocketOnly = &of.node();
         }},
        {"headers",
         [&](const Place& of) {
             if (of.node().kind != YamlNode::Kind::mapping)
                 of.mustBe("a mapping of names to values");
             for (std::size_t entry = 0; entry < of.node().entries(); ++entry)
                 spec.headers.emplace_back(Place(of.node().key(entry), of.path()).name(),
                                           of.entry(entry).text(8000));
         }},
        {"cookie-file",
         [&](const Place& of) {
             spec.cookieFile = of.text(255);
             if (spec.cookieFile.find('/') != std::string::npos || spec.cookieFile.starts_with('.'))
                 of.mustBe("the name of a file beside the scenario");
         }},
    });
    if (paces.size() > 1)
        at.fail(at.path() + " has both " + paces[0] + " and " + paces[1]
                + "; one of them is allowed");
    if (websocketOnly && spec.kind != ClientKind::websocket)
        Place(*websocketOnly, at.path())
            .fail(at.path() + ": message-every and connection-lifetime are for the kind websocket");
    if (spec.gap && spec.kind == ClientKind::websocket)
        at.fail(at.path() + ": a websocket client has a think-time, not a rate");
    if (!jarGiven)
        spec.jar = spec.kind == ClientKind::browser || spec.kind == ClientKind::websocket
            ? JarKind::own
            : JarKind::none;
    if (spec.kind == ClientKind::rest && spec.jar != JarKind::none)
        at.fail(at.path() + ": a rest client has no jar");
    m_clients += spec.count;
    if (m_clients > mostClients)
        at.fail("more than 100000 clients in all");
    m_scenario.clients.push_back(std::move(spec));
}

ReplicaIndex Reader::replicaNamed(const Place& at) const
{
    for (std::size_t index = 0; index < m_scenario.replicas.size(); ++index) {
        if (m_scenario.replicas[index].name == at.node().text)
            return static_cast<ReplicaIndex>(index);
    }
    at.mustBe("the name of a replica of this file");
}

ClientIndex Reader::clientNamed(const Place& at) const
{
    if (at.node().text == "all")
        return noClient;
    const auto names = clientNames(m_scenario);
    const auto found = std::find(names.begin(), names.end(), at.node().text);
    if (found == names.end())
        at.mustBe("'all' or the name of a client, such as " + names.front());
    return static_cast<ClientIndex>(found - names.begin());
}

void Reader::timelineEntry(const Place& at)
{
    using Kind = Intervention::Kind;
    TimelineEntry entry;
    int given = 0;
    const auto forReplica = [&](Kind kind) {
        return [this, &entry, &given, kind](const Place& of) {
            entry.intervention = {.kind = kind, .replica = replicaNamed(of)};
            ++given;
        };
    };
    const auto forClient = [&](Kind kind) {
        return [this, &entry, &given, kind](const Place& of) {
            entry.intervention = {.kind = kind, .client = clientNamed(of)};
            ++given;
        };
    };
    at.fields({{"at", [&](const Place& of) { entry.at = of.duration({}, year); }, true},
               {nameOf(Kind::stopReplica), forReplica(Kind::stopReplica)},
               {nameOf(Kind::startReplica), forReplica(Kind::startReplica)},
               {nameOf(Kind::drainReplica), forReplica(Kind::drainReplica)},
               {nameOf(Kind::takeCookies), forClient(Kind::takeCookies)},
               {nameOf(Kind::cutConnections), forClient(Kind::cutConnections)}});
    if (given != 1)
        at.fail(at.path() + " must have one of stop, start, drain, take-cookies, cut beside 'at'");
    m_scenario.timeline.push_back(entry);
}

void Reader::lane(const Place& at)
{
    LaneSpec lane;
    at.fields({
        {"name", [&](const Place& of) { refuseTwice(m_laneNames, of, lane.name = of.name()); },
         true},
        {"sticky",
         [&](const Place& of) {
             of.oneOf({"none"});
             lane.sticky = false;
         }},
        {"product", [&](const Place& of) { lane.product = productName(of); }},
        {"algorithm", [&](const Place& of) { lane.algorithm = of.name(); }},
    });
    m_scenario.lanes.push_back(std::move(lane));
}

void Reader::checkBalancer(const LaneSpec& lane) const
{
    const BalancerSpec spec = balancerOf(m_scenario, lane);
    const Product& product = *findProduct(spec.product);
    const Place at(*m_balancer, "balancer");
    if (!findAlgorithm(product, spec.algorithm)) {
        std::string known;
        for (const ProductAlgorithm& algorithm : product.algorithms)
            known += (known.empty() ? "" : ", ") + std::string(algorithm.name);
        at.fail("lane " + lane.name + ": the algorithm of " + std::string(product.id)
                + " must be one of " + known + ", not " + spec.algorithm);
    }
    if (spec.redispatch && !product.hasRedispatch)
        at.fail("balancer.redispatch: " + std::string(product.title) + " has no such option");
    for (const ReplicaSpec& replica : m_scenario.replicas) {
        if (replica.weight > product.largestWeight)
            at.fail("the weight of " + replica.name + " must be 0 to "
                    + std::to_string(product.largestWeight) + " for " + std::string(product.title));
    }
    if (!lane.sticky)
        return;
    for (const YamlNode* node : m_stickyKeys) {
        const std::string& key = node->text;
        const bool scope = key == "path" || key == "max-age";
        const bool indirect = key == "indirect" || key == "nocache";
        if (!product.hasCookie || (scope && !product.hasCookieScope)
            || (indirect && !product.hasIndirect))
            Place(*node, {}).fail("balancer.sticky." + key + ": " + std::string(product.title)
                                  + " has no such setting");
    }
}

void Reader::checkBalancers() const
{
    for (const LaneSpec& lane : m_scenario.lanes)
        checkBalancer(lane);
}

Scenario Reader::scenario(const YamlNode& root)
{
    const YamlNode* timeline = nullptr;
    Place(root, {}).fields({
        {"version",
         [](const Place& at) {
             if (at.integer(0, std::numeric_limits<int>::max()) != 1)
                 at.mustBe("1");
         },
         true},
        {"title", [&](const Place& at) { m_scenario.title = at.text(200); }},
        {"seed",
         [&](const Place& at) {
             m_scenario.seed = static_cast<std::uint64_t>(
                 at.integer(0, std::numeric_limits<std::int64_t>::max()));
         }},
        {"duration", [&](const Place& at) { m_scenario.duration = at.duration(1ms, year); }},
        {"starts", [&](const Place& at) { m_scenario.starts = readInstant(at); }},
        {"origin", [&](const Place& at) { m_scenario.origin = readUrl(at); }},
        {"target", [&](const Place& at) { m_scenario.target = readUrl(at); }},
        {"travel", [&](const Place& at) { m_scenario.travel = at.duration({}, 1h); }},
        {"replicas", [&](const Place& at) { replicas(at); }, true},
        {"balancer", [&](const Place& at) { balancer(at); }, true},
        {"clients",
         [&](const Place& at) {
             for (const Place& item : at.items(1, 10'000))
                 client(item);
         },
         true},
        {"timeline", [&](const Place& at) { timeline = &at.node(); }},
        {"lanes",
         [&](const Place& at) {
             for (const Place& item : at.items(1, 4))
                 lane(item);
         }},
    });
    // Names may be used before they stand in the file.
    if (timeline) {
        for (const Place& item : Place(*timeline, "timeline").items(0, mostTimeline))
            timelineEntry(item);
    }
    if (m_scenario.lanes.empty())
        m_scenario.lanes = offAndOn();
    checkBalancers();
    return std::move(m_scenario);
}

} // namespace

Outcome<Scenario> readScenario(std::string_view yaml, std::string_view name)
{
    const std::string prefix = std::string(name) + ":";
    try {
        const auto root = parseYaml(yaml);
        if (!root)
            return Outcome<Scenario>::failure(prefix + root.error());
        return Reader().scenario(*root);
    } catch (const FieldError& error) {
        return Outcome<Scenario>::failure(prefix + error.text);
    } catch (const std::bad_alloc&) {
        return Outcome<Scenario>::failure(prefix + "1:1: the file needs more memory than there is");
    }
}

} // namespace stickyscope
