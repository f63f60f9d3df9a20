// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/virtual/other_products.h"

#include "sim/dispatch/lone_request.h"
#include "sim/http/cookie.h"

namespace stickyscope {

namespace {

std::string fieldsOf(const http::ResponseHead& response)
{
    std::string text;
    for (const std::string_view field : response.fields.all("Set-Cookie"))
        text.append(text.empty() ? "" : "\n").append(field);
    return text;
}

Verdict verdictOf(Dispatcher dispatcher, const Scene& scene, const http::RequestHead& request)
{
    const Duration patience =
        scene.balancer.answerTimeout.value_or(dispatcher.product().answerTimeout);
    const LoneAnswer met =
        meetAlone(dispatcher,
                  {.arrival = {request, scene.now, scene.secure, scene.source},
                   .draw = scene.draw,
                   .fault = [&scene](ReplicaIndex replica) { return scene.faults[raw(replica)]; },
                   .waitsForEver = patience == Duration::zero(),
                   .answer = scene.answer});
    Verdict answer {.status = met.response.status,
                    .rule = std::string(met.rule->sentence),
                    .source = std::string(met.rule->source),
                    .setCookie = fieldsOf(met.response)};
    if (met.origin == Origin::replica)
        answer.replica = scene.replicas[met.replica].name;
    for (const ReplicaIndex replica : met.failed) {
        const std::string& name = scene.replicas[replica].name;
        if (answer.failed.empty() || answer.failed.back() != name)
            answer.failed.push_back(name);
    }
    return answer;
}

// The request as it would be with the cookie that this balancer itself gives to clients of the
// replica; nothing where that names none.
std::optional<http::RequestHead> boundBy(Dispatcher dispatcher, const Scene& scene,
                                         ReplicaIndex replica)
{
    http::ResponseHead response = scene.answer(replica);
    const Recall nothing;
    const CookieOut out = dispatcher.remember({.recall = nothing,
                                               .replicas = dispatcher.replicas(),
                                               .replica = replica,
                                               .now = scene.now,
                                               .secure = scene.secure,
                                               .method = scene.request.method,
                                               .source = scene.source},
                                              response);
    if (out == CookieOut::none)
        return std::nullopt;
    http::RequestHead request = scene.request;
    std::string cookies;
    for (const std::string_view field : response.fields.all("Set-Cookie")) {
        if (const auto cookie = http::parseSetCookie(field))
            cookies.append(cookies.empty() ? "" : "; ").append(cookie->name + "=" + cookie->value);
    }
    request.fields.set("Cookie", cookies);
    const Recall recall = dispatcher.recall({request, scene.now, scene.secure, scene.source});
    if (recall.names != replica)
        return std::nullopt;
    return request;
}

} // namespace

std::string titleOf(const Product& product, const BalancerSpec& balancer)
{
    return std::string(product.title) + " (" + std::string(versionOf(product, balancer)) + ")";
}

ProductAnswer answerOf(const Product& product, const Scene& scene)
{
    BalancerSpec spec = scene.balancer;
    changeProduct(spec, product);
    Dispatcher dispatcher(spec, scene.replicas, Chance {1});
    dispatcher.readConfiguration(scene.now);
    ProductAnswer answer {verdictOf(dispatcher, scene, scene.request), titleOf(product, spec), {}};
    if (scene.bound == noReplica)
        return answer;
    if (const auto request = boundBy(dispatcher, scene, scene.bound))
        answer.bound = verdictOf(dispatcher, scene, *request);
    return answer;
}

} // namespace stickyscope
