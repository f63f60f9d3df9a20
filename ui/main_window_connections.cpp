// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What leads where in the window: its menu, its keys, its signals.
#include "sim/formats/result_json.h"
#include "ui/controls/experiment_session.h"
#include "ui/controls/model_bar.h"
#include "ui/controls/popup_keys.h"
#include "ui/controls/scenario_files.h"
#include "ui/controls/stage_actions.h"
#include "ui/controls/transport_bar.h"
#include "ui/lab/lab_panel.h"
#include "ui/lab/lab_starter.h"
#include "ui/main_window.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/door.h"
#include "ui/panels/window_header.h"
#include "ui/save_files.h"
#include "ui/service/service_panel.h"
#include "ui/theme/appearance_menu.h"
#include "ui/theme/presenter.h"

#include <QMenu>
#include <QShortcut>

namespace stickyscope {

QMenu* MainWindow::makeMenu()
{
    auto* menu = new QMenu(this);
    m_files->addTo(*menu);
    menu->addSeparator();
    menu->addAction(tr("Save as picture…"), this, [this] { m_lanes->savePicture(windowTitle()); });
    menu->addAction(tr("Save results…"), this, &MainWindow::saveResults);
    menu->addSeparator();
    addUndo(*menu);
    menu->addSeparator();
    menu->addMenu(m_appearance);
    menu->addAction(m_appearance->stillAction());
    menu->addSeparator();
    menu->addAction(tr("Presenter mode\tF11"), this, [this] { m_presenter->toggle(); });
    menu->addAction(tr("Keyboard shortcuts\t?"), this, &MainWindow::showShortcuts);
    menu->addAction(tr("Quit"), this, &QWidget::close);
    return menu;
}

// Grey where there is nothing to take back, as the menu is opened.
void MainWindow::addUndo(QMenu& menu)
{
    QAction* undo = menu.addAction(tr("Undo\tCtrl+Z"), this, [this] { m_session->undo(); });
    QAction* redo = menu.addAction(tr("Redo\tCtrl+Shift+Z"), this, [this] { m_session->redo(); });
    undo->setObjectName(QStringLiteral("undo"));
    redo->setObjectName(QStringLiteral("redo"));
    connect(&menu, &QMenu::aboutToShow, this, [this, undo, redo] {
        undo->setEnabled(m_session->canUndo());
        redo->setEnabled(m_session->canRedo());
    });
}

// The document of the command line's --json, of what is on show.
void MainWindow::saveResults()
{
    const auto snapshot = m_session->snapshot();
    ExperimentResult result = snapshot->result;
    for (const LaneSnapshot& lane : snapshot->lanes)
        result.lanes.push_back(lane.result);
    saveDocument(this, windowTitle(), QByteArray::fromStdString(toJson(result)));
}

void MainWindow::makeShortcuts()
{
    new PopupKeys(this);
    const auto on = [this](const QKeySequence& keys, auto&& act) {
        connect(new QShortcut(keys, this), &QShortcut::activated, this, act);
    };
    on(Qt::Key_Space, [this] { togglePlay(); });
    on(Qt::Key_Right, [this] { m_session->step(); });
    on(Qt::Key_Left, [this] { m_session->goBack(); });
    on(Qt::Key_Home, [this] { m_session->reset(); });
    on(Qt::Key_Plus, [this] { m_transport.faster(); });
    on(Qt::Key_Minus, [this] { m_transport.slower(); });
    on(QKeySequence::Undo, [this] { m_session->undo(); });
    on(Qt::CTRL | Qt::SHIFT | Qt::Key_Z, [this] { m_session->redo(); });
    on(Qt::CTRL | Qt::Key_1, [this] { showPage(Page::model); });
    on(Qt::CTRL | Qt::Key_2, [this] { showPage(Page::service); });
    on(Qt::CTRL | Qt::Key_3, [this] { showPage(Page::lab); });
    on(Qt::CTRL | Qt::Key_0, [this] { showPage(Page::first); });
    on(Qt::Key_Escape, [this] {
        m_service->stop();
        stopLab();
    });
    on(Qt::Key_F11, [this] { m_presenter->toggle(); });
    on(Qt::Key_Question, [this] { showShortcuts(); });
    on(QKeySequence::Quit, [this] { close(); });
}

void MainWindow::connectSession()
{
    connect(m_appearance, &AppearanceMenu::themeChanged, this, &MainWindow::setTheme);
    // A class is to see them, and who presents can scroll.
    connect(m_presenter, &Presenter::toggled, m_lanes, &ComparisonView::setChartsAlways);
    connect(m_session, &ExperimentSession::scenarioChanged, this, &MainWindow::showScenario);
    connect(m_session, &ExperimentSession::scenarioSaved, this, &MainWindow::showScenario);
    connect(&m_transport, &TransportBar::playToggled, this, &MainWindow::togglePlay);
    connect(&m_transport, &TransportBar::stepAsked, this, [this] { m_session->step(); });
    connect(&m_transport, &TransportBar::backAsked, this, [this] { m_session->goBack(); });
    connect(&m_transport, &TransportBar::resetAsked, this, [this] { m_session->reset(); });
    connect(&m_transport, &TransportBar::speedAsked, this, [this](double speed) {
        m_session->setSpeed(speed);
        m_transport.setSpeed(speed);
    });
    connect(m_modelBar, &ModelBar::openAsked, m_files, &ScenarioFiles::askForFile);
    connect(m_files, &ScenarioFiles::opening, this, [this] {
        if (m_page == Page::service || m_page == Page::lab)
            showPage(Page::model);
        m_session->pause();
    });
    connect(m_modelDoor, &Door::clicked, this, [this] { showPage(Page::model); });
    connect(m_header, &WindowHeader::modelToggled, this,
            [this](bool on) { showPage(on ? Page::model : Page::first); });
    connect(m_lanes, &ComparisonView::replicaToggled, m_actions, &StageActions::toggleReplica);
    connect(m_labDoor, &Door::clicked, this, [this] { showPage(Page::lab); });
    connect(m_header, &WindowHeader::labToggled, this,
            [this](bool on) { showPage(on ? Page::lab : Page::first); });
    connect(m_lab, &LabPanel::startAsked, this, &MainWindow::startLab);
    connect(m_lab, &LabPanel::stopAsked, this, &MainWindow::stopLab);
    connect(m_labStarter, &LabStarter::started, this, &MainWindow::showLab);
    connect(m_labStarter, &LabStarter::failed, this, &MainWindow::sayNoLab);
    connect(m_serviceDoor, &Door::clicked, this, [this] { showPage(Page::service); });
    connect(m_header, &WindowHeader::serviceToggled, this,
            [this](bool on) { showPage(on ? Page::service : Page::first); });
    connect(m_service, &ServicePanel::stopAsked, this, [this] {
        if (m_session->source() == Source::service)
            m_session->end();
    });
    connect(m_service, &ServicePanel::anewAsked, this, &MainWindow::forgetService);
    connect(m_service, &ServicePanel::watchAsked, this, &MainWindow::watch);
    connect(m_service, &ServicePanel::cutAsked, this,
            [this] { m_session->apply({.kind = Intervention::Kind::cutConnections}); });
    connect(m_lanes, &ComparisonView::replicaToggled, this, [this] { m_hinted = true; });
    connect(m_lanes, &ComparisonView::replicaMenuAsked, m_actions, &StageActions::showReplicaMenu);
    connect(m_lanes, &ComparisonView::balancerMenuAsked, m_actions,
            &StageActions::showBalancerMenu);
    connect(m_lanes, &ComparisonView::clientMenuAsked, m_actions, &StageActions::showClientMenu);
    connect(m_lanes, &ComparisonView::cookieDropped, m_actions, &StageActions::dropCookie);
    connect(m_lanes, &ComparisonView::explanationAsked, m_actions, &StageActions::explain);
    connect(m_lanes, &ComparisonView::replicaRenameAsked, m_actions, &StageActions::rename);
}

} // namespace stickyscope
