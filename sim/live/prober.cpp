// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/prober.h"

#include "sim/model/chance.h"

#include <QDateTime>
#include <QEventLoop>
#include <QTimer>
#include <QUuid>

#include <algorithm>

namespace stickyscope::live {

namespace {

constexpr std::size_t freshRequests = 10;
constexpr std::size_t jarRequests = 10;
constexpr std::size_t replayedRequests = 7;
constexpr std::size_t sameConnectionRequests = 7;
static_assert(freshRequests + jarRequests + replayedRequests + sameConnectionRequests
              <= Prober::mostRequests);
// When the first few all fail in the same way, the rest would as well.
constexpr std::size_t hopelessAfter = 3;

WallSeconds now()
{
    return WallSeconds(std::chrono::seconds(QDateTime::currentSecsSinceEpoch()));
}

std::string requestId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
}

// The value of a cookie in a Cookie field.
std::string valueIn(const std::string& field, std::string_view name)
{
    for (const http::CookiePair& pair : http::parseCookieField(field)) {
        if (pair.name == name)
            return std::string(pair.value);
    }
    return {};
}

bool redirects(int status)
{
    return status >= 300 && status < 400;
}

} // namespace

Prober::Prober(Target target, Options options)
    : m_target(std::move(target))
    , m_options(std::move(options))
    , m_jar(jarFor(m_target, m_options.stickyName))
{
}

std::vector<ProbeGroup> Prober::plan() const
{
    std::vector<ProbeGroup> order;
    order.insert(order.end(), freshRequests, ProbeGroup::fresh);
    order.insert(order.end(), jarRequests - 1, ProbeGroup::ownJar);
    order.insert(order.end(), replayedRequests, ProbeGroup::replayed);
    order.insert(order.end(), sameConnectionRequests, ProbeGroup::sameConnection);
    // Shuffled, so that what changes with time is not taken for what changes with cookies.
    Draw draw = Chance {m_options.seed}.draw(noClient, 0, Purpose::liveOrder);
    for (std::size_t left = order.size(); left > 1; --left)
        std::swap(order[left - 1], order[draw.below(static_cast<std::uint32_t>(left))]);
    order.insert(order.begin(),
                 ProbeGroup::ownJar); // first of all: it brings the cookies to replay
    return order;
}

void Prober::waitForTurn()
{
    const std::int64_t time = QDateTime::currentMSecsSinceEpoch();
    if (time < m_nextTurn) {
        QEventLoop loop;
        QTimer::singleShot(static_cast<int>(m_nextTurn - time), &loop, &QEventLoop::quit);
        loop.exec();
    }
    m_nextTurn = std::max(time, m_nextTurn) + static_cast<std::int64_t>(1000 / m_options.rate);
}

wire::Exchange Prober::exchange(wire::HttpConnection& connection, const std::string& cookies)
{
    waitForTurn();
    wire::Exchange result;
    QEventLoop loop;
    QObject::connect(&connection, &wire::HttpConnection::finished, &loop,
                     [&](const wire::Exchange& exchange) {
                         result = exchange;
                         loop.quit();
                     });
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &loop, [&] {
        if (m_stopAsked())
            connection.abort();
    });
    watch.start(100);
    connection.send(requestFor(m_target, cookies, requestId()), m_target.body);
    loop.exec();
    return result;
}

