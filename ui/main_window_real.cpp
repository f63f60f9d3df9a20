// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Real traffic in the window: servers on this computer, and somebody's service.
#include "sim/lab/lab_world.h"
#include "sim/live/live_world.h"
#include "sim/products/product.h"
#include "ui/controls/experiment_session.h"
#include "ui/format.h"
#include "ui/lab/lab_panel.h"
#include "ui/main_window.h"
#include "ui/scenario_words.h"

namespace stickyscope {

namespace {

// Answers come too fast to be seen otherwise.
constexpr Duration shownBehind = std::chrono::milliseconds(300);

} // namespace

QString MainWindow::remarkOf(const LaneSpec& lane) const
{
    switch (m_session->source()) {
    case Source::model:
        return remarkOn(m_session->scenario(), lane);
    case Source::service:
        return remarkOnService(lane);
    case Source::lab:
        return remarkOn(m_session->scenario(), lane) + tr(" Real answers, shown 0.3 s behind.");
    case Source::recording:
        break;
    }
    return tr("A recording, played again.");
}

void MainWindow::openModelAgain()
{
    if (m_lab->running())
        m_lab->showStopped({});
    m_session->open(m_modelScenario);
}

// The model's scenario on real sockets, both ways at once, for as long as somebody looks.
void MainWindow::startLab()
{
    if (m_session->isModel())
        m_modelScenario = m_session->scenario();
    Scenario scenario = m_modelScenario;
    scenario.lanes = offAndOn();
    scenario.timeline.clear();
    scenario.duration = std::chrono::hours(24);
    auto made = lab::makeLab(std::make_shared<const Scenario>(scenario),
                             {.shownBehind = shownBehind, .pictures = true});
    if (!made)
        return m_lab->showStopped(tr("Not on real sockets: %1.").arg(fromCore(made.error())));
    const auto lab = std::make_shared<lab::Lab>(std::move(*made));
    const QString servers = scenario.replicas.size() == 1
        ? tr("one real server")
        : tr("%1 real servers").arg(scenario.replicas.size());
    const QString product = fromCore(std::string(findProduct(scenario.balancer.product)->title));
    m_session->openLab(std::move(scenario),
                       [lab](const auto&) { return std::move(lab->experiment); });
    m_lab->showRunning(tr("Running here: %1 behind a balancer that does as %2 does, once without "
                          "and once with sticky cookies.")
                           .arg(servers, product),
                       lab->addresses);
    m_session->play();
}

void MainWindow::stopLab()
{
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
