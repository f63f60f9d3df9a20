// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/scenario_files.h"

#include "sim/formats/arrival_files.h"
#include "sim/formats/cookie_files.h"
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/record/recording.h"
#include "ui/controls/experiment_session.h"
#include "ui/controls/shipped_scenarios.h"
#include "ui/format.h"
#include "ui/messages.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QSaveFile>
#include <QSettings>
#include <QStandardPaths>

namespace stickyscope {

namespace {

constexpr qint64 largestFile = qint64 {64} << 20;
constexpr int mostRecent = 8;

QString editsPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
        + QStringLiteral("/edits.sticky.yaml");
}

Outcome<Scenario> parse(const QByteArray& yaml, const QString& path)
{
    return readScenario({yaml.constData(), static_cast<std::size_t>(yaml.size())},
                        QFileInfo(path).fileName().toStdString());
}

} // namespace

ScenarioFiles::ScenarioFiles(ExperimentSession& session, QWidget* window)
    : QObject(window)
    , m_session(session)
    , m_window(window)
{
    connect(&m_session, &ExperimentSession::scenarioChanged, this, &ScenarioFiles::keepEdits);
}

void ScenarioFiles::addTo(QMenu& menu)
{
    menu.addAction(tr("Open…"), QKeySequence::Open, this, &ScenarioFiles::askForFile);
    QMenu* examples = menu.addMenu(tr("Examples"));
    addShipped(*examples, QStringLiteral(":/scenarios"));
    QMenu* failures = examples->addMenu(tr("How sticky cookies fail"));
    failures->setObjectName(QStringLiteral("failures"));
    for (const FailureGroup& group : failureGroups()) {
        QMenu* part = failures->addMenu(QCoreApplication::translate("FailureGroup", group.title));
        for (const char* file : group.files)
            addShippedFile(*part, failurePath(file));
    }
    m_recent = menu.addMenu(tr("Recent"));
    fillRecent();
    menu.addAction(tr("Save"), QKeySequence::Save, this, &ScenarioFiles::save);
    menu.addAction(tr("Save as…"), QKeySequence::SaveAs, this, &ScenarioFiles::saveAs);
    if (QFileInfo::exists(editsPath()))
        menu.addAction(tr("Bring back the edits of last time"), this, &ScenarioFiles::restoreEdits);
}

void ScenarioFiles::addShipped(QMenu& menu, const QString& folder)
{
    for (const QFileInfo& file : QDir(folder).entryInfoList(QDir::Files))
        addShippedFile(menu, file.filePath());
}

void ScenarioFiles::addShippedFile(QMenu& menu, const QString& path)
{
    QFile yaml(path);
    yaml.open(QIODevice::ReadOnly);
    const auto scenario = parse(yaml.readAll(), path);
    QAction* action =
        menu.addAction(fromCore(scenario->title), this, [this, path] { openScenario(path); });
    action->setData(path);
}

void ScenarioFiles::askForFile()
{
    const QString path = QFileDialog::getOpenFileName(
        m_window, tr("Open"), QString(),
        tr("Scenarios and recordings (*.sticky.yaml *.stickyscope);;All files (*)"));
    if (!path.isEmpty())
        open(path);
}

bool ScenarioFiles::open(const QString& path)
{
    const bool recording =
        path.endsWith(QLatin1String(".stickyscope")) || record::isRecording(path.toStdString());
    const bool opened = recording ? openRecording(path) : openScenario(path);
    if (opened)
        remember(path);
    return opened;
}

bool ScenarioFiles::openRecording(const QString& path)
{
    const auto recording = record::Recording::open(path.toStdString());
    if (!recording) {
        sayPlainly(m_window, fromCore(recording.error()));
        return false;
    }
    emit opening();
    m_path.clear();
    m_session.openRecording(*(*recording)->scenario(), [shared = *recording](const auto&) {
        return record::makeRecordedExperiment(shared, {.history = true});
    });
    return true;
}

bool ScenarioFiles::openScenario(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile) {
        sayPlainly(m_window, tr("%1: the file cannot be read, or is larger than 64 MiB").arg(path));
        return false;
    }
    return show(file.readAll(), path);
}

