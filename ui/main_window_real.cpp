// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Real traffic in the window: servers on this computer, and somebody's service.
#include "sim/export/export_scenario.h"
#include "sim/lab/lab_world.h"
#include "sim/lab/own_servers.h"
#include "sim/live/live_world.h"
#include "sim/products/product.h"
#include "ui/controls/experiment_session.h"
#include "ui/format.h"
#include "ui/lab/lab_panel.h"
#include "ui/lab/lab_starter.h"
#include "ui/main_window.h"
#include "ui/scenario_words.h"

namespace stickyscope {

namespace {

// Answers come too fast to be seen otherwise.
constexpr Duration shownBehind = std::chrono::milliseconds(300);

QString titleOf(const Scenario& scenario)
{
    return fromCore(std::string(findProduct(scenario.balancer.product)->title));
}

QStringList inWords(const std::vector<std::string>& notes)
{
    QStringList lines;
    for (const std::string& note : notes)
        lines << fromCore(note);
    return lines;
}

} // namespace

QString MainWindow::remarkOf(const LaneSpec& lane) const
{
    switch (m_session->source()) {
    case Source::model:
        return remarkOn(m_session->scenario(), lane);
    case Source::service:
        return remarkOnService(lane);
    case Source::lab:
        return remarkOn(m_session->scenario(), lane)
            + (m_lab->lanes().againstModel() && lane.name == "model"
                   ? tr(" The model: its way takes no time, and is shown as the real one is.")
                   : tr(" Real answers, shown 0.3 s behind."));
    case Source::recording:
        break;
    }
    return tr("A recording, played again.");
}

void MainWindow::openModelAgain()
{
    m_labStarter->forget();
    if (m_lab->running())
        m_lab->showStopped({});
    m_session->open(m_modelScenario);
}

// The model's scenario on real sockets, both ways at once, for as long as somebody looks.
void MainWindow::startLab()
{
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    else if (m_session->source() == Source::lab)
        m_session->end();
    m_labStarter->forget();
    m_lab->showStopped({});
    m_lab->setOurs(titleOf(m_modelScenario));
    Scenario scenario = m_modelScenario;
    if (const auto addresses = m_lab->ownServers()) {
        const auto own = lab::beforeOwnServers(scenario, *addresses);
        if (!own)
            return sayNoLab(fromCore(own.error()));
        scenario = *own;
    }
    scenario.lanes = m_lab->lanes().realLanes();
    scenario.timeline.clear();
    scenario.duration = std::chrono::hours(24);
    lab::LabTerms terms {.shownBehind = shownBehind,
                         .pictures = true,
                         .theirs = m_lab->ownServers().has_value(),
                         .againstModel = m_lab->lanes().againstModel()};
    const auto program = m_lab->program();
    if (!program) {
        auto made = lab::makeLab(std::make_shared<const Scenario>(scenario), terms);
        return made ? showLab(std::make_shared<lab::Lab>(std::move(*made)))
                    : sayNoLab(fromCore(made.error()));
    }
    const QStringList lost = inWords(translate(scenario.balancer, *findProduct(program->product)));
    terms.program = program->path;
    m_lab->showStarting(tr("Starting %1 ...").arg(titleOf(scenario)), lost);
    m_labStarter->start(std::make_shared<const Scenario>(scenario), terms);
}

void MainWindow::sayNoLab(const QString& why)
{
    if (m_session->source() == Source::lab)
        m_session->end();
    m_lab->showStopped(tr("Not on real sockets: %1.").arg(why));
}

void MainWindow::showLab(const std::shared_ptr<lab::Lab>& lab)
{
    Scenario scenario = lab->experiment.scenario();
    const QString count = scenario.replicas.size() == 1
        ? tr("one real server")
        : tr("%1 real servers").arg(scenario.replicas.size());
    const QString servers = m_lab->ownServers() ? tr("%1 of your own").arg(count) : count;
    const QString balancer = m_lab->program()
        ? tr("%1 itself").arg(titleOf(scenario))
        : tr("a balancer that does as %1 does").arg(titleOf(scenario));
    m_session->openLab(std::move(scenario),
                       [lab](const auto&) { return std::move(lab->experiment); });
    const QString what = m_lab->lanes().againstModel()
        ? tr("Running here: %1 behind %2, with its model to the left.")
        : tr("Running here: %1 behind %2, once without and once with sticky cookies.");
    m_lab->showRunning(what.arg(servers, balancer), *lab, inWords(lab->notes));
    m_session->play();
}

void MainWindow::stopLab()
{
    if (m_labStarter->busy()) {
        m_labStarter->forget();
        m_lab->showStopped(tr("Stopped before it began."));
    }
    if (m_session->source() != Source::lab)
        return;
    m_session->end();
    m_lab->showStopped(tr("Stopped: no server of this window runs any more."));
    refresh();
}

void MainWindow::watch(const std::vector<live::LivePlan>& plans, const live::LiveTerms& terms)
{
    if (m_page != Page::service)
        return;
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    m_session->openService(scenarioToWatch(plans.front().target()),
                           [plans, terms](const auto& scenario) {
                               return live::makeLiveExperiment(plans, scenario, terms);
                           });
    m_session->play();
}

} // namespace stickyscope
