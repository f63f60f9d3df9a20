// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/model_bar.h"

#include "sim/balance/algorithms.h"
#include "sim/products/product.h"
#include "ui/controls/balancer_settings.h"
#include "ui/controls/flow_layout.h"
#include "ui/controls/transport_bar.h"
#include "ui/format.h"

#include <QAbstractItemView>
#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QToolTip>

#include <algorithm>

namespace stickyscope {

namespace {

// Where several of a product's have one title, told apart by what they hash, its own name for it
// stands behind.
QString titleOf(const ProductAlgorithm& row, const Product& product)
{
    const auto titleOfRow = [](const ProductAlgorithm& one) {
        return findAlgorithm(one.id)->title;
    };
    const auto alike = [&](const ProductAlgorithm& one) {
        return titleOfRow(one) == titleOfRow(row);
    };
    const QString title = fromCore(titleOfRow(row));
    return std::count_if(product.algorithms.begin(), product.algorithms.end(), alike) > 1
        ? title + QStringLiteral(" · ") + fromCore(row.name)
        : title;
}

// "nginx · 1.22.1", of "1.22.1; sticky: 1.31.5": the tool tip has the rest, and all of what is no
// number.
QString titleWithVersion(const Product& product)
{
    const QString version =
        fromCore(product.follows.substr(0, product.follows.find_first_of(";:,")));
    const bool numbered = !version.isEmpty()
        && (version[0].isDigit() || (version[0] == QLatin1Char('v') && version.size() > 1));
    return numbered ? QStringLiteral("%1 · %2").arg(fromCore(product.title), version)
                    : fromCore(product.title);
}

// Stays together where the bar goes on in a second line.
void addGroup(FlowLayout& line, const QString& title, const QList<QWidget*>& widgets)
{
    auto* group = new QWidget(widgets.front()->parentWidget());
    auto* layout = new QHBoxLayout(group);
    layout->setContentsMargins(0, 0, 12, 0);
    layout->setSpacing(8);
    layout->addWidget(new QLabel(title, group));
    for (QWidget* widget : widgets)
        layout->addWidget(widget);
    line.addWidget(group);
}

// "balancer.zones: Caddy knows no zones" stands beside the box that was meant.
QString withoutPlace(const QString& words)
{
    const auto end = words.indexOf(QLatin1String(": "));
    return words.startsWith(QLatin1String("balancer")) && end > 0 ? words.mid(end + 2) : words;
}

// As wide as its longest row, with what the theme leaves around it.
void widenList(QComboBox& box)
{
    constexpr int around = 24;
    box.view()->setMinimumWidth(box.view()->sizeHintForColumn(0) + around);
}

} // namespace

ModelBar::ModelBar(ExperimentSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_product(new QComboBox(this))
    , m_algorithm(new QComboBox(this))
    , m_sticky(new QButtonGroup(this))
    , m_documents(makeButton(tr("from documents"), QStringLiteral("documents-only"),
                             tr("What rests on documents"), this))
{
    m_product->setObjectName(QStringLiteral("product"));
    m_product->setAccessibleName(tr("Balancer"));
    m_algorithm->setObjectName(QStringLiteral("algorithm"));
    m_algorithm->setAccessibleName(tr("Algorithm"));
    // The names of some products are long: the boxes are as wide as most need, their lists wider.
    for (QComboBox* box : {m_product, m_algorithm}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(18);
        box->view()->setTextElideMode(Qt::ElideNone);
    }
    for (const Product* product : products()) {
        m_product->addItem(titleWithVersion(*product), fromCore(product->id));
        m_product->setItemData(
            m_product->count() - 1,
            tr("Follows %1. Source: %2").arg(fromCore(product->follows), fromCore(product->source)),
            Qt::ToolTipRole);
    }
    widenList(*m_product);
    m_documents->setProperty("quiet", true);
    QPushButton* settings = makeButton(tr("Settings…"), QStringLiteral("settings"),
                                       tr("All that this balancer lets people set (Alt+S)"), this);
    settings->setShortcut(QKeySequence(Qt::ALT | Qt::Key_S));
    auto* line = new FlowLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    setLayout(line);
    addGroup(*line, tr("Balancer"), {m_product, m_algorithm, settings});
    QList<QWidget*> choices;
    const QStringList words {tr("off"), tr("on"), tr("both")};
    const QStringList names {QStringLiteral("sticky-off"), QStringLiteral("sticky-on"),
                             QStringLiteral("sticky-both")};
    for (int choice = 0; choice < 3; ++choice) {
        QPushButton* button = makeButton(words[choice], names[choice],
                                         tr("Sticky cookies: %1").arg(words[choice]), this);
        button->setToolTip(tr("Sticky cookies: %1, in place of the settings shown. Ctrl+Z brings "
                              "those back.")
                               .arg(words[choice]));
        button->setCheckable(true);
        m_sticky->addButton(button, choice);
        choices << button;
    }
    addGroup(*line, tr("Sticky cookies"), choices);
    QPushButton* open = makeButton(tr("Open…"), QStringLiteral("open"),
                                   tr("Open a scenario or a recording (Ctrl+O)"), this);
    line->addWidget(open);
    line->addWidget(m_documents);

    connect(settings, &QPushButton::clicked, this, &ModelBar::showSettings);
    connect(m_documents, &QPushButton::clicked, this, [this] {
        showSettings();
        m_settings->showProvenance();
    });
    connect(open, &QPushButton::clicked, this, &ModelBar::openAsked);
    connect(m_sticky, &QButtonGroup::idClicked, this,
            [this](int choice) { m_session.setSticky(static_cast<StickyChoice>(choice)); });
    connect(m_product, &QComboBox::activated, this, [this] {
        const std::string why =
            m_session.setProduct(m_product->currentData().toString().toStdString());
        if (why.empty())
            return;
        refresh();
        QToolTip::showText(m_product->mapToGlobal(m_product->rect().bottomLeft()),
                           asSentence(withoutPlace(fromCore(why))).toHtmlEscaped(), m_product);
    });
    connect(m_algorithm, &QComboBox::activated, this, [this] {
        m_session.setAlgorithm(m_algorithm->currentData().toString().toStdString());
    });
    connect(&m_session, &ExperimentSession::scenarioChanged, this, &ModelBar::refresh);
}

void ModelBar::fillAlgorithms()
{
    const BalancerSpec& balancer = m_session.scenario().balancer;
    const Product& product = *findProduct(balancer.product);
    m_algorithm->clear();
    for (const ProductAlgorithm& row : product.algorithms) {
        const Algorithm& algorithm = *stickyscope::findAlgorithm(row.id);
        m_algorithm->addItem(titleOf(row, product), fromCore(row.name));
        m_algorithm->setItemData(m_algorithm->count() - 1, fromCore(algorithm.explanation),
                                 Qt::ToolTipRole);
    }
    const ProductAlgorithm& chosen = *findAlgorithm(product, balancer.algorithm);
    // Grey, and why stands there: what its version or its other settings rule out.
    auto* rows = static_cast<QStandardItemModel*>(m_algorithm->model());
    for (int index = 0; index < m_algorithm->count(); ++index) {
        const std::string_view name = product.algorithms[static_cast<std::size_t>(index)].name;
        const std::string why =
            name == chosen.name ? std::string() : m_session.whyNotAlgorithm(std::string(name));
        if (why.empty())
            continue;
        m_algorithm->setItemData(index, asSentence(fromCore(why)), Qt::ToolTipRole);
        rows->item(index)->setEnabled(false);
    }
    m_algorithm->setCurrentIndex(m_algorithm->findData(fromCore(chosen.name)));
    widenList(*m_algorithm);
}

void ModelBar::showSettings()
{
    if (!m_settings)
        m_settings = new BalancerSettings(m_session, this);
    m_settings->show();
    m_settings->raise();
    m_settings->activateWindow();
}

// Of every balancer on show: a lane may have one of its own. The mark is short, for it is read
// once; the settings have all of it too.
void ModelBar::showDocumentsNote()
{
    QStringList notes;
    QStringList differences;
    const Scenario& scenario = m_session.scenario();
    for (const LaneSpec& lane : scenario.lanes) {
        const Product& product = *findProduct(balancerOf(scenario, lane).product);
        const QString note = documentsOnlyNote(product);
        differences << differencesNote(product);
        if (!note.isEmpty() && !notes.contains(note))
            notes << note;
    }
    differences.removeDuplicates();
    differences.removeAll(QString());
    const QString all = (notes + differences).join(QLatin1Char('\n'));
    m_documents->setToolTip(all.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
    m_documents->setAccessibleDescription(all);
    m_documents->setVisible(!notes.isEmpty());
}

void ModelBar::refresh()
{
    // A recording is as it was.
    for (QWidget* edit : {static_cast<QWidget*>(m_product), static_cast<QWidget*>(m_algorithm)})
        edit->setEnabled(m_session.isModel());
    for (QAbstractButton* button : m_sticky->buttons())
        button->setEnabled(m_session.isModel());
    const QSignalBlocker quietProduct(m_product);
    const QSignalBlocker quietAlgorithm(m_algorithm);
    m_product->setCurrentIndex(
        m_product->findData(QString::fromStdString(m_session.scenario().balancer.product)));
    fillAlgorithms();
    for (QComboBox* box : {m_product, m_algorithm})
        box->setToolTip(box->currentText().toHtmlEscaped() + QStringLiteral("<br>")
                        + box->currentData(Qt::ToolTipRole).toString().toHtmlEscaped());
    showDocumentsNote();
    // None of them is on where the scenario has settings of its own.
    const auto sticky = m_session.sticky();
    m_sticky->setExclusive(false);
    for (QAbstractButton* button : m_sticky->buttons())
        button->setChecked(sticky && m_sticky->id(button) == static_cast<int>(*sticky));
    m_sticky->setExclusive(true);
}

} // namespace stickyscope