void Prober::ask(ProbeGroup group)
{
    Raw raw {.group = group};
    const bool first = m_answers.empty();
    if (group == ProbeGroup::ownJar)
        raw.cookiesSent = m_jar.cookieFor(m_target.endpoint.url, now());
    if (group == ProbeGroup::replayed)
        raw.cookiesSent = m_replayed;
    if (group == ProbeGroup::sameConnection) {
        if (!m_kept)
            m_kept = std::make_unique<wire::HttpConnection>(m_target.endpoint, nullptr);
        raw.connectionKept = m_kept->isOpen();
        raw.exchange = exchange(*m_kept, {});
    } else {
        wire::HttpConnection connection(m_target.endpoint, nullptr);
        raw.exchange = exchange(connection, raw.cookiesSent);
    }
    if (!raw.exchange.address.empty())
        m_address = raw.exchange.address;
    for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie")) {
        if (group != ProbeGroup::ownJar)
            continue;
        const auto report = m_jar.receive(field, m_target.endpoint.url, now());
        m_received.emplace_back(report.name, report.fate);
        if (first)
            m_replayed += (m_replayed.empty() ? "" : "; ")
                + std::string(http::trimmed(field.substr(0, field.find(';'))));
    }
    m_answers.push_back(std::move(raw));
}

ProbeEvidence Prober::run(const std::function<bool()>& stopAsked,
                          const std::function<void(double)>& progress)
{
    m_stopAsked = stopAsked;
    const auto order = plan();
    std::size_t failed = 0;
    for (std::size_t place = 0; place < order.size() && !stopAsked(); ++place) {
        ask(order[place]);
        failed += m_answers.back().exchange.failure != Failure::none ? 1 : 0;
        if (failed == m_answers.size() && failed == hopelessAfter)
            break;
        progress(static_cast<double>(place + 1) / static_cast<double>(order.size()));
    }
    ProbeEvidence result = evidence();
    result.interrupted = stopAsked();
    return result;
}

// By what the answer says; else by the balancer's own cookie, where that names the replica.
std::string Prober::nameFor(const Raw& raw, const std::optional<StickyProposal>& sticky,
                            std::string& source) const
{
    const int status = raw.exchange.head.status;
    if (redirects(status) || status == 401 || status == 403)
        return {};
    if (const auto identity = m_options.identity.identify(raw.exchange.head, raw.exchange.body)) {
        source = identity->source;
        return identity->name;
    }
    if (!sticky || status >= 400)
        return {};
    source = "according to the balancer";
    for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie")) {
        const auto cookie = http::parseSetCookie(field);
        if (cookie && cookie->name == sticky->name)
            return replicaNamedBy(cookie->name, cookie->value);
    }
    const std::string sent = valueIn(raw.cookiesSent, sticky->name);
    return sent.empty() ? std::string() : replicaNamedBy(sticky->name, sent);
}

ProbeEvidence Prober::evidence() const
{
    ProbeEvidence evidence;
    evidence.url = m_target.endpoint.url;
    std::vector<SeenCookie> seen;
    for (const Raw& raw : m_answers) {
        const auto identity = m_options.identity.identify(raw.exchange.head, raw.exchange.body);
        for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie")) {
            evidence.cookiesSeen = true;
            if (const auto cookie = http::parseSetCookie(field); cookie && !cookie->name.empty())
                seen.push_back(
                    {cookie->name, cookie->value, identity ? identity->name : std::string()});
        }
    }
    evidence.sticky = m_options.stickyName.empty()
        ? proposeSticky(seen)
        : StickyProposal {m_options.stickyName, {}, true};
    for (const Raw& raw : m_answers) {
        ProbeAnswer answer {
            .group = raw.group, .failure = raw.exchange.failure, .why = raw.exchange.why};
        answer.status = raw.exchange.head.status;
        answer.connectionKept = raw.connectionKept;
        if (answer.failure == Failure::none)
            answer.replica = nameFor(raw, evidence.sticky, evidence.identitySource);
        answer.failure = balancersOwn(answer.failure, answer.status, !answer.replica.empty());
        evidence.answers.push_back(std::move(answer));
    }
    if (!evidence.sticky)
        return evidence;
    for (const auto& [name, fate] : m_received) {
        if (name == evidence.sticky->name)
            evidence.received = fate;
    }
    for (const http::CookieReport& report : m_jar.explain(m_target.endpoint.url, now())) {
        if (report.name == evidence.sticky->name)
            evidence.sent = report.fate;
    }
    return evidence;
}

} // namespace stickyscope::live
