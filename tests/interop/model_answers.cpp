// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model of a product answers, for comparison with the real one.
//   model_answers SCENARIO.yaml
// Reads one JSON object a line. A request: {"cookie": [Cookie fields], "method": "GET",
// "path": "/", "source": "127.0.0.1", "websocket": false, "secure": false, "now": seconds since
// 1970, "app_set_cookie": [fields], "app_cache_control": text or null}, each of them optional.
// What happens: {"replica": NAME, "is": "dead" (nobody has noticed), "noticed", "alive",
// "draining", "maintenance", "ready" or "added" (with "address")}, or {"is": "reloaded"}: the
// balancer. Prints one JSON object for each request.
#include "sim/dispatch/dispatcher.h"
#include "tests/interop/model_lines.h"

#include <memory>
#include <set>
#include <string>
#include <utility>

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
        : m_spec(scenario.balancer)
        , m_chance {scenario.seed}
        , m_dispatcher(m_spec, interop::serversOf(scenario), m_chance)
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
        if (is == "reloaded") {
            m_dispatcher.reload(m_spec, m_chance);
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
        const Arrival arrival {request, m_now, secure, source};
        Recall recall = read(arrival);
        std::string issued;
        m_dispatcher.turnsAway(m_instant); // never: one request at a time is not too many
        const auto [decision, status] = place(arrival, recall, issued);
        m_dispatcher.ended(status, std::exchange(m_retried, false), m_instant);
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
                               .method = request.method,
                               .source = source},
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

    ReplicaIndex named(const std::string& name) const
    {
        return interop::serverNamed(m_dispatcher.replicas(), name);
    }

    Recall read(const Arrival& arrival)
    {
        Recall recall = m_dispatcher.recall(arrival);
        while (m_dispatcher.takeBack(m_instant, recall))
            recall = m_dispatcher.recall(arrival);
        return recall;
    }

    // With all retries: the last decision, and the status.
    std::pair<Decision, int> place(const Arrival& arrival, Recall& recall, std::string& issued)
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
                                         .source = arrival.source,
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
                    at.replica,
                    {.number = attempt, .bound = at.bound, .since = since, .retried = m_retried},
                    m_instant);
                since += next.wait;
                if (next.action == OnFailure::Action::giveUp)
                    return {at, next.status};
                m_retried = true;
                if (next.action == OnFailure::Action::sameAgain) {
                    m_dispatcher.assigned(at.replica, at.bound);
                    ++attempt;
                    continue;
                }
                avoid = next.action == OnFailure::Action::another ? at.replica : noReplica;
                if (m_dispatcher.cookieOfEachAttempt())
                    keepCookie(recall, at.replica);
                if (next.action == OnFailure::Action::anew)
                    recall = read(arrival);
                break;
            }
            if (!m_dead.contains(at.replica)) {
                m_dispatcher.released({at.replica, at.bound});
                return {at, 200};
            }
        }
    }

    BalancerSpec m_spec;
    Chance m_chance;
    Dispatcher m_dispatcher;
    WallSeconds m_now;
    Instant m_instant {};
    std::set<ReplicaIndex> m_dead;
    std::vector<std::string> m_cookiesOfAttempts;
    bool m_checked; ///< something looks after the replicas
    bool m_retried = false; ///< the request has been, that is under way
    std::uint32_t m_ordinal = 0;
};

} // namespace

int main(int argc, char** argv)
{
    return interop::playLines(argc, argv, [](const Scenario& scenario) -> interop::Answering {
        return [model = std::make_shared<Model>(scenario)](const json& step) {
            if (!step.contains("is"))
                return model->answer(step);
            model->happens(step);
            return json();
        };
    });
}
