// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/controls/experiment_session.h"
#include "ui/controls/model_bar.h"
#include "ui/controls/scenario_files.h"
#include "ui/controls/stage_actions.h"
#include "ui/controls/transport_bar.h"
#include "ui/format.h"
#include "ui/lab/lab_panel.h"
#include "ui/lab/lab_starter.h"
#include "ui/messages.h"
#include "ui/panels/comparison_view.h"
#include "ui/panels/door.h"
#include "ui/panels/page_area.h"
#include "ui/panels/window_header.h"
#include "ui/scenario_words.h"
#include "ui/service/service_panel.h"
#include "ui/shortcut_sheet.h"
#include "ui/stage/lane_stage.h"
#include "ui/theme/appearance_menu.h"
#include "ui/theme/presenter.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QVBoxLayout>

#include <utility>

namespace stickyscope {

namespace {

constexpr int frameMilliseconds = 33;
constexpr int hintAfterMilliseconds = 10'000;
constexpr int lowEms = 34; ///< a window that is lower has no room to spare
constexpr int lowestEms = 28; ///< not even for a second line

} // namespace

MainWindow::MainWindow(Scenario scenario, QWidget* parent)
    : QMainWindow(parent)
    , m_session(new ExperimentSession(this))
    , m_actions(new StageActions(*m_session, this))
    , m_files(new ScenarioFiles(*m_session, this))
    , m_header(new WindowHeader(this))
    , m_transport(m_header->transport())
    , m_modelBar(new ModelBar(*m_session, this))
    , m_about(new QLabel(this))
    , m_lanes(new ComparisonView(this))
    , m_doors(new QWidget(this))
    , m_modelDoor(new Door(tr("Play with the model"), tr("every balancer, any fault"), m_doors))
    , m_labDoor(new Door(tr("Try it for real on this computer"), tr("real servers, your browser"),
                         m_doors))
    , m_serviceDoor(new Door(tr("Look at my service"), tr("an address or a curl line"), m_doors))
    , m_lab(new LabPanel(this))
    , m_labStarter(new LabStarter(this))
    , m_service(new ServicePanel(this))
    , m_appearance(new AppearanceMenu(this))
    , m_presenter(new Presenter(*m_appearance, this))
    , m_modelScenario(scenario)
{
    m_header->setMenu(makeMenu());
    m_modelDoor->setObjectName(QStringLiteral("door-model"));
    m_labDoor->setObjectName(QStringLiteral("door-lab"));
    m_serviceDoor->setObjectName(QStringLiteral("door-service"));
    m_service->setObjectName(QStringLiteral("service-panel"));

    auto* doors = new QHBoxLayout(m_doors);
    doors->setContentsMargins(0, 0, 0, 0);
    doors->setSpacing(12);
    doors->addWidget(m_modelDoor);
    doors->addWidget(m_labDoor);
    doors->addWidget(m_serviceDoor);

    m_lanes->setObjectName(QStringLiteral("lanes"));
    m_about->setObjectName(QStringLiteral("about"));
    m_about->setTextFormat(Qt::PlainText);
    m_about->setWordWrap(true);
    arrange();
    setAcceptDrops(true);
    resize(1280, 720);
    setWindowTitle(tr("Stickyscope"));

    connectSession();
    makeShortcuts();
    m_session->open(std::move(scenario));
    m_appearance->apply();
    showPage(Page::first);
    m_frame.setInterval(frameMilliseconds);
    connect(&m_frame, &QTimer::timeout, this, &MainWindow::refresh);
    m_frame.start();
    m_shown.start();
}

MainWindow::~MainWindow() = default;

// The header stays; what is below it scrolls where the window is too low for it.
void MainWindow::arrange()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(16, 0, 16, 14);
    layout->setSpacing(12);
    layout->addWidget(m_modelBar);
    layout->addWidget(m_lab);
    layout->addWidget(m_service);
    layout->addWidget(m_about);
    layout->addWidget(m_lanes, 1);
    layout->addWidget(m_doors);
    layout->addStretch(0);
    auto* area = new PageArea(this);
    area->setObjectName(QStringLiteral("page"));
    area->setPage(page);
    auto* central = new QWidget(this);
    auto* whole = new QVBoxLayout(central);
    whole->setContentsMargins(0, 10, 0, 0);
    whole->setSpacing(12);
    m_header->setContentsMargins(16, 0, 16, 0);
    whole->addWidget(m_header);
    whole->addWidget(area, 1);
    setCentralWidget(central);
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QMainWindow::resizeEvent(event);
    const bool compact = height() < lowEms * fontMetrics().height();
    const Door::Room room = !compact                    ? Door::Room::plenty
        : height() < lowestEms * fontMetrics().height() ? Door::Room::little
                                                        : Door::Room::some;
    for (Door* door : {m_modelDoor, m_labDoor, m_serviceDoor})
        door->setRoom(room);
    m_lanes->setCompact(compact);
}

