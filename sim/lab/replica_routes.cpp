// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a replica answers where: its table of paths, and the requests of our own clients.
#include "sim/lab/replica_login.h"
#include "sim/lab/replica_server.h"
#include "sim/lab/replica_socket.h"
#include "sim/lab/replica_streams.h"
#include "sim/live/request_marks.h"
#include "sim/model/session_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace stickyscope::lab {

namespace {

// The first number of `text`, which it is taken from with the space behind it.
std::uint32_t takeNumber(std::string_view& text)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty())
        text.remove_prefix(1);
    return error == std::errc() ? number : 0;
}

ClientKind kindNamed(std::string_view name)
{
    for (auto kind = ClientKind::browser; kind <= ClientKind::load;
         kind = static_cast<ClientKind>(static_cast<int>(kind) + 1)) {
        if (nameOf(kind) == name)
            return kind;
    }
    return ClientKind::browser;
}

std::string sessionField(const SessionMemory::Found& found)
{
    return std::string(nameOf(found.mark)) + " " + found.name;
}

} // namespace

struct ReplicaServer::Route
{
    std::string_view path;
    std::string_view methods; ///< for Allow
    Handler handler;
};

const std::vector<ReplicaServer::Route>& ReplicaServer::routes()
{
    static const std::vector<Route> table {
        {"/", "GET, HEAD", &ReplicaServer::front},
        {"/hostname", "GET, HEAD", &ReplicaServer::hostname},
        {healthPath, "GET, HEAD", &ReplicaServer::health},
        {"/stickyscope", "GET, HEAD", &ReplicaServer::page},
        {"/stickyscope/state", "GET, HEAD", &ReplicaServer::state},
        {"/login", "POST", &ReplicaServer::login},
        {"/logout", "POST", &ReplicaServer::logout},
        {"/cart", "GET, HEAD, POST", &ReplicaServer::cart},
    };
    return table;
}

ReplicaServer::Mark ReplicaServer::markOf(const ReplicaRequest& request)
{
    Mark mark;
    const std::string* field = request.head.fields.find(live::requestMark);
    if (!field || !request.head.fields.find(live::sessionMark))
        return mark;
    std::string_view text = *field;
    mark.ours = true;
    mark.client = static_cast<ClientIndex>(takeNumber(text));
    mark.ordinal = takeNumber(text);
    mark.kind = kindNamed(text);
    if (const std::string* logout = request.head.fields.find(live::logoutMark))
        mark.logsOut = *logout;
    return mark;
}

void ReplicaServer::serve(ReplicaConnection& connection, const ReplicaRequest& request, Mark mark)
{
    if (isStruck(Intervention::Kind::reset, request, mark))
        return drop(connection, request, "reset");
    if (mark.ours) {
        mark.session = m_memory.meet(*request.head.fields.find(live::sessionMark),
                                     nameOfSession(mark.client, mark.ordinal, m_make.spec.name),
                                     statusWithoutSession(mark.kind) != 200);
        if (!mark.logsOut.empty())
            m_memory.forget(mark.session.name);
    } else {
        note(ReplicaEvent::Kind::asked, request);
    }
    if (isStruck(Intervention::Kind::errors, request, mark)) {
        ReplicaAnswer answer = errorAnswer(m_faults.fault(Intervention::Kind::errors)->status);
        for (const http::Field& field : fieldsFor(request, mark))
            answer.fields.add(field.name, field.value);
        return finish(connection, request, mark, std::move(answer));
    }
    if (request.asksForWebSocket())
        return openSocket(connection, request, mark);
    if (!mark.ours && request.path() == "/socket.io/") {
        return m_engine.poll(connection, request, [this, request, mark](int status) {
            noteAnswer(request, mark, status);
        });
    }
    const bool streams = !mark.ours && request.path() == "/sse" && request.head.method == "GET";
    if (streams) {
        noteAnswer(request, mark, 200);
        return streamEvents(connection, m_face.hostname);
    }
    ReplicaAnswer answer = answerTo(connection, request, mark);
    if (m_make.cacheable && !answer.fields.find("Cache-Control"))
        answer.fields.add("Cache-Control", "max-age=60");
    finish(connection, request, mark, std::move(answer));
}

ReplicaAnswer ReplicaServer::answerTo(const ReplicaConnection& connection,
                                      const ReplicaRequest& request, const Mark& mark)
{
    if (mark.ours) {
        ReplicaAnswer answer = request.query("EIO").empty()
            ? hostname(connection, request)
            : m_engine.answerAtOnce(request, mark.session.name);
        if (mark.session.mark == SessionMark::broken)
            answer.status = statusWithoutSession(mark.kind);
        for (const http::Field& field : fieldsFor(request, mark))
            answer.fields.add(field.name, field.value);
        return answer;
    }
    const auto& table = routes();
    const auto route = std::find_if(table.begin(), table.end(),
                                    [&](const Route& one) { return one.path == request.path(); });
    if (request.path() == "/streaming")
        return errorAnswer(426);
    if (route == table.end())
        return errorAnswer(404);
    if ((", " + std::string(route->methods)).find(", " + request.head.method)
        == std::string::npos) {
        ReplicaAnswer answer = errorAnswer(405);
        answer.fields.add("Allow", route->methods);
        return answer;
    }
    ReplicaAnswer answer = (this->*route->handler)(connection, request);
    // Whoever comes without the application's session begins one.
    const bool begins = !m_make.sessionCookie.empty() && route->path != healthPath
        && request.cookie(m_make.sessionCookie).empty();
    if (begins)
        answer.fields.add("Set-Cookie", sessionCookieOf(m_memory.newName()));
    return answer;
}

