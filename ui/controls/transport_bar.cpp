// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/transport_bar.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

// 0 is as fast as possible.
constexpr std::array<double, 9> speeds {0.25, 0.5, 1, 2, 4, 8, 16, 60, 0};

QString nameOfSpeed(double speed)
{
    return speed == 0 ? QObject::tr("× max") : QStringLiteral("× %1").arg(speed);
}

} // namespace

QPushButton* makeButton(const QString& text, const QString& name, const QString& hint,
                        QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAutoDefault(true);
    button->setToolTip(hint);
    button->setAccessibleName(hint);
    return button;
}

TransportBar::TransportBar(QWidget* parent)
    : QWidget(parent)
    , m_reset(makeButton(QStringLiteral("|◂"), QStringLiteral("reset"),
                         tr("Back to the beginning (Home)"), this))
    , m_back(makeButton(QStringLiteral("◂"), QStringLiteral("back"), tr("Five seconds back (Left)"),
                        this))
    , m_play(makeButton(QString(), QStringLiteral("play"), tr("Run or pause (Space)"), this))
    , m_step(makeButton(QStringLiteral("▸"), QStringLiteral("step"),
                        tr("To the next event (Right)"), this))
    , m_speed(makeButton(QString(), QStringLiteral("speed"), tr("Speed (+ and -)"), this))
    , m_time(new QLabel(this))
{
    m_play->setProperty("primary", true);
    m_play->setMinimumWidth(
        static_cast<int>(QFontMetricsF(font()).horizontalAdvance(QLatin1Char('m')) * 11));
    scaleFont(m_play, 1.05, QFont::DemiBold);
    m_time->setObjectName(QStringLiteral("time"));
    m_time->setMinimumWidth(
        static_cast<int>(QFontMetricsF(font()).horizontalAdvance(QStringLiteral("0000.0 s"))));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    for (QWidget* widget : {static_cast<QWidget*>(m_reset), static_cast<QWidget*>(m_back),
                            static_cast<QWidget*>(m_play), static_cast<QWidget*>(m_step),
                            static_cast<QWidget*>(m_speed), static_cast<QWidget*>(m_time)})
        layout->addWidget(widget);

    auto* menu = new QMenu(m_speed);
    for (const double speed : speeds)
        menu->addAction(nameOfSpeed(speed), this, [this, speed] { emit speedAsked(speed); });
    m_speed->setMenu(menu);
    connect(m_play, &QPushButton::clicked, this, &TransportBar::playToggled);
    connect(m_step, &QPushButton::clicked, this, &TransportBar::stepAsked);
    connect(m_back, &QPushButton::clicked, this, &TransportBar::backAsked);
    connect(m_reset, &QPushButton::clicked, this, &TransportBar::resetAsked);
    setSpeed(1);
    setUnfolded(false);
}

void TransportBar::setState(bool playing, const Snapshot& snapshot)
{
    const QString word = playing ? tr("❚❚  Pause")
        : snapshot.finished      ? tr("▶  Again")
                                 : tr("▶  Play");
    if (m_play->text() != word)
        m_play->setText(word);
    m_time->setText(
        QStringLiteral("%1 s").arg(inSeconds(snapshot.now.time_since_epoch()), 0, 'f', 1));
}

void TransportBar::setSpeed(double speed)
{
    m_shownSpeed = speed;
    m_speed->setText(nameOfSpeed(speed));
}

void TransportBar::setTimeTravel(bool possible, const QString& running)
{
    m_timeTravel = possible;
    m_play->setToolTip(running);
    setUnfolded(m_unfolded);
}

void TransportBar::setUnfolded(bool unfolded)
{
    m_unfolded = unfolded;
    for (QPushButton* button : {m_reset, m_back, m_step})
        button->setVisible(unfolded && m_timeTravel);
    m_speed->setVisible(m_timeTravel);
}

void TransportBar::changeSpeed(int by)
{
    const auto* place = std::find(speeds.begin(), speeds.end(), m_shownSpeed);
    const auto index = std::clamp<std::ptrdiff_t>(place - speeds.begin() + by, 0,
                                                  static_cast<std::ptrdiff_t>(speeds.size()) - 1);
    emit speedAsked(speeds.at(static_cast<std::size_t>(index)));
}

void TransportBar::faster()
{
    changeSpeed(1);
}

void TransportBar::slower()
{
    changeSpeed(-1);
}

} // namespace stickyscope
