// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stickyscope::test {

/// The replicas s1, s2 and s3 at 10.0.0.1:8000 and on.
inline ReplicaView serverAt(std::size_t place)
{
    const std::string number = std::to_string(place + 1);
    return {.name = "s" + number, .url = "http://10.0.0." + number + ":8000"};
}

/// A setting's value that is text: a literal alone would become a truth.
inline std::string text(const char* words)
{
    return words;
}

/// One product's balancer, met by one request after the other: what it read, where the request
/// went, what it wrote.
class StickyTrial
{
public:
    struct Answer
    {
        Recall recall;
        Decision decision;
        CookieOut out = CookieOut::none;
        std::vector<std::string> setCookies;
        /// "name=value" of each cookie, as a jar sends them back.
        std::string cookie;
        http::ResponseHead response;
    };

    explicit StickyTrial(const Product& product, const Settings& cookie = {},
                         const Settings& balancer = {})
        : StickyTrial(specOf(product, cookie, balancer))
    {
    }
    explicit StickyTrial(const BalancerSpec& spec, ReplicaSet replicas = three())
        : dispatcher(spec, std::move(replicas), Chance {1})
    {
    }

    static BalancerSpec specOf(const Product& product, const Settings& cookie,
                               const Settings& balancer)
    {
        return {.product = std::string(product.id),
                .sticky = StickySpec {.settings = cookie},
                .settings = balancer};
    }

    static ReplicaSet three()
    {
        ReplicaSet set;
        for (std::size_t place = 0; place < 3; ++place)
            set.add(serverAt(place));
        return set;
    }

    /// A request that a replica answers.
    Answer ask(const std::string& cookie = {}) { return met(cookie, Origin::replica); }
    /// A request that the balancer answers itself, once a replica was picked.
    Answer fail(const std::string& cookie = {}) { return met(cookie, Origin::balancer); }

    Recall recall(const std::string& cookie)
    {
        m_request.target = target;
        m_request.fields = headers;
        if (!cookie.empty())
            m_request.fields.add("Cookie", cookie);
        return dispatcher.recall({m_request, now, secure, source});
    }

    Dispatcher dispatcher;
    WallSeconds now {std::chrono::seconds(1'767'225'600)};
    bool secure = false;
    int status = 200;
    std::string source = "198.51.100.7";
    http::Fields headers; ///< of requests, beside Cookie
    std::vector<std::string> applications; ///< Set-Cookie fields of the replica's own
    http::Fields answerHeaders; ///< of the replica's answers, beside Set-Cookie
    std::string userAgent;
    std::string host = "app.example";
    std::string target = "/";
    ReplicaIndex avoid = noReplica;

private:
    Answer met(const std::string& cookie, Origin origin)
    {
        Answer answer {.recall = recall(cookie)};
        Circumstances circumstances {.draw = Draw(1, 0, m_number++, 0, Purpose::balancerChoice),
                                     .source = source,
                                     .key = dispatcher.keyOf(m_request),
                                     .avoid = avoid,
                                     .wall = now};
        std::string issued;
        if (dispatcher.mustName(answer.recall, circumstances))
            issued = dispatcher.issue(circumstances);
        circumstances.issued = issued;
        answer.decision = dispatcher.place(answer.recall, circumstances);
        http::ResponseHead response {.status = status};
        response.fields = answerHeaders;
        for (const std::string& field : applications)
            response.fields.add("Set-Cookie", field);
        answer.out = dispatcher.remember({.recall = answer.recall,
                                          .replicas = dispatcher.replicas(),
                                          .replica = answer.decision.replica,
                                          .origin = origin,
                                          .issued = issued,
                                          .now = now,
                                          .secure = secure,
                                          .userAgent = userAgent,
                                          .host = host,
                                          .target = target,
                                          .source = source},
                                         response);
        for (const std::string_view field : response.fields.all("Set-Cookie")) {
            answer.setCookies.emplace_back(field);
            answer.cookie.append(answer.cookie.empty() ? "" : "; ")
                .append(field.substr(0, field.find(';')));
        }
        answer.response = std::move(response);
        return answer;
    }

    http::RequestHead m_request;
    std::uint32_t m_number = 0;
};

} // namespace stickyscope::test