void MainWindow::showScenario()
{
    const Scenario& scenario = m_session->scenario();
    // The model's figures would pass for the service's.
    const bool nothingYet = m_page == Page::service && m_session->source() != Source::service;
    QString title = nothingYet ? tr("My service") : fromCore(scenario.title);
    const bool changed = m_session->isModel() && m_session->isEdited() && !nothingYet;
    if (changed)
        title = tr("%1 (changed)").arg(title);
    m_lanes->setVisible(!nothingYet);
    m_about->setText(fromCore(scenario.about));
    // What it says was said of the scenario as it was opened.
    m_about->setVisible(!nothingYet && !changed && !scenario.about.empty());
    m_service->setGuideVisible(nothingYet);
    m_transport.setVisible(!nothingYet);
    m_header->setTitle(title);
    setWindowTitle(tr("%1 - Stickyscope").arg(title));
    QStringList headlines;
    QStringList remarks;
    for (const LaneSpec& lane : scenario.lanes) {
        headlines << headlineOf(scenario, lane);
        remarks << remarkOf(lane);
    }
    m_lanes->setLanes(headlines, remarks);
    for (std::size_t lane = 0; lane < scenario.lanes.size(); ++lane)
        m_lanes->stage(lane)->setCache(aboutCache(scenario, scenario.lanes[lane]));
    orderTabs();
    refresh();
}

// As one reads: stages are made after the doors that stand below them.
void MainWindow::orderTabs()
{
    for (Door* door : {m_modelDoor, m_labDoor, m_serviceDoor})
        setTabOrder(previousInFocusChain(), door);
}

void MainWindow::refresh()
{
    const auto snapshot = m_session->snapshot();
    m_transport.setState(m_session->playing(), *snapshot);
    const bool hint = !m_hinted && m_page == Page::first && m_shown.isValid()
        && m_shown.elapsed() > hintAfterMilliseconds;
    m_lanes->setHint(hint ? tr("Click a server to stop it.") : QString());
    const bool discovers = m_session->source() == Source::service && !snapshot->lanes.empty();
    setReplicaColours(discovers ? m_colours.follow(snapshot->lanes.front().cast->replicas)
                                : std::vector<std::size_t> {});
    QElapsedTimer drawing;
    drawing.start();
    m_lanes->setSnapshot(snapshot);
    if (m_session->source() == Source::lab)
        m_lab->setSnapshot(*snapshot);
    m_header->setLabWaits(m_session->hasAside(Source::lab));
    m_service->setSnapshot(*snapshot);
    // When drawing is slow, frames come less often, and the machine has air.
    const int wanted = drawing.elapsed() > 12 ? 2 * frameMilliseconds : frameMilliseconds;
    if (m_frame.interval() != wanted)
        m_frame.setInterval(wanted);
}

void MainWindow::togglePlay()
{
    if (m_page == Page::lab && !m_lab->running())
        return startLab();
    m_session->playing() ? m_session->pause() : m_session->play();
    refresh();
}

void MainWindow::showPage(Page page)
{
    // The model comes back when its page does; traffic does not go on unseen.
    if (page != Page::service)
        m_service->stop();
    const Source source = m_session->source();
    if ((page != Page::service && source == Source::service)
        || (page != Page::lab && (source == Source::lab || m_labStarter->busy())))
        openModelAgain();
    const bool toLab = page == Page::lab && m_page != Page::lab;
    m_page = page;
    const bool model = page == Page::model;
    const bool service = page == Page::service;
    m_header->setUnfolded(model, page == Page::lab, service);
    m_modelBar->setVisible(model);
    m_lab->setVisible(page == Page::lab);
    m_service->setVisible(service);
    m_doors->setVisible(page == Page::first);
    m_transport.setTimeTravel(!service && page != Page::lab, runningWords(page));
    m_transport.setUnfolded(model);
    m_lanes->setExpectsClients(page == Page::lab);
    m_lanes->setUnfolded(page != Page::first);
    showScenario();
    if (service && m_session->travels())
        m_session->pause();
    if (service)
        m_service->setFocus();
    if (toLab)
        showRealPage();
    refresh();
}

bool MainWindow::openFile(const QString& path)
{
    return m_files->open(path);
}

void MainWindow::showShortcuts()
{
    showShortcutSheet(this);
}

void MainWindow::setTheme(const Theme& theme)
{
    m_lanes->setTheme(theme);
    m_modelDoor->setTheme(theme);
    m_labDoor->setTheme(theme);
    m_serviceDoor->setTheme(theme);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    openFile(event->mimeData()->urls().first().toLocalFile());
}

void MainWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    if (!AppearanceMenu::startsStill() && !event->spontaneous())
        m_session->play();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_frame.stop();
    m_service->stop();
    m_session->endAside(Source::lab);
    m_session->end();
    QMainWindow::closeEvent(event);
}

} // namespace stickyscope
