// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording_reader.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/record/recording_rows.h"
#include "sim/record/recording_schema.h"

#include <QSqlError>
#include <QSqlQuery>

#include <charconv>

namespace stickyscope::record {

RecordingReader::RecordingReader(Recording& recording)
    : m_recording(recording)
    , m_connection(recording.m_path, SqliteConnection::Access::readOnly)
{
}

std::string RecordingReader::read()
{
    try {
        require(m_connection.error().empty(), "it cannot be opened");
        // Nothing that somebody has put in the file runs.
        m_connection.run(QStringLiteral("PRAGMA trusted_schema = OFF"));
        m_connection.run(QStringLiteral("PRAGMA cell_size_check = ON"));
        checkTables();
        each(QStringLiteral("PRAGMA quick_check(1)"), {}, [](const QSqlQuery& row) {
            require(textAt(row, 0) == "ok", "its pages are not in order");
        });
        each(QStringLiteral("SELECT key, value FROM meta"), {},
             [this](const QSqlQuery& row) { m_meta[textAt(row, 0)] = textAt(row, 1); });
        readScenario();
        readLanes();
        readByHand();
    } catch (const Damage& damage) {
        return damage.what;
    }
    return {};
}

void RecordingReader::each(const QString& statement, const QVariantList& values,
                           const std::function<void(const QSqlQuery&)>& row)
{
    QSqlQuery query(m_connection.database());
    query.setForwardOnly(true);
    query.prepare(statement);
    for (const QVariant& value : values)
        query.addBindValue(value);
    require(query.exec(), "a table cannot be read");
    while (query.next())
        row(query);
    require(!query.lastError().isValid(), "a table cannot be read");
}

void RecordingReader::checkTables()
{
    std::map<std::string, std::string> found;
    each(QStringLiteral("SELECT name, sql FROM sqlite_schema WHERE type = 'table'"), {},
         [&found](const QSqlQuery& row) { found[textAt(row, 0)] = textAt(row, 1); });
    m_format = 0;
    each(QStringLiteral("PRAGMA user_version"), {},
         [this](const QSqlQuery& row) { m_format = numberAt(row, 0); });
    for (const Table& table : recordingTables())
        require(table.since > m_format || found[std::string(table.name)] == table.sql,
                "a table is missing");
}

const std::string& RecordingReader::meta(const std::string& key) const
{
    const auto found = m_meta.find(key);
    require(found != m_meta.end(), "a key is missing");
    return found->second;
}

std::int64_t RecordingReader::metaNumber(const std::string& key) const
{
    const std::string& text = meta(key);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    require(error == std::errc {} && end == text.data() + text.size() && number >= 0,
            "a number cannot be read");
    return number;
}

void RecordingReader::readScenario()
{
    Scenario scenario;
    each(QStringLiteral("SELECT text FROM scenario"), {}, [&scenario](const QSqlQuery& row) {
        const auto read = stickyscope::readScenario(textAt(row, 0), "scenario");
        require(static_cast<bool>(read), "its scenario cannot be read");
        scenario = *read;
    });
    scenario.title = meta("title");
    scenario.seed = static_cast<std::uint64_t>(metaNumber("seed"));
    scenario.duration = Duration {metaNumber("reached")};
    std::vector<LaneSpec> lanes;
    each(QStringLiteral("SELECT lane, name, sticky FROM lanes ORDER BY lane"), {},
         [&lanes, &scenario](const QSqlQuery& row) {
             require(numberAt(row, 0) == static_cast<std::int64_t>(lanes.size()),
                     "a lane is missing");
             // What the scenario knows of it beside.
             LaneSpec lane;
             if (lanes.size() < scenario.lanes.size())
                 lane = scenario.lanes[lanes.size()];
             lane.name = textAt(row, 1);
             lane.sticky = numberAt(row, 2) != 0;
             lanes.push_back(lane);
         });
    require(!lanes.empty() && lanes.size() <= Experiment::mostLanes, "a lane is missing");
    scenario.lanes = std::move(lanes);
    m_recording.m_scenario = std::make_shared<const Scenario>(std::move(scenario));
    m_recording.m_world = meta("world");
    if (const auto trace = m_meta.find("trace"); trace != m_meta.end())
        m_recording.m_trace = trace->second;
}

void RecordingReader::readByHand()
{
    each(QStringLiteral(
             "SELECT at, kind, replica, client, number FROM interventions ORDER BY number"),
         {}, [this](const QSqlQuery& row) {
             TimelineEntry entry {.at = Duration {numberAt(row, 0)}};
             require(numberAt(row, 1) >= 0
                         && numberAt(row, 1) < static_cast<std::int64_t>(interventionKinds),
                     "an intervention is of no kind");
             entry.intervention.kind = static_cast<Intervention::Kind>(numberAt(row, 1));
             if (!row.value(2).isNull())
                 entry.intervention.replica = static_cast<ReplicaIndex>(numberAt(row, 2));
             if (!row.value(3).isNull())
                 entry.intervention.client = static_cast<ClientIndex>(numberAt(row, 3));
             readSettings(numberAt(row, 4), entry.intervention);
             m_recording.m_byHand.push_back(entry);
         });
}

void RecordingReader::readSettings(std::int64_t number, Intervention& intervention)
{
    if (m_format < hasSettings)
        return;
    each(QStringLiteral("SELECT setting, value FROM intervention_settings WHERE number = ?"),
         {static_cast<qlonglong>(number)}, [&intervention](const QSqlQuery& row) {
             const std::string name = textAt(row, 0);
             for (const InterventionSetting& setting : interventionSettings()) {
                 if (setting.name != name)
                     continue;
                 require(numberAt(row, 1) >= 0 && numberAt(row, 1) <= setting.most,
                         "an intervention's setting is out of range");
                 setting.set(intervention, numberAt(row, 1));
             }
         });
}

} // namespace stickyscope::record
