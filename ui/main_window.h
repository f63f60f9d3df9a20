// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "ui/service/service_colours.h"
#include "ui/theme/theme.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QTimer>

class QLabel;
class QMenu;

namespace stickyscope {

namespace lab {
struct Lab;
} // namespace lab

namespace live {
struct LivePlan;
struct LiveTerms;
} // namespace live

class AppearanceMenu;
class ComparisonView;
class Door;
class ExperimentSession;
class LabPanel;
class LabStarter;
class ModelBar;
class Presenter;
class ScenarioFiles;
class ServicePanel;
class StageActions;
class TransportBar;
class WindowHeader;

/// Arranges header, lanes, charts and doors, and connects them to the session. It decides nothing
/// about the domain.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// What is unfolded: nothing, the model with its settings and charts, real servers on this
    /// computer, or the user's service.
    enum class Page : std::uint8_t
    {
        first,
        model,
        lab,
        service
    };

    explicit MainWindow(Scenario scenario, QWidget* parent = nullptr);
    ~MainWindow() override;

    ExperimentSession& session() { return *m_session; }
    void showPage(Page page);
    /// Reads the file; where it is wrong the line that says so is shown, and nothing changes.
    bool openFile(const QString& path);
    AppearanceMenu& appearance() { return *m_appearance; }

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void arrange();
    QMenu* makeMenu();
    void addUndo(QMenu& menu);
    void saveResults();
    void makeShortcuts();
    void connectSession();
    void showScenario();
    void orderTabs();
    void refresh();
    void togglePlay();
    void watch(const std::vector<live::LivePlan>& plans, const live::LiveTerms& terms);
    void startLab();
    void showLab(const std::shared_ptr<lab::Lab>& lab);
    void sayNoLab(const QString& why);
    void stopLab();
    void forgetService();
    void endLab();
    void showRealPage();
    QString sideBySide() const;
    void openModelAgain();
    static QString runningWords(Page page); ///< what the transport's button does there
    QString remarkOf(const LaneSpec& lane) const;
    void showShortcuts();
    void setTheme(const Theme& theme);

    ExperimentSession* m_session;
    StageActions* m_actions;
    ScenarioFiles* m_files;
    WindowHeader* m_header;
    TransportBar& m_transport; ///< in the header
    ModelBar* m_modelBar;
    QLabel* m_about; ///< what the scenario shows
    ComparisonView* m_lanes;
    QWidget* m_doors;
    Door* m_modelDoor;
    Door* m_labDoor;
    Door* m_serviceDoor;
    LabPanel* m_lab;
    LabStarter* m_labStarter;
    ServicePanel* m_service;
    AppearanceMenu* m_appearance;
    Presenter* m_presenter;
    Scenario m_modelScenario; ///< to come back to from Real and My service
    Scenario m_labScenario; ///< the model's that Real has begun with
    ServiceColours m_colours;
    QTimer m_frame;
    QElapsedTimer m_shown;
    Page m_page = Page::first;
    bool m_hinted = false; ///< a server was clicked, or the hint is no longer needed
};

} // namespace stickyscope
