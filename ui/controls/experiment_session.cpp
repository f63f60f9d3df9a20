// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/experiment_session.h"

#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

ExperimentSession::ExperimentSession(QObject* parent)
    : QObject(parent)
{
}

ExperimentSession::~ExperimentSession() = default;

void ExperimentSession::begin()
{
    const bool wasPlaying = m_run.runner && m_run.runner->playing();
    m_run.takenBack.clear();
    m_run.running = std::make_shared<const Scenario>(m_run.scenario);
    m_run.runner.reset(); // the last one's traffic ends before the next one's begins
    m_run.runner = std::make_unique<Runner>(
        [scenario = m_run.running, make = m_run.make] { return make(scenario); });
    m_run.runner->setSpeed(travels() ? m_speed : 1);
    if (wasPlaying)
        m_run.runner->play();
    emit scenarioChanged();
}

void ExperimentSession::open(Scenario scenario, std::vector<http::CookieJar> jars)
{
    m_run.jars = jars;
    const auto make = [jars = std::move(jars)](const std::shared_ptr<const Scenario>& shared) {
        return makeVirtualExperiment(shared, {.history = true}, jars);
    };
    start(std::move(scenario), make, Source::model);
}

void ExperimentSession::openService(Scenario scenario, Make make)
{
    start(std::move(scenario), std::move(make), Source::service);
}

void ExperimentSession::openLab(Scenario scenario, Make make)
{
    start(std::move(scenario), std::move(make), Source::lab);
}

void ExperimentSession::openRecording(Scenario scenario, Make make)
{
    start(std::move(scenario), std::move(make), Source::recording);
}

void ExperimentSession::start(Scenario scenario, Make make, Source source)
{
    const bool toReal = source == Source::lab || source == Source::service;
    if (toReal && travels())
        setAside();
    end();
    m_run.source = source;
    m_run.make = std::move(make);
    m_run.scenario = std::move(scenario);
    m_run.undo.clear();
    m_run.redo.clear();
    m_run.saved.reset();
    begin();
}

void ExperimentSession::edit(Scenario scenario)
{
    if (!isModel() || scenario == m_run.scenario)
        return;
    // What a lane changes is laid over the rest anew; where it no longer fits, the rest counts.
    const bool differs = std::any_of(scenario.lanes.begin(), scenario.lanes.end(),
                                     [](const LaneSpec& lane) { return !lane.with.empty(); });
    if (auto read =
            differs ? readScenario(writeScenario(scenario), "") : Outcome<Scenario>(scenario)) {
        scenario = std::move(*read);
    } else {
        for (LaneSpec& lane : scenario.lanes) {
            lane.with.clear();
            lane.own.reset();
        }
    }
    m_run.undo.push_back(std::exchange(m_run.scenario, std::move(scenario)));
    m_run.redo.clear();
    begin();
}

bool ExperimentSession::doneByHand() const
{
    return isModel() && m_run.runner && !m_run.runner->byHand().empty();
}

void ExperimentSession::markSaved()
{
    m_run.saved = m_run.scenario;
    emit scenarioSaved();
}

void ExperimentSession::undo()
{
    if (const auto taken = doneByHand() ? m_run.runner->takeBack() : std::nullopt)
        return m_run.takenBack.push_back(*taken);
    if (m_run.undo.empty())
        return;
    m_run.redo.push_back(std::exchange(m_run.scenario, m_run.undo.back()));
    m_run.undo.pop_back();
    begin();
}

void ExperimentSession::redo()
{
    if (!m_run.takenBack.empty()) {
        m_run.runner->apply(m_run.takenBack.back());
        return m_run.takenBack.pop_back();
    }
    if (m_run.redo.empty())
        return;
    m_run.undo.push_back(std::exchange(m_run.scenario, m_run.redo.back()));
    m_run.redo.pop_back();
    begin();
}

void ExperimentSession::play()
{
    if (m_run.source == Source::lab && (!m_run.runner || m_run.runner->snapshot()->finished))
        return;
    if (!m_run.runner)
        begin();
    if (m_run.runner->snapshot()->finished)
        m_run.runner->reset();
    m_run.runner->play();
}

// They change the run, which is held by a pointer.
// NOLINTBEGIN(readability-make-member-function-const)
void ExperimentSession::pause()
{
    if (m_run.runner)
        m_run.runner->pause();
}

void ExperimentSession::end()
{
    if (!m_run.runner)
        return;
    m_run.last = m_run.runner->snapshot();
    m_run.runner.reset();
    m_run.takenBack.clear();
}

void ExperimentSession::step()
{
    if (m_run.runner && travels())
        m_run.runner->step();
}

void ExperimentSession::goBack()
{
    if (m_run.runner && travels())
        m_run.runner->goBack(std::chrono::seconds(5));
}

void ExperimentSession::reset()
{
    if (!m_run.runner || !travels())
        return;
    m_run.takenBack.clear();
    m_run.runner->reset();
}

void ExperimentSession::apply(const Intervention& intervention)
{
    if (!m_run.runner)
        return;
    m_run.takenBack.clear();
    m_run.runner->apply(intervention);
}
// NOLINTEND(readability-make-member-function-const)

std::shared_ptr<const Snapshot> ExperimentSession::snapshot() const
{
    return m_run.runner ? m_run.runner->snapshot() : m_run.last;
}

std::optional<ModelRun> ExperimentSession::modelRun() const
{
    if (!isModel() || !m_run.runner)
        return std::nullopt;
    return ModelRun {.scenario = m_run.running,
                     .terms = {.jars = m_run.jars, .byHand = m_run.runner->byHand()},
                     .now = m_run.runner->snapshot()->now};
}

void ExperimentSession::setSpeed(double speed)
{
    m_speed = speed;
    if (m_run.runner && travels())
        m_run.runner->setSpeed(speed);
}

} // namespace stickyscope
