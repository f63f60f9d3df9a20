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

// What has come of it, behind what the balancer does.
QString withNews(const QString& remark, const LaneSnapshot& shown)
{
    const bool several = !shown.cast->balancers.empty();
    const bool held =
        std::any_of(shown.clients.begin(), shown.clients.end(),
                    [](const ClientPicture& client) { return client.cookie != noReplica; });
    QString news = fromCore(shown.cast->notice);
    // Some may hold none for a while, but not all, who have got it again and again.
    if (!several && !held && shown.result.cookiesSet > 2 * shown.clients.size())
        news = QObject::tr("No client keeps the cookie.");
    // Then both sides ask alike, and what differs is chance.
    const LaneResult& result = shown.result;
    if (shown.cast->stickyWithheld && !held && result.cookiesSet == 0 && result.answered > 0)
        news += (news.isEmpty() ? QString() : QStringLiteral(" "))
            + QObject::tr("None has been set so far: both sides ask alike.");
    return news.isEmpty() ? remark : remark + QLatin1Char(' ') + news;
}

} // namespace

QString LaneStage::remark() const
{
    return remarkOf(m_remark, m_lane);
}

QString LaneStage::remarkOf(const QString& remark, std::size_t lane) const
{
    QString words = m_snapshot && lane < m_snapshot->lanes.size()
        ? withNews(remark, m_snapshot->lanes[lane])
        : remark;
    if (!m_hint.isEmpty() && !hintFits())
        words += (words.isEmpty() ? QString() : QStringLiteral(" ")) + m_hint;
    return words;
}

// At the right, below the servers.
bool LaneStage::hintFits() const
{
    const double room = wordsWidth() - 2 * padding
        - QFontMetricsF(scaledFont(remarkScale)).horizontalAdvance(m_hint)
        - QFontMetricsF(font()).height();
    const QFontMetricsF metrics(scaledFont(storyScale));
    return std::all_of(m_stories.begin(), m_stories.end(), [&](const QString& story) {
        return metrics.horizontalAdvance(story) <= room;
    });
}

// As many lines as any stage beside it needs, within reason: so that their pictures are level.
void LaneStage::makeRoomForWords()
{
    QStringList remarks;
    for (qsizetype one = 0; one < m_remarks.size(); ++one)
        remarks << remarkOf(m_remarks[one], static_cast<std::size_t>(one));
    if (remarks.isEmpty())
        remarks << remark();
    const Words words {m_stories, remarks, m_hint, wordsWidth(), font()};
    if (words == m_words)
        return;
    m_words = words;
    constexpr int mostOfStory = 2;
    constexpr int mostOfRemark = 3;
    m_storyLines = m_remarkLines = 1;
    for (const QString& story : m_stories)
        m_storyLines = std::max(m_storyLines, linesOf(story, scaledFont(storyScale), mostOfStory));
    for (const QString& one : remarks)
        m_remarkLines =
            std::max(m_remarkLines, linesOf(one, scaledFont(remarkScale), mostOfRemark));
}

int LaneStage::linesOf(const QString& text, const QFont& font, int most) const
{
    const QFontMetricsF metrics(font);
    const QRectF room(0, 0, wordsWidth() - 2 * padding, height());
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
    if (position.y() < abovePicture() && elidedHeadline() != m_headline)
        return m_headline;
    return position.y() >= storyBox().top() ? m_story + QLatin1Char('\n') + remark() : QString();
}

QRectF LaneStage::remarkBox() const
{
    const double em = QFontMetricsF(font()).height();
    const double tall = em * 1.2 * m_remarkLines;
    return {padding, height() - padding * 0.6 - tall, wordsWidth() - 2 * padding, tall};
}

// Above the remark.
QRectF LaneStage::storyBox() const
{
    const double tall = QFontMetricsF(font()).height() * 1.4 * m_storyLines;
    return {padding, remarkBox().top() - tall, wordsWidth() - 2 * padding, tall};
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
    if (!m_hint.isEmpty() && hintFits())
        painter.drawText(storyBox(), Qt::AlignRight | Qt::AlignVCenter, m_hint);
    painter.setPen(m_theme.faint);
    painter.drawText(remarkBox(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, remark());
}

} // namespace stickyscope
