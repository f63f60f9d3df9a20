// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_page.h"

#include "sim/http/cookie.h"
#include "sim/lab/replica_login.h"

#include <QFile>

#include <nlohmann/json.hpp>

// Outside of any namespace, as Qt asks: a static library's resources are not found without it.
static void initializeResources()
{
    Q_INIT_RESOURCE(replica);
}

namespace stickyscope::lab {

namespace {

std::string stateOf(const ReplicaRequest& request, const ReplicaFace& face)
{
    std::string cookies;
    for (const std::string_view field : request.head.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name != loginCookie)
                cookies += (cookies.empty() ? "" : "; ") + std::string(pair.name) + "="
                    + std::string(pair.value);
        }
    }
    const nlohmann::json state {
        {"hostname", face.hostname}, {"colour", face.colour}, {"cookies", cookies}};
    return state.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

const std::string& page()
{
    static const std::string text = [] {
        initializeResources();
        QFile file(QStringLiteral(":/replica/replica_page.html"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }();
    return text;
}

} // namespace

ReplicaAnswer stateAnswer(const ReplicaRequest& request, const ReplicaFace& face)
{
    ReplicaAnswer answer {.body = stateOf(request, face)};
    answer.fields.add("Cache-Control", "no-store");
    return answer;
}

ReplicaAnswer pageAnswer(const ReplicaRequest& request, const ReplicaFace& face)
{
    constexpr std::string_view place = "STATE_OF_THIS_ANSWER";
    ReplicaAnswer answer {.body = page(), .type = "text/html; charset=utf-8"};
    // Within a script "</" would end it, wherever it stands.
    std::string state = stateOf(request, face);
    for (auto at = state.find('<'); at != std::string::npos; at = state.find('<', at))
        state.replace(at, 1, "\\u003c");
    if (const auto at = answer.body.find(place); at != std::string::npos)
        answer.body.replace(at, place.size(), state);
    answer.fields.add("Cache-Control", "no-store");
    answer.fields.add("Content-Security-Policy",
                      "default-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self' ws:");
    answer.fields.add("X-Content-Type-Options", "nosniff");
    return answer;
}

} // namespace stickyscope::lab
