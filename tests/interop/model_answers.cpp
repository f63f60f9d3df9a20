// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model of a product answers, for comparison with the real one.
//   model_answers SCENARIO.yaml
// Reads one JSON object a line. A request: {"cookie": [Cookie fields], "method": "GET",
// "path": "/", "source": "127.0.0.1", "websocket": false, "secure": false, "now": seconds since
// 1970, "app_set_cookie": [fields], "app_cache_control": text or null}, each of them optional.
// What happens: {"replica": NAME, "is": "dead" (nobody has noticed), "noticed", "alive",
// "draining", "maintenance", "ready" or "added" (with "address")}. Prints one JSON object for each
// request.
#include "sim/dispatch/dispatcher.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/formats/text_file.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

using namespace stickyscope;
using nlohmann::json;

namespace {

std::string joined(const std::vector<std::string_view>& texts, std::string_view between)
{
    std::string all;
    for (const std::string_view text : texts)
        all.append(all.empty() ? "" : between).append(text);
    return all;
}

class Model
{
public:
    explicit Model(const Scenario& scenario)
        : m_dispatcher(scenario.balancer, viewOf(scenario), Chance {scenario.seed})
        , m_now(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()))
        , m_checked(scenario.balancer.healthCheck.has_value())
    {
    }

    void happens(const json& step)
    {
        const std::string is = step["is"];
        if (is == "added") {
            m_dispatcher.add(
                {.name = step["replica"], .url = "http://" + step["address"].get<std::string>()});
            return;
        }
        const ReplicaIndex replica = named(step["replica"]);
        if (is == "dead")
            m_dead.insert(replica);
        if (is == "alive")
            m_dead.erase(replica);
        if (m_checked && (is == "noticed" || is == "alive"))
            m_dispatcher.setUp(replica, is == "alive");
        if (is == "maintenance" || is == "ready")
            m_dispatcher.setUp(replica, is == "ready");
        if (is == "draining" || is == "ready")
            m_dispatcher.setDraining(replica, is == "draining");
    }