bool ScenarioFiles::show(const QByteArray& yaml, const QString& path)
{
    auto scenario = parse(yaml, path);
    if (!scenario) {
        sayPlainly(m_window, fromCore(scenario.error()));
        return false;
    }
    QStringList cookieFiles;
    for (const ClientSpec& group : scenario->clients) {
        if (!group.cookieFile.empty())
            cookieFiles << fromCore(group.cookieFile);
    }
    // A file that a scenario names is read only once the user has seen its name.
    std::vector<http::CookieJar> jars;
    const bool read = !cookieFiles.isEmpty()
        && askPlainly(m_window,
                      tr("This scenario begins with the cookies of %1, beside it. Read them?")
                          .arg(cookieFiles.join(QStringLiteral(", "))));
    if (read) {
        const auto found = readCookieFiles(*scenario, QFileInfo(path).absolutePath().toStdString());
        if (!found) {
            sayPlainly(m_window, fromCore(found.error()));
            return false;
        }
        jars = *found;
    }
    if (!readArrivals(*scenario, path))
        return false;
    emit opening();
    m_path = path.startsWith(QLatin1Char(':')) ? QString() : path;
    m_session.open(std::move(*scenario), std::move(jars));
    return true;
}

// Asked about as cookie files are. Without it the clients that follow it send nothing.
bool ScenarioFiles::readArrivals(Scenario& scenario, const QString& path)
{
    QStringList names;
    for (const std::string& name : arrivalFilesOf(scenario))
        names << fromCore(name);
    const bool read = !names.isEmpty()
        && askPlainly(m_window,
                      tr("The clients of this scenario send at the times of %1, beside "
                         "it. Read them? Without them nobody of theirs sends.")
                          .arg(names.join(QStringLiteral(", "))));
    if (!read)
        return true;
    auto filled = withArrivals(scenario, QFileInfo(path).absolutePath().toStdString());
    if (!filled)
        sayPlainly(m_window, fromCore(filled.error()));
    else
        scenario = std::move(*filled);
    return bool(filled);
}

void ScenarioFiles::save()
{
    m_path.isEmpty() ? saveAs() : write(m_path);
}

void ScenarioFiles::saveAs()
{
    if (!m_session.isModel())
        return;
    QString path = QFileDialog::getSaveFileName(m_window, tr("Save the scenario"), m_path,
                                                tr("Scenarios (*.sticky.yaml)"));
    if (path.isEmpty())
        return;
    if (!path.endsWith(QLatin1String(".yaml")))
        path += QStringLiteral(".sticky.yaml");
    write(path);
}

void ScenarioFiles::write(const QString& path)
{
    if (!m_session.isModel())
        return;
    // Whole or not at all: what was there stays until the new file is complete.
    QSaveFile file(path);
    const QByteArray yaml = QByteArray::fromStdString(writeScenario(m_session.scenario()));
    if (!file.open(QIODevice::WriteOnly) || file.write(yaml) != yaml.size() || !file.commit())
        return sayPlainly(m_window, tr("%1: %2").arg(path, file.errorString()));
    m_path = path;
    remember(path);
    QFile::remove(editsPath());
    m_session.markSaved();
}

void ScenarioFiles::keepEdits()
{
    if (!m_session.isModel() || !m_session.isEdited())
        return;
    QDir().mkpath(QFileInfo(editsPath()).absolutePath());
    QSaveFile file(editsPath());
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QByteArray::fromStdString(writeScenario(m_session.scenario())));
        file.commit();
    }
}

void ScenarioFiles::restoreEdits()
{
    openScenario(editsPath());
    m_path.clear();
}

void ScenarioFiles::remember(const QString& path)
{
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("recent")).toStringList();
    recent.removeAll(QFileInfo(path).absoluteFilePath());
    recent.prepend(QFileInfo(path).absoluteFilePath());
    settings.setValue(QStringLiteral("recent"), QStringList(recent.mid(0, mostRecent)));
    fillRecent();
}

void ScenarioFiles::fillRecent()
{
    if (!m_recent)
        return;
    m_recent->clear();
    const QStringList recent = QSettings().value(QStringLiteral("recent")).toStringList();
    for (const QString& path : recent)
        m_recent->addAction(QFileInfo(path).fileName(), this, [this, path] { open(path); })
            ->setToolTip(path);
    m_recent->setEnabled(!recent.isEmpty());
}

} // namespace stickyscope
