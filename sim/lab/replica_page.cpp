// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_page.h"

#include "sim/http/cookie.h"
#include "sim/lab/replica_login.h"
#include "sim/live/sticky_cookie.h"

#include <QFile>
#include <QUuid>

#include <array>
#include <nlohmann/json.hpp>

// Outside of any namespace, as Qt asks: a static library's resources are not found without it.
static void initializeResources()
{
    Q_INIT_RESOURCE(replica);
}

namespace stickyscope::lab {

namespace {

// A browser sends what any application on this computer has set, sessions and all, and people show
// their screens: the sticky cookie is on show, the others' values are not.
bool isSticky(const http::CookiePair& pair, const ReplicaFace& face)
{
    return face.stickyName.empty() ? live::fingerprintOf(pair.name, pair.value)
            && !live::isSessionCookieToo(pair.name, pair.value)
                                   : pair.name == face.stickyName;
}

std::string stateOf(const ReplicaRequest& request, const ReplicaFace& face)
{
    std::string cookies;
    std::string sticky;
    for (const std::string_view field : request.head.fields.all("Cookie")) {
        for (const http::CookiePair& pair : http::parseCookieField(field)) {
            if (pair.name == loginCookie || pair.name == visitorCookie)
                continue;
            const bool shown = isSticky(pair, face);
            cookies += (cookies.empty() ? "" : "; ") + std::string(pair.name) + "="
                + (shown ? std::string(pair.value) : "(not shown)");
            if (shown)
                sticky = pair.name;
        }
    }
    const nlohmann::json state {{"hostname", face.hostname},
                                {"colour", face.colour},
                                {"cookies", cookies},
                                {"sticky", sticky},
                                {"name", face.stickyName}};
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

std::string colourOf(std::size_t replica)
{
    static constexpr std::array<const char*, 8> palette {
        "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442", "#949494"};
    return palette.at(replica % palette.size());
}

bool asksForPage(const ReplicaRequest& request)
{
    if (request.path() == "/stickyscope")
        return true;
    const std::string* accept = request.head.fields.find("Accept");
    return request.path() == "/" && accept && accept->find("text/html") != std::string::npos;
}

std::string visitorOf(const ReplicaRequest& request)
{
    const std::string_view known = request.cookie(visitorCookie);
    if (!known.empty() || !asksForPage(request))
        return std::string(known);
    return QUuid::createUuid().toString(QUuid::Id128).toStdString();
}

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
    if (request.cookie(visitorCookie).empty())
        answer.fields.add("Set-Cookie",
                          std::string(visitorCookie) + "=" + request.visitor
                              + "; Path=/; HttpOnly; SameSite=Lax");
    answer.fields.add(
        "Content-Security-Policy",
        "default-src 'self' 'unsafe-inline'; img-src data:; connect-src 'self' ws: wss:");
    answer.fields.add("X-Content-Type-Options", "nosniff");
    return answer;
}

} // namespace stickyscope::lab
