// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/watch_fields.h"

#include "sim/live/statistics_reader.h"
#include "ui/format.h"
#include "ui/service/labelled_field.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace stickyscope {

namespace {

struct Line
{
    QString title;
    const char* name;
    QString example;
    QString hint;
};

QLineEdit* addLine(QGridLayout& grid, GridCell cell, const Line& line)
{
    auto* edit = new QLineEdit(grid.parentWidget());
    edit->setPlaceholderText(line.example);
    edit->setToolTip(line.hint);
    addField(grid, cell, line.title, edit, line.name);
    return edit;
}

} // namespace

WatchFields::WatchFields(QWidget* parent)
    : QWidget(parent)
    , m_clients(new QSpinBox(this))
    , m_rate(new QDoubleSpinBox(this))
    , m_keepAlive(new QCheckBox(tr("Keep connections alive"), this))
    , m_requestId(new QCheckBox(tr("Send an X-Request-Id"), this))
{
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 10, 12, 10);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    m_identity = addLine(*grid, {0, 0},
                         {tr("Who answered"), "identity", tr("found by itself; or json:hostname"),
                          tr("json:FIELD, line:NAME (a \"NAME: value\" line) or header:NAME")});
    m_identify = addLine(*grid, {1, 0},
                         {tr("Second request"), "identify", tr("GET:/hostname"),
                          tr("Asked with the same cookies where an answer names nobody")});
    m_broken = addLine(
        *grid, {2, 0},
        {tr("Session broken by"), "broken", tr("status:401,403 redirect:/login"),
         tr("status:401,403, redirect:/login, engine.io, signalr, mcp, cookie:NAME or "
            "missing:TEXT; "
            "several with spaces between them. Without a rule a broken session is not visible.")});
    m_sticky = addLine(*grid, {0, 2},
                       {tr("Sticky cookie"), "sticky-cookie", tr("found by itself"),
                        tr("The cookie that is withheld on the left, and kept on the right")});
    m_statistics = addLine(
        *grid, {3, 0},
        {tr("Balancer's counts"), "statistics", tr("http://localhost:8404/stats;csv"),
         tr("Where the balancer's own statistics are, to be compared with what the clients "
            "met: HAProxy's /stats;csv or the path of its socket, Envoy's /clusters, Apache's "
            "balancer-manager?xml=1, nginx's stub_status, or Prometheus metrics")});
    m_clients->setRange(1, 1000);
    m_clients->setValue(6);
    addField(*grid, {1, 2}, tr("Clients"), m_clients, "clients");
    m_rate->setRange(0.1, 20'000);
    m_rate->setDecimals(1);
    m_rate->setValue(live::usualRateInAll);
    addField(*grid, {2, 2}, tr("Requests/s at most"), m_rate, "rate");
    m_keepAlive->setObjectName(QStringLiteral("keep-alive"));
    m_keepAlive->setToolTip(
        tr("One connection for many requests: some balancers then stay with one server, cookies or "
           "not. Otherwise each request makes a new connection."));
    m_requestId->setObjectName(QStringLiteral("request-id"));
    m_requestId->setChecked(true);
    grid->addWidget(m_keepAlive, 0, 4);
    grid->addWidget(m_requestId, 1, 4);
    grid->setColumnStretch(1, 3);
    grid->setColumnStretch(3, 2);
    grid->setColumnStretch(4, 1);
}

double WatchFields::rate() const
{
    return m_rate->value();
}

void WatchFields::setRate(double rate)
{
    m_rate->setValue(rate);
}

bool WatchFields::sendsRequestId() const
{
    return m_requestId->isChecked();
}

bool WatchFields::keepsAlive() const
{
    return m_keepAlive->isChecked();
}

std::string WatchFields::stickyName() const
{
    return m_sticky->text().trimmed().toStdString();
}

void WatchFields::proposeSticky(const QString& name)
{
    m_sticky->setPlaceholderText(name.isEmpty() ? tr("found by itself") : name);
}

Outcome<live::LivePlan> WatchFields::applied(live::LivePlan plan) const
{
    using Result = Outcome<live::LivePlan>;
    const std::string identity = m_identity->text().trimmed().toStdString();
    if (!identity.empty()) {
        const auto rule = live::IdentityRule::parse(identity);
        if (!rule)
            return Result::failure(rule.error());
        plan.identity = *rule;
    }
    const std::string identify = m_identify->text().trimmed().toStdString();
    if (!identify.empty()) {
        if (!identify.starts_with("GET:/"))
            return Result::failure("the second request must be GET:/PATH, not '" + identify + "'");
        plan.identify = live::atPath(plan.target(), std::string_view(identify).substr(4));
        if (const std::string fault = live::faultIn(*plan.identify); !fault.empty())
            return Result::failure(fault);
    }
    for (const QString& text : m_broken->text().split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const auto rule = live::SessionRule::parse(text.toStdString());
        if (!rule)
            return Result::failure(rule.error());
        plan.sessionRules.push_back(*rule);
    }
    const std::string statistics = m_statistics->text().trimmed().toStdString();
    if (!statistics.empty()) {
        const auto target = live::statisticsSource(statistics, plan.target());
        if (!target)
            return Result::failure("balancer's counts: " + target.error());
        plan.statistics = *target;
    }
    plan.stickyName = stickyName();
    live::LiveGroup& group = plan.groups.front();
    group.count = m_clients->value();
    group.keepAlive = m_keepAlive->isChecked() ? live::alwaysKept : 1;
    // Above the usual pace the clients share what is asked for in all lanes.
    if (rate() > live::usualRateInAll) {
        const Duration mean {static_cast<Duration::rep>(2e9 * group.count / rate())};
        group.pause = {.shape = Distribution::Shape::uniform,
                       .mean = mean,
                       .least = mean / 2,
                       .most = mean / 2 * 3};
    }
    return plan;
}

} // namespace stickyscope