// "JSESSIONID=s0n3.web-1; Path=/; HttpOnly"
std::string ReplicaServer::sessionCookieOf(std::string value) const
{
    const std::string route = m_make.spec.route.value_or(m_make.spec.name);
    if (m_make.sessionRoute && !route.empty())
        value += "." + route;
    return m_make.sessionCookie + "=" + value + "; Path=/; HttpOnly";
}

http::Fields ReplicaServer::fieldsFor(const ReplicaRequest& request, const Mark& mark) const
{
    http::Fields fields;
    if (!mark.ours)
        return fields;
    fields.add(live::sessionMark, sessionField(mark.session));
    fields.add(live::replicaMark, m_face.hostname);
    const SessionPlace place = sessionPlaceOf(mark.kind);
    if (place.in == SessionPlace::In::header && mark.session.mark == SessionMark::begins)
        fields.add(place.name, mark.session.name);
    addCookies(fields, request, mark);
    return fields;
}

// What the application sets for our clients, as the model's does.
void ReplicaServer::addCookies(http::Fields& fields, const ReplicaRequest& request,
                               const Mark& mark) const
{
    const std::string& session = m_make.sessionCookie;
    if (mark.session.mark != SessionMark::met && !session.empty()) {
        fields.add("Set-Cookie",
                   sessionCookieOf("s" + std::to_string(raw(mark.client)) + "n"
                                   + std::to_string(mark.ordinal)));
    }
    const auto page = std::find(m_make.pages.begin(), m_make.pages.end(), request.path());
    if (m_make.pathCookies > 0 && page != m_make.pages.end()) {
        // Who has it already does not get it again.
        const std::string name = "page" + std::to_string(page - m_make.pages.begin());
        if (request.cookie(name).empty())
            fields.add("Set-Cookie",
                       name + "=" + std::string(static_cast<std::size_t>(m_make.pathCookies), 'x')
                           + "; Path=/");
    }
    if (mark.logsOut == "all")
        fields.add("Clear-Site-Data", "\"cookies\""); // which counts over TLS alone
    if (!mark.logsOut.empty() && !session.empty())
        fields.add("Set-Cookie", session + "=; Path=/; Max-Age=0");
}

void ReplicaServer::openSocket(ReplicaConnection& connection, const ReplicaRequest& request,
                               const Mark& mark)
{
    const bool engine = mark.ours ? !request.query("EIO").empty() : request.path() == "/socket.io/";
    int status = ReplicaSocket::faultIn(request.head);
    const bool unknown = mark.ours && mark.session.mark == SessionMark::broken
        && statusWithoutSession(mark.kind) != 200;
    if (status == 0 && unknown)
        status = statusWithoutSession(mark.kind);
    if (!engine && !mark.ours && request.path() != "/streaming")
        status = 404;
    if (status == 0 && engine)
        status = m_engine.faultIn(request);
    noteAnswer(request, mark, status == 0 ? 101 : status);
    if (status != 0) {
        ReplicaAnswer answer = errorAnswer(status);
        for (const http::Field& field : fieldsFor(request, mark))
            answer.fields.add(field.name, field.value);
        return connection.answer(answer);
    }
    const auto [tcp, leftover] = connection.release();
    auto* socket = new ReplicaSocket(tcp, leftover, request.head, fieldsFor(request, mark),
                                     m_make.limits.sockets);
    socket->setParent(this);
    const bool ours = mark.ours;
    connect(socket, &ReplicaSocket::closed, this, [this, request, ours](int code) {
        if (!ours)
            note(ReplicaEvent::Kind::closed, request, code);
        logLater(request, "closed " + std::string(request.path()) + " " + std::to_string(code));
    });
    if (engine)
        m_engine.opened(*socket, request, mark.session.name);
    else if (request.query("mode") == "echo")
        echoMessages(*socket);
    else
        answerMessages(*socket, m_face.hostname, [this, request, ours](int number) {
            if (!ours)
                note(ReplicaEvent::Kind::message, request);
            logLater(request, "message " + std::to_string(number));
        });
}

ReplicaAnswer ReplicaServer::hostname(const ReplicaConnection& connection, const ReplicaRequest&)
{
    const nlohmann::json json {{"ip", connection.localAddress()}, {"hostname", m_face.hostname}};
    return {.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

// A browser wants to see something; curl wants the name.
ReplicaAnswer ReplicaServer::front(const ReplicaConnection& connection,
                                   const ReplicaRequest& request)
{
    return asksForPage(request) ? pageAnswer(request, m_face) : hostname(connection, request);
}

ReplicaAnswer ReplicaServer::page(const ReplicaConnection&, const ReplicaRequest& request)
{
    return pageAnswer(request, m_face);
}

ReplicaAnswer ReplicaServer::state(const ReplicaConnection&, const ReplicaRequest& request)
{
    return stateAnswer(request, m_face);
}

ReplicaAnswer ReplicaServer::health(const ReplicaConnection&, const ReplicaRequest&)
{
    return {.body = R"({"status":"ok"})"};
}

ReplicaAnswer ReplicaServer::login(const ReplicaConnection&, const ReplicaRequest& request)
{
    return logIn(request, m_memory, m_face.hostname);
}

ReplicaAnswer ReplicaServer::logout(const ReplicaConnection&, const ReplicaRequest& request)
{
    return logOut(request, m_memory, m_face.hostname);
}

ReplicaAnswer ReplicaServer::cart(const ReplicaConnection&, const ReplicaRequest& request)
{
    return visitCart(request, m_memory, m_face.hostname);
}

} // namespace stickyscope::lab
