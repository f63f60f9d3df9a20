// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model of a product answers, for comparison with the real one.
//   model_answers SCENARIO.yaml
// Reads one JSON object a line. A request: {"cookie": [Cookie fields], "method": "GET",
// "path": "/", "source": "127.0.0.1", "websocket": false, "secure": false, "now": seconds since
// 1970, "app_set_cookie": [fields], "app_headers": [[NAME, value]], "app_cache_control": text or
// null}, each of them optional. A header may have an array of values, a field each.
// What happens: {"replica": NAME, "is": "dead" (nobody has noticed), "breaking" (it resets
// connections in the place of answers), "halving" (it stops in the middle of an answer's head),
// "garbling" (its answers are no HTTP), "failing" (with "status": it answers with that), "noticed",
// "alive", "draining", "maintenance", "ready" or "added" (with "address")}, or {"is": "reloaded"}:
// the balancer. Prints one JSON object for each request.
#include "sim/dispatch/lone_request.h"
#include "tests/interop/model_lines.h"

#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

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
            m_faults[replica] = Fault::refused;
        if (is == "breaking")
            m_faults[replica] = Fault::reset;
        if (is == "halving")
            m_faults[replica] = m_dispatcher.product().halfHead;
        if (is == "garbling")
            m_faults[replica] = Fault::malformed;
        if (is == "failing")
            m_failing[replica] = step["status"];
        if (is == "alive") {
            m_faults.erase(replica);
            m_failing.erase(replica);
        }
        if (m_checked && (is == "noticed" || is == "alive"))
            interop::check(m_dispatcher, replica, is == "alive");
        if (is == "maintenance" || is == "ready")
            m_dispatcher.tell(replica, is == "ready", {});
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
        const json headers = step.value("headers", json::object());
        for (const auto& [name, value] : headers.items())
            for (const std::string one : value.is_array() ? value : json::array({value}))
                request.fields.add(name, one);
        for (const std::string field : step.value("cookie", json::array()))
            request.fields.add("Cookie", http::trimmed(field));
        const bool secure = step.value("secure", false);
        const std::string source = step.value("source", "127.0.0.1");
        const Arrival arrival {request, m_now, secure, source};
        const LoneAnswer met = meetAlone(
            m_dispatcher,
            {.arrival = arrival,
             .now = m_instant,
             .draw =
                 [this](int attempt) {
                     return Draw(1, 0, m_ordinal, static_cast<std::uint32_t>(attempt),
                                 Purpose::balancerChoice);
                 },
             .fault =
                 [this](ReplicaIndex replica) {
                     const auto found = m_faults.find(replica);
                     return found == m_faults.end() ? std::nullopt : std::optional(found->second);
                 },
             .answer =
                 [&](ReplicaIndex replica) {
                     http::ResponseHead answer = answerOfReplica(step);
                     const auto failing = m_failing.find(replica);
                     if (failing != m_failing.end())
                         answer.status = failing->second;
                     return answer;
                 }});
        ++m_ordinal;
        const http::ResponseHead& response = met.response;
        const bool answered = met.origin == Origin::replica;
        http::RequestHead seen = request;
        m_dispatcher.forward(seen);
        json result {{"status", response.status},
                     {"replica", nullptr},
                     {"kept", met.recall.bound && met.recall.names == met.replica},
                     {"state", nameOf(met.recall.state)},
                     {"set_cookie", response.fields.all("Set-Cookie")},
                     {"cache_control", nullptr},
                     {"cookie_at_replica", nullptr},
                     {"tried", json::array()}};
        for (const ReplicaIndex replica : met.failed)
            result["tried"].push_back(m_dispatcher.replicas()[replica].name);
        if (answered)
            result["replica"] = m_dispatcher.replicas()[met.replica].name;
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

    using Pairs = std::vector<std::pair<std::string, std::string>>;

    static http::ResponseHead answerOfReplica(const json& step)
    {
        http::ResponseHead response {.status = step.value("websocket", false) ? 101 : 200};
        for (const std::string field : step.value("app_set_cookie", json::array()))
            response.fields.add("Set-Cookie", field);
        for (const auto& [name, value] : step.value("app_headers", Pairs {}))
            response.fields.add(name, value);
        if (const json control = step.value("app_cache_control", json()); control.is_string())
            response.fields.add("Cache-Control", control.get<std::string>());
        return response;
    }

    ReplicaIndex named(const std::string& name) const
    {
        return interop::serverNamed(m_dispatcher.replicas(), name);
    }

    BalancerSpec m_spec;
    Chance m_chance;
    Dispatcher m_dispatcher;
    WallSeconds m_now;
    Instant m_instant {};
    std::map<ReplicaIndex, Fault> m_faults; ///< in the place of answers
    std::map<ReplicaIndex, int> m_failing; ///< and the status of their answers
    bool m_checked; ///< something looks after the replicas
    std::uint32_t m_ordinal = 0;
};

// In what the product is known to differ from the real one: what the comparison takes no notice of.
int listDifferences(std::string_view id)
{
    const Product* const product = findProduct(id);
    if (!product)
        return 2;
    json ids = json::array();
    for (const Difference& difference : differencesOf(*product))
        ids.push_back(difference.id);
    std::cout << ids.dump() << '\n';
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc == 3 && argv[1] == std::string_view("--differences"))
        return listDifferences(argv[2]);
    return interop::playLines(argc, argv, [](const Scenario& scenario) -> interop::Answering {
        return [model = std::make_shared<Model>(scenario)](const json& step) {
            if (!step.contains("is"))
                return model->answer(step);
            model->happens(step);
            return json();
        };
    });
}
