// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/other_balancers.h"

#include "ui/controls/transport_bar.h"
#include "ui/explain/explanation_words.h"
#include "ui/format.h"
#include "ui/panels/elided_label.h"

#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <tuple>
#include <utility>

namespace stickyscope {

namespace {

// More that decide otherwise, but alike, are names as well.
constexpr std::size_t mostInFull = 4;

// Where it goes at last, and by which servers that do not answer.
using Decision = std::tuple<std::string, int, std::vector<std::string>>;

Decision decisionOf(const Verdict& answer)
{
    return {answer.replica, answer.replica.empty() ? answer.status : 0, answer.failed};
}

Decision decisionOf(const Explanation& explained)
{
    std::vector<std::string> failed;
    for (const ExplainedAttempt& attempt : explained.attempts) {
        if (!attempt.replica.empty())
            failed.push_back(attempt.replica);
    }
    // In the place of one whose servers are balancers the others pass it on to one of these.
    if (explained.level + 1 < explained.levels.size())
        return {explained.levels[explained.level].server, 0, {}};
    std::string last;
    if (explained.failure == Failure::none && !failed.empty()) {
        last = failed.back();
        failed.pop_back();
    }
    // As products tell it: a server that is tried twice is named once.
    failed.erase(std::unique(failed.begin(), failed.end()), failed.end());
    const int status = last.empty() ? explained.status : 0;
    return {std::move(last), status, std::move(failed)};
}

QString placeOf(const Verdict& answer)
{
    return answer.status == 0 ? QObject::tr("no answer")
                              : QObject::tr("answers %1").arg(answer.status);
}

QString triedInVain(const Verdict& answer)
{
    QStringList failed;
    for (const std::string& name : answer.failed)
        failed << fromCore(name);
    return QObject::tr("Tried %1 in vain.").arg(failed.join(QStringLiteral(", ")));
}

QString headlineOf(const Explanation& explained)
{
    QString where = QObject::tr("at the other balancers");
    if (!explained.levels.empty()) {
        const ExplainedLevel& level = explained.levels[explained.level];
        const QString place =
            level.balancer.empty() ? QObject::tr("the one in front") : fromCore(level.balancer);
        where = level.serversAreBalancers
            ? QObject::tr("at other balancers in the place of %1, whose servers are balancers")
                  .arg(place)
            : QObject::tr("at other balancers in the place of %1").arg(place);
    }
    return explained.boundTo.empty()
        ? QObject::tr("The same request, in the same state of the servers, %1, as they begin:")
              .arg(where)
        : QObject::tr("The same request, in the same state of the servers, %1, with their own "
                      "cookies for %2 where they have them:")
              .arg(where, fromCore(explained.boundTo));
}

// "nginx", of "nginx (1.22.1; sticky: 1.31.5)".
QString namesOf(const std::vector<ProductAnswer>& answers)
{
    QStringList names;
    for (const ProductAnswer& answer : answers)
        names << fromCore(answer.product.substr(0, answer.product.find(" (")));
    return names.join(QStringLiteral(", "));
}

} // namespace

OtherBalancers::OtherBalancers(const Explanation& explained,
                               std::shared_ptr<const Scenario> scenario, QWidget* parent)
    : QWidget(parent)
    , m_scenario(std::move(scenario))
    , m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("others"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(9);
    m_layout->addWidget(explainingWords(headlineOf(explained), this, true));
    gather(explained);
    if (std::all_of(m_groups.begin(), m_groups.end(), [](const Group& one) { return one.same; })
        && !m_groups.empty())
        m_layout->addWidget(explainingWords(tr("None of them decides otherwise."), this));
    for (const Group& group : m_groups)
        addGroup(group);
    if (m_folded.empty())
        return;
    m_fold = makeButton({}, QStringLiteral("others-fold"),
                        tr("The rules of all of them, and the cookies that they set"), this);
    m_fold->setCheckable(true);
    m_fold->setProperty("quiet", true);
    m_layout->addWidget(m_fold, 0, Qt::AlignLeft);
    connect(m_fold, &QPushButton::toggled, this, &OtherBalancers::unfold);
    unfold(false);
}

void OtherBalancers::gather(const Explanation& explained)
{
    const Decision own = decisionOf(explained);
    for (const ProductAnswer& answer : explained.others) {
        const Decision decision = decisionOf(answer.ofItsOwn());
        const auto alike = std::find_if(m_groups.begin(), m_groups.end(), [&](const Group& group) {
            return decisionOf(group.answers.front().ofItsOwn()) == decision;
        });
        if (alike == m_groups.end())
            m_groups.push_back({decision == own, {answer}});
        else
            alike->answers.push_back(answer);
    }
    std::stable_partition(m_groups.begin(), m_groups.end(),
                          [](const Group& group) { return !group.same; });
}

void OtherBalancers::addGroup(const Group& group)
{
    if (!group.same && group.answers.size() <= mostInFull) {
        QGridLayout* table = addTable();
        m_layout->addLayout(table);
        for (const ProductAnswer& answer : group.answers)
            addRow(*table, answer);
        return;
    }
    m_folded.insert(m_folded.end(), group.answers.begin(), group.answers.end());
    const QString names = namesOf(group.answers);
    if (group.same) {
        QLabel* same = explainingWords(tr("The same at: %1.").arg(names), this);
        same->setObjectName(QStringLiteral("others-same"));
        m_layout->addWidget(same);
        return;
    }
    const Verdict& first = group.answers.front().ofItsOwn();
    auto* row = new QHBoxLayout;
    row->setSpacing(16);
    QWidget* place = placeLabel(first.replica, placeOf(first), *m_scenario, this);
    row->addWidget(place, 0, Qt::AlignTop);
    const QString tried = first.failed.empty() ? QString() : triedInVain(first) + QLatin1Char(' ');
    row->addWidget(explainingWords(tried + tr("So at: %1.").arg(names), this), 1);
    m_layout->addLayout(row);
}

QGridLayout* OtherBalancers::addTable()
{
    auto* table = new QGridLayout;
    table->setHorizontalSpacing(16);
    table->setVerticalSpacing(7);
    table->setColumnMinimumWidth(0, fontMetrics().height() * 10);
    table->setColumnStretch(2, 1);
    return table;
}

void OtherBalancers::addRow(QGridLayout& table, const ProductAnswer& answer)
{
    QWidget* parent = table.parentWidget() ? table.parentWidget() : this;
    const int row = table.rowCount();
    QLabel* product = explainingWords(fromCore(answer.product), parent);
    product->setMinimumWidth(fontMetrics().height() * 10);
    table.addWidget(product, row, 0, Qt::AlignTop);
    const Verdict& verdict = answer.ofItsOwn();
    table.addWidget(placeLabel(verdict.replica, placeOf(verdict), *m_scenario, parent), row, 1,
                    Qt::AlignTop);
    auto* why = new QVBoxLayout;
    why->setSpacing(1);
    if (!verdict.failed.empty())
        why->addWidget(explainingWords(triedInVain(verdict), parent, true));
    why->addWidget(explainingWords(fromCore(verdict.rule), parent));
    if (answer.bound)
        why->addWidget(explainingWords(
            tr("With the cookie that came: %1").arg(fromCore(answer.rule)), parent, true));
    for (const QString& field :
         fromCore(verdict.setCookie).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        auto* cookie = new ElidedLabel(parent);
        cookie->setText(tr("sets %1").arg(field));
        cookie->setProperty("faint", true);
        why->addWidget(cookie);
    }
    why->addStretch(1);
    table.addLayout(why, row, 2);
}

void OtherBalancers::unfold(bool all)
{
    m_fold->setText(all ? tr("▾ Why at each of them") : tr("▸ Why at each of them"));
    if (all && !m_all) {
        m_all = new QWidget(this);
        m_all->setObjectName(QStringLiteral("others-all"));
        QGridLayout* table = addTable();
        m_all->setLayout(table);
        table->setContentsMargins(0, 0, 0, 0);
        for (const ProductAnswer& answer : m_folded)
            addRow(*table, answer);
        m_layout->addWidget(m_all);
    }
    if (m_all)
        m_all->setVisible(all);
}

} // namespace stickyscope
