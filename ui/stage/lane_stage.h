// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/snapshot.h"
#include "ui/stage/dot_scale.h"
#include "ui/stage/stage_finder.h"
#include "ui/stage/stage_geometry.h"
#include "ui/stage/stage_painter.h"
#include "ui/theme/theme.h"

#include <QFont>
#include <QStringList>
#include <QWidget>

#include <memory>
#include <optional>
#include <utility>

namespace stickyscope {

/// One lane on stage: headline, moving picture, the sentence about one client. Shows snapshots and
/// reports what the user did to a replica or client; it changes nothing itself.
class LaneStage : public QWidget
{
    Q_OBJECT

public:
    LaneStage(std::size_t lane, QWidget* parent);

    void setTheme(const Theme& theme);
    /// `scale`: that of all stages beside each other.
    void setSnapshot(std::shared_ptr<const Snapshot> snapshot, const DotScale& scale);
    void setHeadline(const QString& headline);
    /// A second, smaller sentence: what this balancer does; `beside`: those of all stages beside
    /// each other, so that all leave as much room for theirs, and their pictures are level.
    void setRemark(const QString& remark, const QStringList& beside);
    /// What can be done here, beside the story or behind the remark; empty for nothing.
    void setHint(const QString& hint);
    /// That of the narrowest stage: so all break their lines alike.
    void setWordsWidth(int width);
    /// What a cache in front of the balancers does with cookies; empty where there is none.
    void setCache(const QString& explanation);
    /// The middle of a client's newest answer, for tests.
    QPoint newestAnswer(std::size_t client) const;
    /// Where its request is on its way, likewise.
    std::optional<QPoint> dotOf(ClientIndex client) const;
    /// The middle of a replica's box, for tests and tool tips.
    QPoint replicaCentre(std::size_t index) const;
    QPoint balancerCentre(std::size_t index = 0) const;
    QPoint cacheCentre() const;
    QPoint clientCentre(std::size_t index) const;
    QPoint cookieCentre(std::size_t client) const;
    /// Those that "and 27 more" stands for.
    std::size_t hiddenClients() const { return geometry().hiddenClients(); }
    /// What it says below its story.
    QString shownRemark() const { return remark(); }
    std::size_t hiddenReplicas() const { return geometry().hiddenReplicas(); }
    /// Of all balancers that are shown.
    std::vector<QRectF> balancerBoxes() const;
    /// What is said of it at this place.
    QString toolTipAt(const QPoint& place) const;
    /// How many faults of a replica the stage shows by now.
    std::size_t shownFaults(std::size_t replica) const;
    QString story() const { return m_story; }
    /// As the stage shows it by now.
    std::optional<ReplicaState> shownState(std::size_t replica) const;
    QSize minimumSizeHint() const override;
    /// What it and those beside it need to show their clients and servers, but no more than `most`
    /// of each.
    int heightFor(std::size_t mostClients, std::size_t mostServers) const;

signals:
    void replicaToggled(stickyscope::ReplicaIndex replica, bool running);
    void replicaMenuAsked(stickyscope::ReplicaIndex replica, const QPoint& globalPosition);
    /// `balancer`: its place in the cast; 0 where there is one.
    void balancerMenuAsked(std::size_t balancer, const QPoint& globalPosition,
                           stickyscope::LaneIndex lane);
    void clientMenuAsked(stickyscope::ClientIndex client, const QPoint& globalPosition,
                         stickyscope::LaneIndex lane);
    /// A dot or an answer was clicked, or asked about by key.
    void explanationAsked(stickyscope::LaneIndex lane, stickyscope::ClientIndex client,
                          std::uint32_t ordinal);
    /// It was dragged there: onto another client, or off (noClient).
    void cookieDropped(stickyscope::ClientIndex of, stickyscope::ClientIndex onto);
    void replicaRenameAsked(stickyscope::ReplicaIndex replica);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;

private:
    static constexpr double padding = 18;

    /// All that the words below the pictures need room for.
    struct Words
    {
        QStringList stories;
        QStringList remarks;
        QString hint;
        int width = 0;
        QFont font;

        bool operator==(const Words&) const = default;
    };

    const LaneSnapshot* lane() const;
    StageGeometry geometry() const;
    /// "sessions broken 7", beside the headline; empty where nobody can see that.
    QString brokenWords() const;
    QString elidedHeadline() const;
    double abovePicture() const;
    double belowPicture() const;
    StageFinder find(const StageGeometry& places) const;
    QString remark() const;
    /// The remark of one of the stages, with what comes behind it.
    QString remarkOf(const QString& remark, std::size_t lane) const;
    /// Whether there is room for the hint beside every story.
    bool hintFits() const;
    int wordsWidth() const { return m_wordsWidth > 0 ? m_wordsWidth : width(); }
    void makeRoomForWords();
    int linesOf(const QString& text, const QFont& font, int most) const;
    QRectF remarkBox() const;
    QRectF storyBox() const;
    void paintWords(QPainter& painter) const;
    /// "1 dot = 20 requests"; empty where each has one.
    QString scaleWords() const;
    QRectF scaleBox() const;
    /// Story and remark in full, where they stand.
    QString wordsAt(const QPointF& position) const;
    std::optional<std::size_t> movableCookieAt(const QPointF& position) const;
    void carry(const QPointF& position);
    void endCarrying();
    void explain(const std::optional<RequestOnStage>& request);
    void toggle(std::size_t replica);
    void choose(const StageFocus& focus);
    void chooseClient(int by);
    void chooseBalancer();
    /// What is chosen, and the story, for who cannot see the picture.
    void describe();
    void updateStory();

    std::size_t m_lane;
    Theme m_theme = Theme::light();
    std::shared_ptr<const Snapshot> m_snapshot;
    DotScale m_scale;
    QString m_headline;
    QString m_cache;
    QString m_hint;
    int m_wordsWidth = 0; ///< 0: its own
    QString m_remark;
    QStringList m_remarks; ///< of all stages
    QString m_story;
    QStringList m_stories; ///< likewise
    Words m_words; ///< for which there is room: so many lines
    int m_storyLines = 1;
    int m_remarkLines = 1;
    StageFocus m_focus;
    /// A client whose sticky cookie the button is held on, and where that began.
    std::optional<std::pair<std::size_t, QPointF>> m_held;
    std::size_t m_chosen = 0; ///< the replica that the keyboard acts on
};

} // namespace stickyscope
