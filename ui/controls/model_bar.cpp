// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/model_bar.h"

#include "sim/balance/algorithms.h"
#include "sim/products/product.h"
#include "ui/controls/transport_bar.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

namespace stickyscope {

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

ModelBar::ModelBar(ExperimentSession& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_product(new QComboBox(this))
    , m_algorithm(new QComboBox(this))
    , m_sticky(new QButtonGroup(this))
{
    m_product->setObjectName(QStringLiteral("product"));
    m_product->setAccessibleName(tr("Balancer"));
    m_algorithm->setObjectName(QStringLiteral("algorithm"));
    m_algorithm->setAccessibleName(tr("Algorithm"));
    m_algorithm->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (const Product* product : products()) {
        m_product->addItem(text(product->title), text(product->id));
        m_product->setItemData(
            m_product->count() - 1,
            tr("Follows %1. Source: %2").arg(text(product->follows), text(product->source)),
            Qt::ToolTipRole);
    }
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(new QLabel(tr("Balancer"), this));
    layout->addWidget(m_product);
    layout->addWidget(m_algorithm);
    layout->addSpacing(16);
    layout->addWidget(new QLabel(tr("Sticky cookies"), this));
    const QStringList words {tr("off"), tr("on"), tr("both")};
    const QStringList names {QStringLiteral("sticky-off"), QStringLiteral("sticky-on"),
                             QStringLiteral("sticky-both")};
    for (int choice = 0; choice < 3; ++choice) {
        QPushButton* button = makeButton(words[choice], names[choice],
                                         tr("Sticky cookies: %1").arg(words[choice]), this);
        button->setCheckable(true);
        m_sticky->addButton(button, choice);
        layout->addWidget(button);
    }
    layout->addStretch(1);
    QPushButton* open = makeButton(tr("Open…"), QStringLiteral("open"),
                                   tr("Open a scenario or a recording (Ctrl+O)"), this);
    layout->addWidget(open);

    connect(open, &QPushButton::clicked, this, &ModelBar::openAsked);
    connect(m_sticky, &QButtonGroup::idClicked, this,
            [this](int choice) { m_session.setSticky(static_cast<StickyChoice>(choice)); });
    connect(m_product, &QComboBox::activated, this,
            [this] { m_session.setProduct(m_product->currentData().toString().toStdString()); });
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
        m_algorithm->addItem(text(algorithm.title), text(row.name));
        m_algorithm->setItemData(m_algorithm->count() - 1, text(algorithm.explanation),
                                 Qt::ToolTipRole);
    }
    const ProductAlgorithm& chosen = *findAlgorithm(product, balancer.algorithm);
    m_algorithm->setCurrentIndex(m_algorithm->findData(text(chosen.name)));
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
    m_sticky->button(static_cast<int>(m_session.sticky()))->setChecked(true);
}

} // namespace stickyscope
