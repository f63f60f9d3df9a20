// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_login.h"

#include "sim/http/url.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

using Json = nlohmann::json;

constexpr std::size_t longestUser = 100;

std::string userIn(const std::string& body)
{
    const Json json = Json::parse(body, nullptr, false);
    std::string user;
    if (json.is_object() && json.contains("user") && json["user"].is_string()) {
        user = json["user"].get<std::string>();
    } else if (const auto place = body.find("user="); place == 0) {
        user = body.substr(5, body.find('&') - 5);
        std::replace(user.begin(), user.end(), '+', ' ');
        user = http::percentDecoded(user);
    }
    return user.empty() ? "somebody" : user.substr(0, longestUser);
}

ReplicaAnswer jsonAnswer(const Json& json, int status = 200)
{
    return {.status = status, .body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

} // namespace

ReplicaAnswer logIn(const ReplicaRequest& request, SessionMemory& memory,
                    const std::string& hostname)
{
    const std::string user = userIn(request.body);
    ReplicaAnswer answer = jsonAnswer({{"hostname", hostname}, {"user", user}});
    answer.fields.add("Set-Cookie",
                      std::string(loginCookie) + "=" + memory.logIn(user)
                          + "; Path=/; HttpOnly; SameSite=Lax");
    return answer;
}

ReplicaAnswer logOut(const ReplicaRequest& request, SessionMemory& memory,
                     const std::string& hostname)
{
    memory.logOut(request.cookie(loginCookie));
    ReplicaAnswer answer = jsonAnswer({{"hostname", hostname}});
    answer.fields.add("Set-Cookie", std::string(loginCookie) + "=; Path=/; Max-Age=0");
    return answer;
}

ReplicaAnswer visitCart(const ReplicaRequest& request, SessionMemory& memory,
                        const std::string& hostname)
{
    SessionMemory::Cart* cart = memory.find(request.cookie(loginCookie));
    if (!cart)
        return jsonAnswer(
            {{"hostname", hostname}, {"error", hostname + " does not know this session"}}, 401);
    if (request.head.method == "POST")
        ++cart->items;
    return jsonAnswer({{"hostname", hostname}, {"user", cart->user}, {"items", cart->items}});
}

} // namespace stickyscope::lab
