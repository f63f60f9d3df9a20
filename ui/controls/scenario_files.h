// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"

#include <QObject>
#include <QString>

class QMenu;
class QWidget;

namespace stickyscope {

class ExperimentSession;

/// Opens scenarios, examples and recordings into the session, and saves what was edited. Each edit
/// is kept at once in a file of the program's own, so that a crash loses none. Opening a file
/// never starts traffic, and reads no other file that the user has not agreed to.
class ScenarioFiles : public QObject
{
    Q_OBJECT

public:
    ScenarioFiles(ExperimentSession& session, QWidget* window);

    /// Open, Examples, Recent, Save, and the edits of last time.
    void addTo(QMenu& menu);
    void askForFile();
    /// Where the file is wrong the line that says so is shown, and nothing changes.
    bool open(const QString& path);
    void save();
    void saveAs();

signals:
    /// The session is about to get another scenario.
    void opening();

private:
    void addShipped(QMenu& menu, const QString& folder);
    void addShippedFile(QMenu& menu, const QString& path);
    bool openScenario(const QString& path);
    bool openRecording(const QString& path);
    bool show(const QByteArray& yaml, const QString& path);
    bool readArrivals(Scenario& scenario, const QString& path);
    void write(const QString& path);
    void keepEdits();
    void restoreEdits();
    void remember(const QString& path);
    void fillRecent();

    ExperimentSession& m_session;
    QWidget* m_window;
    QMenu* m_recent = nullptr;
    QString m_path; ///< of the scenario on show; empty for examples
};

} // namespace stickyscope
