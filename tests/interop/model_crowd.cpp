// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model makes of requests that stay at their replicas until they are let go, for
// comparison with the real balancers.
//   model_crowd SCENARIO.yaml
// Reads one JSON object a line: {"ask": NAME, "cookie": TEXT, "path": "/", "headers": {NAME:
// TEXT}}, all but the first optional; {"end": NAME, "status": 200, "part": "cut"}: its replica
// answers, with "part" as far as the head and some of the body until it breaks off ("cut") or the
// client hangs up ("left"); {"once": NAME, "status": 200, ...}: both, and it is forgotten; {"gone":
// NAME}: its client hangs up while it is at its replica; {"expire": true}: whoever waits has waited
// for too long;
// {"replica": NAME, "is": "maintenance", "ready", "dead" (nobody has noticed), "alive", or "good"
// (by as many active checks as it takes)}; with any of them "now": SECONDS. Prints after each of
// them where every request is: a replica's name, "waits", or its answer's status, with the
// replica's name where that is a replica's.
#include "sim/dispatch/dispatcher.h"
#include "tests/interop/model_lines.h"

#include <memory>
#include <set>
#include <string>
#include <utility>

using namespace stickyscope;
using nlohmann::json;

namespace {

class Crowd
{
public:
    explicit Crowd(const Scenario& scenario)
        : m_dispatcher(scenario.balancer, interop::serversOf(scenario), Chance {scenario.seed})
    {
    }

    /// What there is to say of it.
    json happens(const json& step)
    {
        if (step.contains("now"))
            m_now = Instant(std::chrono::duration_cast<Duration>(
                std::chrono::duration<double>(step["now"].get<double>())));
        if (step.contains("once"))
            return once(step["once"], step);
        if (step.contains("ask"))
            ask(step["ask"], step);
        if (step.contains("end"))
            end(find(step["end"]), step);
        if (step.contains("gone"))
            hangsUp(find(step["gone"]));
        if (step.contains("expire"))
            expire();
        if (step.contains("is"))
            becomes(interop::serverNamed(m_dispatcher.replicas(), step["replica"]), step["is"]);
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
        int attempt = 0;
        bool isThere = false; ///< at its replica
    };

    std::string nameOf(ReplicaIndex replica) const { return m_dispatcher.replicas()[replica].name; }

    std::uint32_t find(const std::string& name) const
    {
        for (std::uint32_t ticket = 0; ticket < m_requests.size(); ++ticket) {
            if (m_requests[ticket].name == name)
                return ticket;
        }
        throw std::runtime_error("no request " + name);
    }

    json once(const std::string& name, const json& step)
    {
        ask(name, step);
        if (m_requests.back().isThere)
            end(static_cast<std::uint32_t>(m_requests.size() - 1), step);
        json said {{name, m_requests.back().state}};
        m_requests.pop_back();
        return said;
    }

    void ask(const std::string& name, const json& step)
    {
        Request& request = m_requests.emplace_back();
        request.name = name;
        request.head.target = step.value("path", "/");
        const json headers = step.value("headers", json::object());
        for (const auto& [field, value] : headers.items())
            request.head.fields.add(field, value.get<std::string>());
        if (step.contains("cookie"))
            request.head.fields.add("Cookie", step["cookie"].get<std::string>());
        if (const Refusal* refusal = m_dispatcher.turnsAway(m_now))
            request.state = std::to_string(refusal->status);
        else
            place(static_cast<std::uint32_t>(m_requests.size() - 1));
    }

    void place(std::uint32_t ticket, ReplicaIndex avoid = noReplica)
    {
        Request& request = m_requests[ticket];
        do {
            const Arrival arrival {.request = request.head, .now = {}, .source = "127.0.0.1"};
            Recall recall = m_dispatcher.recall(arrival);
            while (m_dispatcher.takeBack(m_now, recall))
                recall = m_dispatcher.recall(arrival);
            Circumstances circumstances {.draw = Draw(1, 0, ++m_draws, 0, Purpose::balancerChoice),
                                         .now = m_now,
                                         .source = "127.0.0.1",
                                         .key = m_dispatcher.keyOf(request.head),
                                         .avoid = avoid,
                                         .ticket = ticket};
            request.at = m_dispatcher.place(recall, circumstances);
            if (request.at.waits) {
                request.state = "waits";
                return;
            }
            if (request.at.replica == noReplica)
                return foundNone(ticket);
            if (!m_dead.contains(request.at.replica))
                return arrives(request);
            m_dispatcher.released({.replica = request.at.replica,
                                   .bound = request.at.bound,
                                   .answered = false,
                                   .now = m_now});
        } while (isTriedAgain(request, avoid));
    }