    json answer(const json& step)
    {
        if (step.contains("now"))
            passes(step["now"]);
        http::RequestHead request;
        request.method = step.value("method", "GET");
        request.target = step.value("path", "/");
        for (const std::string field : step.value("cookie", json::array()))
            request.fields.add("Cookie", http::trimmed(field));
        const bool secure = step.value("secure", false);
        const std::string source = step.value("source", "127.0.0.1");
        Recall recall = m_dispatcher.recall({request, m_now, secure, source});
        while (m_dispatcher.takeBack(m_instant, recall))
            recall = m_dispatcher.recall({request, m_now, secure, source});
        std::string issued;
        const auto [decision, status] = place(recall, source, issued);
        const bool answered = status == 200;

        http::RequestHead seen = request;
        m_dispatcher.forward(seen);
        http::ResponseHead response;
        for (const std::string field : step.value("app_set_cookie", json::array()))
            response.fields.add("Set-Cookie", field);
        if (const json control = step.value("app_cache_control", json()); control.is_string())
            response.fields.add("Cache-Control", control.get<std::string>());
        if (!answered)
            response.fields.clear();
        response.status = answered && step.value("websocket", false) ? 101 : status;
        std::vector<std::string> earlier;
        earlier.swap(m_cookiesOfAttempts);
        m_dispatcher.remember({.recall = recall,
                               .replicas = m_dispatcher.replicas(),
                               .replica = decision.replica,
                               .origin = answered ? Origin::replica : Origin::balancer,
                               .issued = issued,
                               .now = m_now,
                               .secure = secure,
                               .method = request.method},
                              response);
        for (auto field = earlier.rbegin(); field != earlier.rend(); ++field)
            response.fields.addFirst("Set-Cookie", *field);
        json result {{"status", response.status},
                     {"replica", nullptr},
                     {"kept", recall.bound && recall.names == decision.replica},
                     {"state", nameOf(recall.state)},
                     {"set_cookie", response.fields.all("Set-Cookie")},
                     {"cache_control", nullptr},
                     {"cookie_at_replica", nullptr}};
        if (answered)
            result["replica"] = m_dispatcher.replicas()[decision.replica].name;
        if (const auto all = response.fields.all("Cache-Control"); !all.empty())
            result["cache_control"] = joined(all, ", ");
        const auto cookies = seen.fields.all("Cookie");
        if (answered && !cookies.empty())
            result["cookie_at_replica"] = joined(cookies, "\n");
        return result;
    }

private:
    void passes(double seconds)
    {
        const Instant before = m_instant;
        m_instant =
            Instant(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)));
        if (m_instant < before)
            m_instant = before;
        m_now = std::chrono::floor<std::chrono::seconds>(
            WallSeconds::clock::time_point(m_instant.time_since_epoch()));
    }

    void keepCookie(const Recall& recall, ReplicaIndex replica)
    {
        http::ResponseHead attempt;
        m_dispatcher.remember({.recall = recall,
                               .replicas = m_dispatcher.replicas(),
                               .replica = replica,
                               .origin = Origin::balancer,
                               .now = m_now},
                              attempt);
        for (const std::string_view field : attempt.fields.all("Set-Cookie"))
            m_cookiesOfAttempts.emplace_back(field);
    }

    static ReplicaSet viewOf(const Scenario& scenario)
    {
        ReplicaSet set;
        for (const ReplicaSpec& replica : scenario.replicas)
            set.add({.name = replica.name,
                     .url = "http://" + replica.address,
                     .route = replica.route,
                     .weight = replica.weight});
        return set;
    }

    ReplicaIndex named(const std::string& name) const
    {
        const ReplicaSet& set = m_dispatcher.replicas();
        for (std::size_t index = 0; index < set.size(); ++index) {
            if (set[static_cast<ReplicaIndex>(index)].name == name)
                return static_cast<ReplicaIndex>(index);
        }
        throw std::runtime_error("no replica " + name);
    }

    // With all retries: the last decision, and the status.
    std::pair<Decision, int> place(const Recall& recall, const std::string& source,
                                   std::string& issued)
    {
        ReplicaIndex avoid = noReplica;
        const Circumstances first {.draw = Draw(1, 0, m_ordinal, 0, Purpose::balancerChoice),
                                   .wall = m_now};
        if (m_dispatcher.mustName(recall, first))
            issued = m_dispatcher.issue(first);
        Duration since {};
        for (int attempt = 0;; ++attempt) {
            Circumstances circumstances {.draw =
                                             Draw(1, 0, m_ordinal++, 0, Purpose::balancerChoice),
                                         .now = m_instant,
                                         .source = source,
                                         .avoid = avoid,
                                         .issued = issued,
                                         .wall = m_now};
            const Decision decision = m_dispatcher.place(recall, circumstances);
            if (decision.replica == noReplica)
                return {decision, decision.status};
            Decision at = decision;
            while (m_dead.contains(at.replica)) {
                m_dispatcher.released({at.replica, at.bound, false});
                const OnFailure next = m_dispatcher.failed(
                    at.replica, {Fault::refused, attempt, at.bound, since}, m_instant);
                since += next.wait;
                if (next.action == OnFailure::Action::giveUp)
                    return {at, next.status};
                if (next.action == OnFailure::Action::sameAgain) {
                    m_dispatcher.assigned(at.replica, at.bound);
                    ++attempt;
                    continue;
                }
                avoid = next.action == OnFailure::Action::another ? at.replica : noReplica;
                if (m_dispatcher.cookieOfEachAttempt())
                    keepCookie(recall, at.replica);
                break;
            }
            if (!m_dead.contains(at.replica)) {
                m_dispatcher.released({at.replica, at.bound});
                return {at, 200};
            }
        }
    }

    Dispatcher m_dispatcher;
    WallSeconds m_now;
    Instant m_instant {};
    std::set<ReplicaIndex> m_dead;
    std::vector<std::string> m_cookiesOfAttempts;
    bool m_checked; ///< something looks after the replicas
    std::uint32_t m_ordinal = 0;
};

} // namespace

int main(int argc, char** argv)
{
    const auto text =
        argc == 2 ? readTextFile(argv[1], argv[1]) : Outcome<std::string>::failure("no file");
    const auto scenario =
        text ? readScenario(*text, argv[1]) : Outcome<Scenario>::failure(text.error());
    if (!scenario) {
        std::cerr << scenario.error() << '\n';
        return 2;
    }
    Model model(*scenario);
    for (std::string line; std::getline(std::cin, line);) {
        const json step = json::parse(line);
        if (step.contains("is"))
            model.happens(step);
        else
            std::cout << model.answer(step).dump() << std::endl;
    }
    return 0;
}
