// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Real traffic in the window: servers on this computer, and somebody's service.
#include "sim/lab/lab_lane.h"
#include "sim/lab/lab_world.h"
#include "sim/live/live_world.h"
#include "sim/products/product.h"
#include "ui/controls/experiment_session.h"
#include "ui/format.h"
#include "ui/lab/lab_panel.h"
#include "ui/lab/lab_starter.h"
#include "ui/lab/real_scenario.h"
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

// Why no product's own program can balance it, whichever it is; empty where one can.
QString whyNoProgram(const Scenario& model)
{
    const auto scenario = std::make_shared<const Scenario>(model);
    for (std::size_t lane = 0; lane < model.lanes.size(); ++lane) {
        Scenario own = *scenarioOf(scenario, static_cast<LaneIndex>(lane));
        own.timeline.clear(); // it is the user's to do
        if (const auto why = lab::impossibleInLab(own, {.program = true}); !why.empty())
            return fromCore(why);
    }
    return {};
}

QStringList inWords(const std::vector<std::string>& notes)
{
    QStringList lines;
    for (const std::string& note : notes)
        lines << fromCore(note);
    return lines;
}

} // namespace

QString MainWindow::runningWords(Page page)
{
    switch (page) {
    case Page::lab:
        return tr("Run or pause our clients and the picture (Space). Servers and "
                  "balancer go on, for whoever is at them. Real time has no speed and "
                  "no way back; Stop and Start count from zero.");
    case Page::service:
        return tr("Run or pause our requests (Space). Real time has no speed and no "
                  "way back; Look counts from zero.");
    case Page::first:
    case Page::model:
        break;
    }
    return tr("Run or pause (Space)");
}

QString MainWindow::remarkOf(const LaneSpec& lane) const
{
    switch (m_session->source()) {
    case Source::model: {
        const QString alike = alikeWith(m_session->scenario(), lane);
        return alike.isEmpty() ? remarkOn(m_session->scenario(), lane) : alike;
    }
    case Source::service:
        return remarkOnService(lane);
    case Source::lab:
        return asSentence(remarkOn(m_session->scenario(), lane))
            + versionRemarkOn(m_session->scenario(), lane)
            + (m_lab->lanes().againstModel() && lane.name == "model"
                   ? tr(" The model: the way to it takes no time. Its dots are drawn as slowly as "
                        "the real ones.")
                   : tr(" Real answers, shown 0.3 s behind."));
    case Source::recording:
        break;
    }
    return tr("A recording, played again.");
}

// What was shown before the real thing. A lab stays, with its servers, until it is stopped: others
// may be at them.
void MainWindow::openModelAgain()
{
    if (m_labStarter->busy()) {
        m_labStarter->forget();
        m_lab->showStopped({});
    }
    if (m_session->travels())
        return;
    if (!m_session->bringBack(Source::model) && !m_session->bringBack(Source::recording))
        m_session->open(m_modelScenario);
}

void MainWindow::showRealPage()
{
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    // Another scenario than the one that runs there begins anew.
    if (m_modelScenario == m_labScenario && m_session->bringBack(Source::lab))
        return;
    startLab();
}

