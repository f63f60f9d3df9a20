// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The sentences below a stage's picture.
#include "ui/format.h"
#include "ui/stage/lane_stage.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

constexpr double remarkScale = 0.92;
constexpr double storyScale = 1.08;

} // namespace

QString LaneStage::remark() const
{
    const LaneSnapshot* shown = lane();
    const QString notice = shown ? fromCore(shown->cast->notice) : QString();
    return notice.isEmpty() ? m_remark : m_remark + QLatin1Char(' ') + notice;
}

// As many lines as it needs, within reason: two on a stage of usual width.
int LaneStage::remarkLines() const
{
    constexpr int most = 3;
    return linesOf(remark(), scaledFont(remarkScale), most);
}

int LaneStage::storyLines() const
{
    constexpr int most = 2;
    return linesOf(m_story, scaledFont(storyScale), most);
}

int LaneStage::linesOf(const QString& text, const QFont& font, int most) const
{
    const QFontMetricsF metrics(font);
    const QRectF room(0, 0, width() - 2 * padding, height());
    const double needed = metrics.boundingRect(room, Qt::TextWordWrap, text).height();
    return std::clamp(static_cast<int>(std::lround(needed / metrics.lineSpacing())), 1, most);
}

QString LaneStage::scaleWords() const
{
    const auto requests = m_scale.requestsPerDot();
    return requests == 1 ? QString() : tr("1 dot = %1 requests").arg(asCount(requests));
}

// Above the story, in the middle of the ways.
QRectF LaneStage::scaleBox() const
{
    const QString words = scaleWords();
    if (words.isEmpty())
        return {};
    const QFontMetricsF metrics(scaledFont(remarkScale));
    const double em = QFontMetricsF(font()).height();
    QRectF box(0, 0, metrics.horizontalAdvance(words) + 2, metrics.height());
    box.moveCenter({width() * 0.62, 0});
    box.moveBottom(storyBox().top() - em * 0.1);
    return box;
}

QString LaneStage::wordsAt(const QPointF& position) const
{
    if (scaleBox().contains(position))
        return tr("So many requests are on their way that one dot in %1 is drawn: the same share "
                  "on every way and in every scene. All figures count each request.")
            .arg(asCount(m_scale.requestsPerDot()));
    return position.y() >= storyBox().top() ? m_story + QLatin1Char('\n') + remark() : QString();
}

QRectF LaneStage::remarkBox() const
{
    const double em = QFontMetricsF(font()).height();
    const double tall = em * 1.2 * remarkLines();
    return {padding, height() - padding * 0.6 - tall, width() - 2 * padding, tall};
}

// Above the remark.
QRectF LaneStage::storyBox() const
{
    const double tall = QFontMetricsF(font()).height() * 1.4 * storyLines();
    return {padding, remarkBox().top() - tall, width() - 2 * padding, tall};
}

void LaneStage::paintWords(QPainter& painter) const
{
    const QFont small = scaledFont(remarkScale);
    painter.setFont(small);
    painter.setPen(m_theme.ink);
    painter.drawText(scaleBox(), Qt::AlignCenter, scaleWords());
    painter.setFont(scaledFont(storyScale));
    painter.drawText(storyBox(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, m_story);
    painter.setFont(small);
    painter.setPen(m_theme.faint);
    painter.drawText(remarkBox(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, remark());
}

} // namespace stickyscope
