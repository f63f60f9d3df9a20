// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/runner.h"
#include "sim/model/scenario.h"
#include "ui/explain/request_explainer.h"

#include <QObject>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// Which of the two lanes are shown.
enum class StickyChoice : std::uint8_t
{
    off,
    on,
    both
};

/// What the window shows.
enum class Source : std::uint8_t
{
    model,
    service, ///< a real one
    lab, ///< real servers that the window has started
    recording
};

/// The scenario that the window shows, and the experiment that runs it. Edits can be undone; each
/// begins the run anew, for what has been measured under other settings would not compare.
class ExperimentSession : public QObject
{
    Q_OBJECT

public:
    explicit ExperimentSession(QObject* parent);
    ~ExperimentSession() override;

    /// Replaces the scenario and forgets the edits of the last one.
    using Make = std::function<Experiment(const std::shared_ptr<const Scenario>&)>;
    /// `jars`: the cookies that each group of clients begins with.
    void open(Scenario scenario, std::vector<http::CookieJar> jars = {});
    /// Runs an experiment of another kind; `scenario` stands for it in titles and lanes.
    void openService(Scenario scenario, Make make);
    /// One run: once it has ended, play() does not begin anew.
    void openLab(Scenario scenario, Make make);
    void openRecording(Scenario scenario, Make make);
    Source source() const { return m_run.source; }
    const Scenario& scenario() const { return m_run.scenario; }
    /// Whether this is the model, whose settings can be edited.
    bool isModel() const { return m_run.source == Source::model; }
    /// Whether time can be turned back, and run at any speed.
    bool travels() const { return isModel() || m_run.source == Source::recording; }

    // A model or recording stands aside, paused, while something real is shown; so does a lab
    // while something else is: its servers go on to answer whoever asks.
    /// Shows what stands aside, as it was when it was left; false where nothing of this kind does.
    bool bringBack(Source source);
    bool hasAside(Source source) const { return m_aside.contains(source); }
    /// Ends it, with its servers.
    void endAside(Source source);

    // Edits.
    void setSticky(StickyChoice choice);
    /// Nothing where the scenario has lanes of its own.
    std::optional<StickyChoice> sticky() const;
    /// One line where the scenario would be wrong with it; then nothing changes.
    std::string setProduct(const std::string& id);
    /// Nothing where the product has none of this name, or cannot have it (whyNotAlgorithm).
    void setAlgorithm(const std::string& name);
    /// Why the balancer as it is set cannot choose so, in one line; empty where it can.
    std::string whyNotAlgorithm(const std::string& name) const;
    /// One line where the scenario would be wrong with it; then nothing changes.
    std::string setBalancer(BalancerSpec balancer);
    void renameReplica(ReplicaIndex replica, const std::string& name);
    /// Whether the scenario is another one than was opened or saved.
    bool isEdited() const
    {
        return m_run.saved ? m_run.scenario != *m_run.saved : !m_run.undo.empty();
    }
    /// It has been written to a file as it is.
    void markSaved();
    // What was done by hand to the model's run, since its last edit or beginning, comes before
    // edits: taken back, the run is again at that moment; once more, it is done now.
    bool canUndo() const { return doneByHand() || !m_run.undo.empty(); }
    bool canRedo() const { return !m_run.takenBack.empty() || !m_run.redo.empty(); }
    void undo();
    void redo();

    // Transport.
    bool playing() const { return m_run.runner && m_run.runner->playing(); }
    double speed() const { return m_speed; }
    void play();
    void pause();
    /// Ends the run and all its traffic; what it has shown last stays. play() begins anew.
    void end();
    void setSpeed(double speed);
    // Where time can be turned back.
    void step();
    void goBack();
    void reset();
    /// What a world cannot do it leaves undone: a real service's replicas are its owner's to stop.
    void apply(const Intervention& intervention);
    std::shared_ptr<const Snapshot> snapshot() const;
    /// What is needed to look back at the model's run; nothing where there is none.
    std::optional<ModelRun> modelRun() const;

signals:
    /// The scenario or its settings are other than before.
    void scenarioChanged();
    void scenarioSaved();

private:
    /// Something to show, with all that belongs to it.
    struct Run
    {
        Scenario scenario;
        std::shared_ptr<const Scenario> running; ///< the same, of the run
        std::vector<http::CookieJar> jars; ///< the model's
        Make make;
        std::shared_ptr<const Snapshot> last; ///< of a run that was ended
        Source source = Source::model;
        std::vector<Scenario> undo;
        std::optional<Scenario> saved; ///< as it was last written to a file
        std::vector<Scenario> redo;
        std::vector<Intervention> takenBack; ///< that were done by hand
        std::unique_ptr<Runner> runner;
        bool goesOn = false; ///< it played when it was set aside
    };

    void start(Scenario scenario, Make make, Source source);
    void setAside();
    void edit(Scenario scenario);
    void begin();
    bool doneByHand() const;

    Run m_run;
    std::map<Source, Run> m_aside;
    double m_speed = 1;
};

} // namespace stickyscope