// The model's scenario on real sockets, its lanes at once, for as long as somebody looks.
void MainWindow::startLab()
{
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    m_lab->setOurs(productsIn(m_modelScenario), balancersIn(m_modelScenario));
    m_lab->setLanes(m_modelScenario.lanes);
    m_lab->setPrograms(whyNoProgram(m_modelScenario));
    const auto program = m_lab->program();
    RealChoices choices {
        .lanes = m_lab->lanes().realLanes(), .ownServers = m_lab->ownServers(), .product = {}};
    if (program)
        choices.product = program->product;
    const auto real = forRealSockets(m_modelScenario, choices);
    if (!real)
        return sayNoLab(fromCore(real.error()));
    const auto scenario = std::make_shared<const Scenario>(real->scenario);
    lab::LabTerms terms {.shownBehind = shownBehind,
                         .pictures = true,
                         .theirs = choices.ownServers.has_value(),
                         .againstModel = m_lab->lanes().againstModel(),
                         .ports = m_lab->ports()};
    if (program)
        terms.program = program->path;
    if (const std::string why = lab::whyNoLab(scenario, terms); !why.empty())
        return sayNoLab(fromCore(why));
    endLab();
    m_labScenario = m_modelScenario;
    if (program) {
        m_lab->showStarting(tr("Starting %1 ...").arg(titleOf(*scenario)), inWords(real->lost));
        return m_labStarter->start(scenario, terms);
    }
    auto made = lab::makeLab(scenario, terms);
    made ? showLab(std::make_shared<lab::Lab>(std::move(*made))) : sayNoLab(fromCore(made.error()));
}

// Before the next one begins, whose ports are to be the same.
void MainWindow::endLab()
{
    m_labStarter->forget();
    if (m_session->source() == Source::lab)
        m_session->end();
    m_session->endAside(Source::lab);
    m_lab->showStopped({});
}

void MainWindow::sayNoLab(const QString& why)
{
    m_lab->showRefused(tr("Not on real sockets: %1.").arg(why));
}

// "%1 behind %2", and what of it stands beside each other.
QString MainWindow::sideBySide() const
{
    QString what = m_lab->lanes().againstModel()
        ? tr("Running here: %1 behind %2, with its model to the left.")
        : m_lab->lanes().isOffAndOn()
        ? tr("Running here: %1 behind %2, once without and once with sticky cookies.")
        : tr("Running here: %1 behind %2, in each of the scenario's settings.");
    if (!m_labScenario.timeline.empty())
        what += tr(" What its timeline does is yours to do here.");
    return what;
}

void MainWindow::showLab(const std::shared_ptr<lab::Lab>& lab)
{
    Scenario scenario = lab->experiment.scenario();
    m_lab->setPath(m_lab->ownServers() ? fromCore(scenario.clients.front().path) : QString());
    const QString count = scenario.replicas.size() == 1
        ? tr("one real server")
        : tr("%1 real servers").arg(scenario.replicas.size());
    const QString servers = m_lab->ownServers() ? tr("%1 of your own").arg(count) : count;
    const QString balancer = m_lab->program() ? tr("%1 itself").arg(titleOf(scenario))
        : balancersIn(scenario) > 1
        ? tr("%1 balancers that do as %2").arg(balancersIn(scenario)).arg(productsIn(scenario))
        : tr("a balancer that does as %1 does").arg(titleOf(scenario));
    m_session->openLab(std::move(scenario),
                       [lab](const auto&) { return std::move(lab->experiment); });
    m_lab->showRunning(sideBySide().arg(servers, balancer), *lab, inWords(lab->notes));
    m_session->play();
}

void MainWindow::stopLab()
{
    if (m_labStarter->busy()) {
        m_labStarter->forget();
        m_lab->showStopped(tr("Stopped before it began."));
    }
    if (m_session->source() != Source::lab && !m_session->hasAside(Source::lab))
        return;
    endLab();
    m_lab->showStopped(tr("Stopped: no server of this window runs any more."));
    refresh();
}

// Its picture would pass for that of whatever is asked now.
void MainWindow::forgetService()
{
    if (m_session->source() != Source::service)
        return;
    openModelAgain();
    m_session->pause();
}

void MainWindow::watch(const std::vector<live::LivePlan>& plans, const live::LiveTerms& terms)
{
    if (m_page != Page::service)
        return;
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    m_colours.begin();
    m_session->openService(scenarioToWatch(plans.front().target()),
                           [plans, terms](const auto& scenario) {
                               return live::makeLiveExperiment(plans, scenario, terms);
                           });
    m_session->play();
}

} // namespace stickyscope
