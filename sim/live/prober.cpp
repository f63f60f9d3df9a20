// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/prober.h"

#include "sim/live/retry_after.h"
#include "sim/model/chance.h"
#include "sim/wire/ask.h"

#include <QDateTime>
#include <QEventLoop>
#include <QTimer>
#include <QUuid>

#include <algorithm>

namespace stickyscope::live {

namespace {

// How many of each: fresh, own jar, replayed, on one connection.
struct Counts
{
    std::size_t fresh;
    std::size_t ownJar;
    std::size_t replayed;
    std::size_t sameConnection;

    constexpr int sum() const
    {
        return static_cast<int>(fresh + ownJar + replayed + sameConnection);
    }
};
constexpr Counts usual {10, 10, 7, 7};
constexpr Counts askingTwice {4, 6, 5, 5};
static_assert(usual.sum() <= Prober::mostRequests && 2 * askingTwice.sum() <= Prober::mostRequests);
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

// The value that an answer gives to a cookie; the last one counts.
std::string valueSet(const http::ResponseHead& head, std::string_view name)
{
    std::string value;
    for (const std::string_view field : head.fields.all("Set-Cookie")) {
        const auto cookie = http::parseSetCookie(field);
        if (cookie && cookie->name == name)
            value = cookie->value;
    }
    return value;
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
    const Counts& counts = m_options.identify ? askingTwice : usual;
    std::vector<ProbeGroup> order;
    order.insert(order.end(), counts.fresh, ProbeGroup::fresh);
    order.insert(order.end(), counts.ownJar - 1, ProbeGroup::ownJar);
    order.insert(order.end(), counts.replayed, ProbeGroup::replayed);
    order.insert(order.end(), counts.sameConnection, ProbeGroup::sameConnection);
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

wire::Exchange Prober::exchange(wire::HttpConnection& connection, const Target& target,
                                const std::string& cookies)
{
    waitForTurn();
    return wire::ask(connection, requestFor(target, cookies, requestId()), target.body,
                     m_stopAsked);
}

std::string Prober::cookiesFor(ProbeGroup group)
{
    if (group == ProbeGroup::ownJar)
        return m_jar.cookieFor(m_target.endpoint.url, now());
    return group == ProbeGroup::replayed ? m_replayed : std::string();
}

void Prober::ask(ProbeGroup group)
{
    Raw raw {.group = group, .cookiesSent = cookiesFor(group)};
    const bool first = m_answers.empty();
    auto& connection = m_kept[group];
    const bool keep = group == ProbeGroup::sameConnection || m_options.keepAlive;
    if (!connection || !keep)
        connection = std::make_unique<wire::HttpConnection>(m_target.endpoint, nullptr);
    raw.connectionKept = connection->isOpen();
    raw.exchange = exchange(*connection, m_target, raw.cookiesSent);
    if (!raw.exchange.address.empty())
        m_address = raw.exchange.address;
    m_leftAlone = retryAfter(raw.exchange.head, now()).value_or(std::chrono::seconds(0));
    takeCookies(raw, first);
    const bool nobody = raw.exchange.failure == Failure::none
        && !m_options.identity.identify(raw.exchange.head, raw.exchange.body)
        && !namesNobody(raw.exchange.head.status);
    if (m_options.identify && nobody)
        askWho(raw, *connection);
    if (!keep)
        connection.reset();
    m_answers.push_back(std::move(raw));
}

void Prober::takeCookies(const Raw& raw, bool first)
{
    if (raw.group != ProbeGroup::ownJar)
        return;
    for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie")) {
        const auto report = m_jar.receive(field, m_target.endpoint.url, now());
        m_received.emplace_back(report.name, report.fate);
        if (first)
            m_replayed += (m_replayed.empty() ? "" : "; ")
                + std::string(http::trimmed(field.substr(0, field.find(';'))));
    }
}

// With the same cookies: what was sent, or for a fresh answer what it has just set; and over the
// same connection where that is what is asked about.
void Prober::askWho(Raw& raw, wire::HttpConnection& connection)
{
    std::string cookies = cookiesFor(raw.group);
    if (raw.group == ProbeGroup::fresh) {
        http::CookieJar jar;
        for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie"))
            jar.receive(field, m_target.endpoint.url, now());
        cookies = jar.cookieFor(m_options.identify->endpoint.url, now());
    }
    wire::HttpConnection fresh(m_options.identify->endpoint, nullptr);
    const bool same = raw.group == ProbeGroup::sameConnection;
    const auto answer = exchange(same ? connection : fresh, *m_options.identify, cookies);
    if (answer.failure == Failure::none && !namesNobody(answer.head.status))
        raw.identity = m_options.identity.identify(answer.head, answer.body);
}

ProbeEvidence Prober::run(const std::function<bool()>& stopAsked,
                          const std::function<void(double)>& progress)
{
    m_stopAsked = stopAsked;
    const auto order = plan();
    std::size_t failed = 0;
    for (std::size_t place = 0; place < order.size() && !stopAsked() && m_leftAlone.count() == 0;
         ++place) {
        ask(order[place]);
        failed += m_answers.back().exchange.failure != Failure::none ? 1 : 0;
        if (failed == m_answers.size() && failed == hopelessAfter)
            break;
        progress(static_cast<double>(place + 1) / static_cast<double>(order.size()));
    }
    ProbeEvidence result = evidence();
    result.interrupted = stopAsked();
    result.leftAlone = m_leftAlone;
    m_kept.clear();
    return result;
}

// By what the answer says; else by the balancer's own cookie, where that names the replica.
std::string Prober::nameFor(const Raw& raw, const std::optional<StickyProposal>& sticky,
                            std::string& source) const
{
    const int status = raw.exchange.head.status;
    if (namesNobody(status))
        return {};
    if (const auto identity = m_options.identity.identify(raw.exchange.head, raw.exchange.body)) {
        source = identity->source;
        return identity->name;
    }
    if (raw.identity) {
        source = raw.identity->source + " of a second request";
        return raw.identity->name;
    }
    if (!sticky || status >= 400)
        return {};
    source = accordingToTheBalancer;
    std::string value = valueSet(raw.exchange.head, sticky->name);
    if (value.empty())
        value = valueIn(raw.cookiesSent, sticky->name);
    return value.empty() ? std::string() : replicaNamedBy(sticky->name, value);
}

std::vector<SeenCookie> Prober::cookiesSet() const
{
    std::vector<SeenCookie> seen;
    for (const Raw& raw : m_answers) {
        auto identity = m_options.identity.identify(raw.exchange.head, raw.exchange.body);
        if (!identity)
            identity = raw.identity;
        for (const std::string_view field : raw.exchange.head.fields.all("Set-Cookie")) {
            if (const auto cookie = http::parseSetCookie(field); cookie && !cookie->name.empty())
                seen.push_back(
                    {cookie->name, cookie->value, identity ? identity->name : std::string()});
        }
    }
    return seen;
}

// Whether a cookie of the name that the user gave was set, or sent.
bool Prober::meets(const std::vector<SeenCookie>& seen, const std::string& given) const
{
    const bool set = std::any_of(seen.begin(), seen.end(), [&given](const SeenCookie& cookie) {
        return cookie.name == given;
    });
    return set || std::any_of(m_answers.begin(), m_answers.end(), [&given](const Raw& raw) {
               return !valueIn(raw.cookiesSent, given).empty();
           });
}

ProbeAnswer Prober::answerOf(const Raw& raw, ProbeEvidence& evidence) const
{
    ProbeAnswer answer {
        .group = raw.group, .failure = raw.exchange.failure, .why = raw.exchange.why};
    answer.status = raw.exchange.head.status;
    answer.connectionKept = raw.connectionKept;
    answer.latency = raw.exchange.latency;
    if (answer.failure == Failure::none)
        answer.replica = nameFor(raw, evidence.sticky, evidence.identitySource);
    if (evidence.sticky) {
        answer.stickySent = valueIn(raw.cookiesSent, evidence.sticky->name);
        answer.stickySet = valueSet(raw.exchange.head, evidence.sticky->name);
    }
    const bool routed = answer.status == 404 && !answer.stickySet.empty();
    answer.failure = balancersOwn(answer.failure, answer.status, !answer.replica.empty() || routed);
    return answer;
}

ProbeEvidence Prober::evidence() const
{
    ProbeEvidence evidence;
    evidence.url = m_target.endpoint.url;
    evidence.keepAlive = m_options.keepAlive;
    const std::vector<SeenCookie> seen = cookiesSet();
    evidence.cookiesSeen = !seen.empty();
    const std::string& given = m_options.stickyName;
    if (!given.empty() && meets(seen, given))
        evidence.sticky = StickyProposal {given, {}, true, isSessionCookieToo(given, {})};
    else
        evidence.sticky = proposeSticky(seen);
    if (!given.empty() && (!evidence.sticky || evidence.sticky->name != given))
        evidence.stickyUnseen = given;
    for (const Raw& raw : m_answers)
        evidence.answers.push_back(answerOf(raw, evidence));
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
