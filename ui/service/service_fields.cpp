// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/service_fields.h"

#include "sim/http/cookie_file.h"
#include "sim/live/target_class.h"
#include "ui/format.h"
#include "ui/service/curl_fields.h"
#include "ui/service/socket_fields.h"
#include "ui/service/watch_fields.h"

#include <QFile>

namespace stickyscope {

namespace {

constexpr qint64 largestCookieFile = qint64 {64} << 20;

// As with curl, a file that is not there yet is an empty one.
http::CookieJar jarFrom(const std::string& path)
{
    QFile file(fromCore(path));
    if (path.empty() || !file.open(QIODevice::ReadOnly) || file.size() > largestCookieFile)
        return {};
    return http::readCookieFile(file.readAll().toStdString());
}

} // namespace

ServiceFields::ServiceFields(QWidget* parent)
    : QTabWidget(parent)
    , m_request(new CurlFields(CurlFields::Part::request, this))
    , m_connection(new CurlFields(CurlFields::Part::connection, this))
    , m_watch(new WatchFields(this))
    , m_socket(new SocketFields(this))
{
    addTab(m_request, tr("Request"));
    addTab(m_connection, tr("Connection"));
    addTab(m_watch, tr("Who answers"));
    addTab(m_socket, tr("WebSocket"));
}

bool ServiceFields::isCurlLine(const QString& text)
{
    const QString line = text.trimmed();
    return line == QLatin1String("curl") || line.startsWith(QLatin1String("curl "));
}

Outcome<QString> ServiceFields::takeCurlLine(const QString& line)
{
    using Result = Outcome<QString>;
    const std::string text = line.trimmed().toStdString();
    const auto options = live::curlOptions(text);
    if (!options)
        return Result::failure(options.error());
    if (const auto target = live::parseTarget(text); !target)
        return Result::failure(target.error());
    m_request->clear();
    m_connection->clear();
    std::vector<live::CurlOption> others;
    QString address;
    for (const live::CurlOption& option : *options) {
        if (option.name == "url")
            address = fromCore(option.value);
        else if (!m_request->take(option) && !m_connection->take(option))
            others.push_back(option);
    }
    m_connection->takeOthers(others);
    return address;
}

Outcome<live::LivePlan> ServiceFields::planFor(const QString& text) const
{
    using Result = Outcome<live::LivePlan>;
    const std::string address = text.trimmed().toStdString();
    std::vector<live::CurlOption> options {{"url", address}};
    for (const auto* fields : {m_request, m_connection}) {
        const auto more = fields->options();
        if (!more)
            return Result::failure(more.error());
        options.insert(options.end(), more->begin(), more->end());
    }
    auto target =
        address.starts_with("curl ") ? live::parseTarget(address) : live::targetOf(options);
    if (!target)
        return Result::failure(target.error());
    live::LiveGroup group;
    const bool webSocket = m_socket->used() || target->endpoint.url.scheme.starts_with("ws");
    if (webSocket) {
        group.kind = ClientKind::websocket;
        group.name = "stream";
        group.socket = m_socket->plan();
        for (const auto& [name, value] : m_socket->handshakeFields())
            target->request.fields.set(name, value);
    }
    if (const std::string fault = live::faultIn(*target); !fault.empty())
        return Result::failure(fault);
    target->requestId = m_watch->sendsRequestId();
    target->initialJar = jarFrom(target->cookieFileIn);
    // A host beyond this machine is confirmed before anything is sent.
    target->endpoint.guard =
        live::TargetGuard(target->endpoint.url.host, !live::hostToPermit(*target).empty());
    group.target = *target;
    return m_watch->applied({.groups = {group}});
}

} // namespace stickyscope
