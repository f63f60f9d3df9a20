// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explanation_words.h"

#include "ui/format.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

#include <algorithm>

namespace stickyscope {

namespace {

QPixmap chip(const QColor& colour, int side, qreal ratio)
{
    QPixmap pixmap(QSize(side, side) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(0, 0, side, side), side * 0.22, side * 0.22);
    return pixmap;
}

} // namespace

QLabel* explainingWords(const QString& what, QWidget* parent, bool faint)
{
    auto* label = new QLabel(what, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setProperty("faint", faint);
    return label;
}

QWidget* placeLabel(const std::string& replica, const QString& otherwise, const Scenario& scenario,
                    QWidget* parent)
{
    auto* place = new QWidget(parent);
    auto* row = new QHBoxLayout(place);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    const auto found = std::find_if(scenario.replicas.begin(), scenario.replicas.end(),
                                    [&](const ReplicaSpec& one) { return one.name == replica; });
    if (found != scenario.replicas.end()) {
        auto* colour = new QLabel(place);
        colour->setPixmap(
            chip(replicaColour(static_cast<std::size_t>(found - scenario.replicas.begin())),
                 parent->fontMetrics().height() * 3 / 4, parent->devicePixelRatioF()));
        row->addWidget(colour);
    }
    QLabel* name = explainingWords(replica.empty() ? otherwise : fromCore(replica), place);
    scaleFont(name, 1, QFont::DemiBold);
    name->setWordWrap(false);
    row->addWidget(name);
    row->addStretch(1);
    return place;
}

} // namespace stickyscope
