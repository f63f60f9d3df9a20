// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model makes of requests that stay at their replicas until they are let go, for
// comparison with the real balancers.
//   model_crowd SCENARIO.yaml
// Reads one JSON object a line: {"ask": NAME, "cookie": TEXT, "path": "/", "headers": {NAME:
// TEXT}}, all but the first optional; {"end": NAME, "status": 200}: its replica answers; {"expire":
// true}: whoever waits has waited for too long; {"now": SECONDS}; {"replica": NAME, "is":
// "maintenance" or "ready"}. Prints after each of them where every request is: a replica's name,
// "waits", or its answer's status, with the replica's name where that is a replica's.
#include "sim/dispatch/dispatcher.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/formats/text_file.h"

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

using namespace stickyscope;
using nlohmann::json;

namespace {

class Crowd
{
public:
    explicit Crowd(const Scenario& scenario)
        : m_dispatcher(scenario.balancer, viewOf(scenario), Chance {scenario.seed})
    {
    }

    void happens(const json& step)
    {
        if (step.contains("now"))
            m_now = Instant(std::chrono::duration_cast<Duration>(
                std::chrono::duration<double>(step["now"].get<double>())));
        if (step.contains("ask"))
            ask(step);
        if (step.contains("end"))
            end(find(step["end"]), step.value("status", 200));
        if (step.contains("expire"))
            expire();
        if (step.contains("is"))
            becomes(named(step["replica"]), step["is"]);
    }

    json state() const
    {
        json all = json::object();
        for (const Request& request : m_requests)
            all[request.name] = request.state;
        return all;
    }

private:
    struct Request
    {
        std::string name;
        http::RequestHead head;
        Decision at;
        std::string state;
    };

    static ReplicaSet viewOf(const Scenario& scenario)
    {
        ReplicaSet set;
        for (const ReplicaSpec& replica : scenario.replicas)
            set.add({.name = replica.name,
                     .url = "http://" + replica.address,
                     .weight = replica.weight,
                     .backup = replica.backup});
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
    std::string nameOf(ReplicaIndex replica) const { return m_dispatcher.replicas()[replica].name; }

    std::uint32_t find(const std::string& name) const
    {
        for (std::uint32_t ticket = 0; ticket < m_requests.size(); ++ticket) {
            if (m_requests[ticket].name == name)
                return ticket;
        }
        throw std::runtime_error("no request " + name);
    }

    void ask(const json& step)
    {
        Request& request = m_requests.emplace_back();
        request.name = step["ask"];
        request.head.target = step.value("path", "/");
        const json headers = step.value("headers", json::object());
        for (const auto& [name, value] : headers.items())
            request.head.fields.add(name, value.get<std::string>());
        if (step.contains("cookie"))
            request.head.fields.add("Cookie", step["cookie"].get<std::string>());
        if (m_dispatcher.turnsAway(m_now))
            request.state = std::to_string(m_dispatcher.circuitStatus());
        else
            place(static_cast<std::uint32_t>(m_requests.size() - 1));
    }

    void place(std::uint32_t ticket)
    {
        Request& request = m_requests[ticket];
        const Recall recall =
            m_dispatcher.recall({.request = request.head, .now = {}, .source = "127.0.0.1"});
        Circumstances circumstances {.draw = Draw(1, 0, ticket, 0, Purpose::balancerChoice),
                                     .now = m_now,
                                     .source = "127.0.0.1",
                                     .key = m_dispatcher.keyOf(request.head),
                                     .ticket = ticket};
        request.at = m_dispatcher.place(recall, circumstances);
        const bool placed = request.at.replica != noReplica && !request.at.waits;
        request.state = request.at.waits ? "waits"
            : placed                     ? nameOf(request.at.replica)
                                         : std::to_string(request.at.status);
        if (!placed && !request.at.waits)
            m_dispatcher.ended(request.at.status, m_now);
    }

    void end(std::uint32_t ticket, int status)
    {
        Request& request = m_requests[ticket];
        const ReplicaIndex replica = request.at.replica;
        request.state = std::to_string(status) + " " + nameOf(replica);
        m_dispatcher.released(
            {.replica = replica, .bound = request.at.bound, .now = m_now, .status = status});
        m_dispatcher.ended(status, m_now);
        callIn(replica);
    }

    void callIn(ReplicaIndex replica)
    {
        while (const auto ticket = m_dispatcher.leftBehind())
            place(*ticket);
        while (const auto ticket = m_dispatcher.callIn(replica)) {
            m_requests[*ticket].at.replica = replica;
            m_requests[*ticket].state = nameOf(replica);
        }
    }

    void expire()
    {
        for (const std::uint32_t ticket : m_dispatcher.waiting()) {
            m_dispatcher.waitsNoMore(ticket);
            m_dispatcher.ended(503, m_now);
            m_requests[ticket].state = "503";
        }
    }

    void becomes(ReplicaIndex replica, const std::string& is)
    {
        m_dispatcher.setUp(replica, is == "ready");
        callIn(replica);
    }

    Dispatcher m_dispatcher;
    Instant m_now {};
    std::vector<Request> m_requests; ///< a subscript is its ticket
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
    Crowd crowd(*scenario);
    for (std::string line; std::getline(std::cin, line);) {
        crowd.happens(json::parse(line));
        std::cout << crowd.state().dump() << std::endl;
    }
    return 0;
}
