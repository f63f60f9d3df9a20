// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/dispatch/lone_request.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

constexpr Rule endless {
    "The server does not answer, and the balancer waits for as long as the client does.",
    "the product's own time to wait for an answer: none"};

class Meeting
{
public:
    Meeting(Dispatcher& dispatcher, const LoneRequest& request)
        : m_dispatcher(dispatcher)
        , m_request(request)
    {
    }

    LoneAnswer answered()
    {
        m_answer.recall = read();
        int status = 0;
        if (const Refusal* refusal = m_dispatcher.turnsAway(m_request.now)) {
            m_answer.rule = refusal->rule;
            m_answer.origin = Origin::balancer;
            m_answer.response.status = refusal->status;
            return std::move(m_answer);
        }
        name();
        do {
            status = attempt();
        } while (status == goesOn);
        m_dispatcher.ended(status, m_retried, m_request.now);
        m_answer.origin = status == reached ? Origin::replica : Origin::balancer;
        if (m_answer.rule == &endless) {
            m_answer.response.status = status;
            return std::move(m_answer);
        }
        if (status != reached)
            m_answer.response.status = status;
        remember(m_answer.origin, m_answer.response);
        // Those of the first attempt come first.
        std::for_each(m_earlier.rbegin(), m_earlier.rend(), [this](const std::string& field) {
            m_answer.response.fields.addFirst("Set-Cookie", field);
        });
        return std::move(m_answer);
    }

private:
    static constexpr int reached = 200;
    static constexpr int goesOn = -1;

    Recall read() const
    {
        Recall recall = m_dispatcher.recall(m_request.arrival);
        while (m_dispatcher.takeBack(m_request.now, recall))
            recall = m_dispatcher.recall(m_request.arrival);
        return recall;
    }

    Circumstances circumstances(ReplicaIndex avoid = noReplica) const
    {
        return {.draw = m_request.draw(m_number),
                .now = m_request.now,
                .source = m_request.arrival.source,
                .key = m_dispatcher.keyOf(m_request.arrival.request),
                .avoid = avoid,
                .issued = m_issued,
                .wall = m_request.arrival.now};
    }

    void name()
    {
        const Circumstances first = circumstances();
        if (m_dispatcher.mustName(m_answer.recall, first))
            m_issued = m_dispatcher.issue(first);
    }

    // One placement, and what is tried again at the same server: a status, or that it goes on.
    int attempt()
    {
        Circumstances all = circumstances(m_avoid);
        const Decision decision = m_dispatcher.place(m_answer.recall, all);
        // What failed and is tried elsewhere has its rule already.
        if (decision.replica == noReplica || m_answer.failed.empty())
            m_answer.rule = decision.rule;
        m_answer.replica = decision.replica;
        if (decision.replica == noReplica)
            return decision.status;
        while (const auto failure = failureAt(decision)) {
            if (failure->fault == Fault::timedOut && m_request.waitsForEver) {
                m_answer.rule = &endless;
                return 0;
            }
            m_dispatcher.released({decision.replica, decision.bound, false});
            m_answer.failed.push_back(decision.replica);
            const OnFailure next = m_dispatcher.failed(decision.replica, *failure, m_request.now);
            m_since += next.wait;
            m_answer.rule = next.rule;
            if (next.action == OnFailure::Action::giveUp)
                return next.status;
            m_retried = true;
            ++m_number;
            if (next.action != OnFailure::Action::sameAgain) {
                elsewhere(decision.replica, next.action);
                return goesOn;
            }
            m_dispatcher.assigned(decision.replica, decision.bound, m_request.now);
        }
        m_dispatcher.released({.replica = decision.replica,
                               .bound = decision.bound,
                               .now = m_request.now,
                               .status = m_answer.response.status});
        return reached;
    }

    // How the replica lets it down; where it does not, its answer is there.
    std::optional<Attempt> failureAt(const Decision& decision)
    {
        Attempt attempt {.number = m_number,
                         .bound = decision.bound,
                         .since = m_since,
                         .hashed = m_answer.recall.hashed,
                         .retried = m_retried,
                         .insists = m_answer.recall.insists,
                         .method = m_request.arrival.request.method};
        if (const auto fault = m_request.fault(decision.replica)) {
            attempt.fault = *fault;
            return attempt;
        }
        m_answer.response = m_request.answer(decision.replica);
        attempt.fault = Fault::answered;
        attempt.status = m_answer.response.status;
        if (!m_dispatcher.rejects(attempt))
            return std::nullopt;
        m_answer.response = {};
        return attempt;
    }

    void elsewhere(ReplicaIndex failed, OnFailure::Action action)
    {
        m_avoid = action == OnFailure::Action::another ? failed : noReplica;
        if (m_dispatcher.cookieOfEachAttempt()) {
            http::ResponseHead attempt;
            remember(Origin::balancer, attempt);
            for (const std::string_view field : attempt.fields.all("Set-Cookie"))
                m_earlier.emplace_back(field);
        }
        if (action == OnFailure::Action::anew)
            m_answer.recall = read();
    }

    void remember(Origin origin, http::ResponseHead& response)
    {
        const http::RequestHead& head = m_request.arrival.request;
        const auto field = [&head](const char* name) {
            const std::string* value = head.fields.find(name);
            return value ? std::string_view(*value) : std::string_view();
        };
        m_dispatcher.remember({.recall = m_answer.recall,
                               .replicas = m_dispatcher.replicas(),
                               .replica = m_answer.replica,
                               .origin = origin,
                               .issued = m_issued,
                               .now = m_request.arrival.now,
                               .secure = m_request.arrival.secure,
                               .method = head.method,
                               .userAgent = field("User-Agent"),
                               .host = field("Host"),
                               .target = head.target,
                               .source = m_request.arrival.source},
                              response);
    }

    Dispatcher& m_dispatcher;
    const LoneRequest& m_request;
    LoneAnswer m_answer;
    std::string m_issued;
    std::vector<std::string> m_earlier; ///< cookies of attempts that failed
    ReplicaIndex m_avoid = noReplica;
    Duration m_since {};
    int m_number = 0;
    bool m_retried = false;
};

} // namespace

LoneAnswer meetAlone(Dispatcher& dispatcher, const LoneRequest& request)
{
    return Meeting(dispatcher, request).answered();
}

} // namespace stickyscope
