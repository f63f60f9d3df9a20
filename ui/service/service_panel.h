// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/live_world.h"
#include "sim/live/verdict.h"
#include "sim/model/snapshot.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <memory>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace stickyscope {

namespace wire {
struct Exchange;
}

class CountsWindow;
class ServiceFields;
class ServiceGuide;
class ServiceProbe;

/// My service: an address or a curl line goes in, with fields for what else there is to say; the
/// probe's verdict and two live lanes come out.
class ServicePanel : public QWidget
{
    Q_OBJECT

public:
    explicit ServicePanel(QWidget* parent);
    ~ServicePanel() override;

    void setTarget(const QString& text);
    /// What a first user needs, for as long as nothing is watched.
    void setGuideVisible(bool visible);
    /// Reads the address and the fields, and asks.
    void look();
    /// Ends all traffic.
    void stop();
    /// What is shown beside the lanes: who counted what, where the balancer's counts are read.
    void setSnapshot(const Snapshot& snapshot);

signals:
    /// The service may be watched by these plans, one a lane.
    void watchAsked(const std::vector<stickyscope::live::LivePlan>& plans,
                    const stickyscope::live::LiveTerms& terms);
    void cutAsked();
    void stopAsked();
    /// Somebody looks at another service, or once more: what was seen of the last one goes.
    void anewAsked();

private:
    void unfoldCurlLine();
    bool confirmed(const live::LivePlan& plan);
    void begin(live::LivePlan plan);
    void watch();
    void showVerdict(const live::ProbeEvidence& evidence, const live::Verdict& verdict,
                     const std::string& address, const std::string& cookieFile);
    void showAnswer(const wire::Exchange& exchange, const std::string& replica);
    void showBusy(bool busy);
    void say(const QString& text);

    QLineEdit* m_target;
    QPushButton* m_options;
    QPushButton* m_look;
    QPushButton* m_counts;
    QPushButton* m_cut;
    QPushButton* m_stop;
    QProgressBar* m_progress;
    QLabel* m_verdict;
    ServiceFields* m_fields;
    ServiceGuide* m_guide;
    ServiceProbe* m_probe;
    CountsWindow* m_countsWindow;
    live::LivePlan m_plan; ///< of what was asked last
    bool m_inPerson = false;
    std::string m_permitted; ///< a host beyond this machine that was confirmed
};

} // namespace stickyscope
