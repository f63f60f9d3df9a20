// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the balancer reads and writes in answers.
#include "sim/virtual/virtual_balancer.h"

#include <algorithm>

namespace stickyscope {

namespace {

std::string_view fieldOf(const VirtualBalancer::Resource& resource, std::string_view name)
{
    const std::string* value = resource.headers.find(name);
    return value ? std::string_view(*value) : std::string_view();
}

// Several fields are one text, a line each.
void addLines(std::string_view lines, http::ResponseHead& response)
{
    while (!lines.empty()) {
        const auto end = std::min(lines.find('\n'), lines.size());
        response.fields.add("Set-Cookie", std::string(lines.substr(0, end)));
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
}

} // namespace

CookieOut VirtualBalancer::write(const VirtualRequest& request, const Answer& answer,
                                 const TextTable& texts)
{
    m_response.fields.clear();
    m_response.status = request.status;
    addLines(texts.text(answer.fromServer), m_response);
    const SessionPlace& session = (*m_resources)[answer.resource].session;
    if (request.begins != noText && session.in == SessionPlace::In::header)
        m_response.fields.add(session.name, texts.text(request.begins));
    if (m_cacheable)
        m_response.fields.add("Cache-Control", "max-age=60");
    return m_dispatcher.remember(
        {.recall = request.recall,
         .replicas = m_dispatcher.replicas(),
         .replica = request.server,
         .origin = answer.origin,
         .issued = texts.text(request.issued),
         .now = answer.now,
         .secure = (*m_resources)[answer.resource].secure,
         .method = (*m_resources)[answer.resource].method,
         .userAgent = fieldOf((*m_resources)[answer.resource], "User-Agent"),
         .host = fieldOf((*m_resources)[answer.resource], "Host"),
         .target = (*m_resources)[answer.resource].target,
         .source = answer.source},
        m_response);
}

void VirtualBalancer::closed(const VirtualVisit& visit, const Answer& answer, const Asker& asker,
                             const TextTable& texts)
{
    if (!m_dispatcher.heedsEnds() || visit.epoch != m_epoch)
        return;
    write(asker, visit.cookie, texts);
    const bool secure = (*m_resources)[answer.resource].secure;
    const Recall recall = m_dispatcher.recall({m_request, answer.now, secure, asker.source});
    m_response.fields.clear();
    m_response.status = 101;
    addLines(texts.text(answer.fromServer), m_response);
    m_dispatcher.closed({.recall = recall,
                         .replicas = m_dispatcher.replicas(),
                         .replica = visit.server,
                         .now = answer.now},
                        m_response);
}

void VirtualBalancer::remember(VirtualRequest& request, const Answer& answer, TextTable& texts)
{
    if (!m_dispatcher.hasCookie() && answer.fromServer == noText)
        return;
    const CookieOut out = write(request, answer, texts);
    const std::string& carries = (*m_resources)[answer.resource].carries;
    if (const std::string* value = carries.empty() ? nullptr : m_response.fields.find(carries))
        request.toCarry = texts.intern(*value);
    if (out == CookieOut::none && answer.fromServer == noText)
        return;
    if (out != CookieOut::none)
        request.cookieOut = answer.earlier == noText ? out : CookieOut::several;
    for (const std::string_view control : m_response.fields.all("Cache-Control"))
        request.isPrivate = request.isPrivate || control == "private";
    std::string lines = texts.text(answer.earlier);
    for (const std::string_view field : m_response.fields.all("Set-Cookie"))
        lines.append(lines.empty() ? "" : "\n").append(field);
    request.setCookie = texts.intern(lines);
}

TextId VirtualBalancer::forwarded(TextId cookie, TextTable& texts)
{
    if (cookie == noText)
        return noText;
    m_request.fields.clear();
    m_request.fields.add("Cookie", texts.text(cookie));
    m_dispatcher.forward(m_request);
    const auto left = m_request.fields.find("Cookie");
    return left && !left->empty() ? texts.intern(std::string(*left)) : noText;
}

} // namespace stickyscope