    void arrives(Request& request)
    {
        request.isThere = true;
        request.state = nameOf(request.at.replica);
    }

    // Its replica has failed. Where it is not to go next: `avoid`.
    bool isTriedAgain(Request& request, ReplicaIndex& avoid)
    {
        const OnFailure next = m_dispatcher.failed(
            request.at.replica,
            {.number = request.attempt, .bound = request.at.bound, .retried = request.attempt > 0},
            m_now);
        if (next.action == OnFailure::Action::giveUp) {
            isAnswered(request, next.status);
            return false;
        }
        if (next.action == OnFailure::Action::sameAgain)
            throw std::runtime_error("retries at the same server are not played here");
        ++request.attempt;
        avoid = next.action == OnFailure::Action::another ? request.at.replica : noReplica;
        return true;
    }

    void foundNone(std::uint32_t ticket)
    {
        Request& request = m_requests[ticket];
        const OnFailure next = m_dispatcher.foundNone(request.at, {.foundNone = true});
        if (next.action == OnFailure::Action::giveUp)
            return isAnswered(request, next.status);
        request.state = "waits";
        m_looking.push_back(ticket);
    }

    void isAnswered(Request& request, int status, AnswerEnd end = AnswerEnd::whole)
    {
        request.state = std::to_string(status);
        m_dispatcher.ended(status, request.attempt > 0, m_now, end);
    }

    void end(std::uint32_t ticket, const json& step)
    {
        Request& request = m_requests[ticket];
        const ReplicaIndex replica = request.at.replica;
        const int status = step.value("status", 200);
        const std::string part = step.value("part", "");
        const Ended ended {.replica = replica,
                           .bound = request.at.bound,
                           .now = m_now,
                           .status = status,
                           .end = part == "cut" ? AnswerEnd::brokenOff
                               : part == "left" ? AnswerEnd::clientGone
                                                : AnswerEnd::whole};
        m_dispatcher.released(ended);
        isAnswered(request, status, ended.end);
        request.state += " " + nameOf(replica) + (part.empty() ? "" : " " + part);
        request.isThere = false;
        callIn(replica);
    }

    void hangsUp(std::uint32_t ticket)
    {
        Request& request = m_requests[ticket];
        m_dispatcher.released({.replica = request.at.replica,
                               .bound = request.at.bound,
                               .answered = false,
                               .end = AnswerEnd::clientGone});
        m_dispatcher.abandoned(request.at.replica);
        isAnswered(request, 0);
        request.isThere = false;
        callIn(request.at.replica);
    }

    void callIn(ReplicaIndex replica)
    {
        while (const auto ticket = m_dispatcher.leftBehind())
            place(*ticket);
        while (const auto ticket = m_dispatcher.callIn(replica, m_now)) {
            m_requests[*ticket].at.replica = replica;
            arrives(m_requests[*ticket]);
        }
        for (const std::uint32_t ticket : std::exchange(m_looking, {}))
            place(ticket);
    }

    // One after the other, as they came.
    void expire()
    {
        for (const std::uint32_t ticket : std::exchange(m_looking, {}))
            isAnswered(m_requests[ticket], m_requests[ticket].at.status);
        const ServerLimit& limit = m_dispatcher.serverLimit();
        for (auto all = m_dispatcher.waiting(); !all.empty(); all = m_dispatcher.waiting()) {
            Request& request = m_requests[all.front()];
            request.at.replica = m_dispatcher.waitsNoMore(all.front());
            ReplicaIndex avoid = noReplica;
            if (!limit.taken)
                isAnswered(request, limit.statusInVain);
            else if (isTriedAgain(request, avoid))
                place(all.front(), avoid);
        }
    }

    void becomes(ReplicaIndex replica, const std::string& is)
    {
        if (is == "dead")
            m_dead.insert(replica);
        if (is == "alive")
            m_dead.erase(replica);
        if (is == "dead" || is == "alive")
            return;
        if (is == "good")
            interop::check(m_dispatcher, replica, true, m_now);
        else
            m_dispatcher.tell(replica, is == "ready", m_now);
        callIn(replica);
    }

    Dispatcher m_dispatcher;
    Instant m_now {};
    std::uint32_t m_draws = 0;
    std::vector<Request> m_requests; ///< a subscript is its ticket
    std::vector<std::uint32_t> m_looking; ///< that found no server, and look again
    std::set<ReplicaIndex> m_dead;
};

} // namespace

int main(int argc, char** argv)
{
    return interop::playLines(argc, argv, [](const Scenario& scenario) -> interop::Answering {
        return [crowd = std::make_shared<Crowd>(scenario)](const json& step) {
            return crowd->happens(step);
        };
    });
}
