// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording_file.h"

#include "sim/formats/scenario_writer.h"
#include "sim/record/recording_schema.h"

#include <QSqlError>
#include <QVariant>

namespace stickyscope::record {

namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QVariant number(std::uint64_t value)
{
    return QVariant::fromValue(static_cast<qlonglong>(value));
}

QVariant flag(bool value)
{
    return number(value ? 1 : 0);
}

QVariant time(Duration duration)
{
    return QVariant::fromValue(static_cast<qlonglong>(duration.count()));
}

/// Its number, or nothing where there is none.
template <typename Index>
QVariant orNull(Index index, Index none)
{
    return index == none ? QVariant() : number(raw(index));
}

} // namespace

RecordingFile::RecordingFile(const std::filesystem::path& path, const Subject& subject)
    : m_connection(path, SqliteConnection::Access::readAndWrite)
    , m_mask(subject.stickyCookies)
    , m_scenario(m_mask.scenario(subject.scenario))
    , m_observation(m_connection.database())
{
    if (!error().empty())
        return;
    createTables(subject);
    m_observation.prepare(QStringLiteral(
        "INSERT INTO observations VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
}

void RecordingFile::createTables(const Subject& subject)
{
    // All at once, in SQLite's usual journal: a file that is there has its tables and its mark.
    m_connection.run(QStringLiteral("PRAGMA application_id = %1").arg(recordingApplication));
    begin();
    for (const Table& table : recordingTables())
        m_connection.run(text(table.sql));
    m_connection.run(text(readableView()));
    setMeta("format", std::to_string(recordingFormat));
    setMeta("program", "Stickyscope " STICKYSCOPE_VERSION);
    setMeta("title", m_scenario.title);
    setMeta("seed", std::to_string(m_scenario.seed));
    setMeta("world", subject.world);
    setMeta("duration", std::to_string(m_scenario.duration.count()));
    setMeta("reached", "0");
    // A live run has a title and lanes, but no scenario that could be run again.
    if (!m_scenario.replicas.empty() && !m_scenario.clients.empty())
        insert(QStringLiteral("INSERT INTO scenario VALUES (?)"),
               {text(writeScenario(m_scenario))});
    // The names within come with each lane's first batch.
    for (std::size_t lane = 0; lane < m_scenario.lanes.size(); ++lane)
        setLane(lane, {});
    for (const Word& word : recordingWords())
        insert(QStringLiteral("INSERT INTO words VALUES (?, ?, ?)"),
               {text(word.field), number(word.number), text(word.word)});
    m_connection.run(QStringLiteral("PRAGMA user_version = %1").arg(recordingFormat));
    commit();
    // From here on a commit is an append to the log beside the file.
    m_connection.run(QStringLiteral("PRAGMA journal_mode = WAL"));
    m_connection.run(QStringLiteral("PRAGMA synchronous = NORMAL"));
}

void RecordingFile::begin()
{
    if (!m_open && error().empty())
        m_open = m_connection.run(QStringLiteral("BEGIN"));
}

void RecordingFile::commit()
{
    if (m_reached != m_stored)
        setMeta("reached", std::to_string(m_reached.time_since_epoch().count()));
    m_stored = m_reached;
    if (m_open)
        m_connection.run(QStringLiteral("COMMIT"));
    m_open = false;
}

void RecordingFile::execute(QSqlQuery& query, const QVariantList& values)
{
    if (!error().empty())
        return;
    begin();
    for (qsizetype place = 0; place < values.size(); ++place)
        query.bindValue(static_cast<int>(place), values[place]);
    if (!query.exec())
        m_connection.fail(query.lastError().text());
}

QSqlQuery RecordingFile::prepared(const QString& statement) const
{
    QSqlQuery query(m_connection.database());
    query.prepare(statement);
    return query;
}

void RecordingFile::insert(const QString& statement, const QVariantList& values)
{
    QSqlQuery query = prepared(statement);
    execute(query, values);
}

void RecordingFile::setMeta(const char* key, const std::string& value)
{
    insert(QStringLiteral("INSERT OR REPLACE INTO meta VALUES (?, ?)"), {text(key), text(value)});
}

void RecordingFile::setLane(std::size_t lane, const Cast& cast)
{
    const LaneSpec& spec = m_scenario.lanes[lane];
    insert(QStringLiteral("INSERT OR REPLACE INTO lanes VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
           {number(lane), text(spec.name), flag(spec.sticky), text(cast.balancer),
            flag(cast.sessionsVisible), flag(cast.decisionsVisible), flag(cast.stickyWithheld),
            text(cast.notice)});
    QSqlQuery replicas =
        prepared(QStringLiteral("INSERT OR REPLACE INTO replicas VALUES (?, ?, ?)"));
    for (std::size_t replica = 0; replica < cast.replicas.size(); ++replica)
        execute(replicas, {number(lane), number(replica), text(cast.replicas[replica])});
    for (std::size_t place = 0; place < cast.balancers.size(); ++place)
        setBalancer(lane, place, cast.balancers[place]);
}

void RecordingFile::setBalancer(std::size_t lane, std::size_t place, const CastBalancer& balancer)
{
    insert(QStringLiteral("INSERT OR REPLACE INTO balancers VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
           {number(lane), number(place), text(balancer.name), text(balancer.cookie),
            number(balancer.place), flag(balancer.asked), flag(balancer.beside),
            flag(balancer.sharesSessions)});
    QSqlQuery servers =
        prepared(QStringLiteral("INSERT OR REPLACE INTO servers VALUES (?, ?, ?, ?, ?)"));
    std::size_t server = 0;
    for (const ReplicaIndex replica : balancer.replicas)
        execute(servers,
                {number(lane), number(place), number(server++), number(raw(replica)), QVariant()});
    for (const std::uint8_t behind : balancer.balancers)
        execute(servers,
                {number(lane), number(place), number(server++), QVariant(), number(behind)});
}

void RecordingFile::addClients(std::size_t lane, const Cast& cast, std::size_t client)
{
    QSqlQuery clients = prepared(QStringLiteral("INSERT INTO clients VALUES (?, ?, ?, ?)"));
    for (; client < cast.clients.size(); ++client)
        execute(clients,
                {number(lane), number(client), text(cast.clients[client]),
                 text(cast.clientKinds[client])});
}

void RecordingFile::addText(std::size_t lane, const NewText& added)
{
    const std::string masked = added.role == NewText::Role::cookie ? m_mask.cookieField(added.text)
        : added.role == NewText::Role::setCookie ? m_mask.setCookieField(added.text)
                                                 : added.text;
    insert(QStringLiteral("INSERT INTO texts VALUES (?, ?, ?)"),
           {number(lane), number(raw(added.id)), text(masked)});
}

void RecordingFile::add(std::size_t lane, std::span<const Observation> observations)
{
    for (const Observation& one : observations)
        execute(m_observation,
                {number(lane), time(one.at.time_since_epoch()),
                 number(static_cast<std::uint64_t>(one.kind)), orNull(one.client, noClient),
                 number(one.ordinal), orNull(one.replica, noReplica),
                 orNull(one.pointsTo, noReplica), number(static_cast<std::uint64_t>(one.cookieIn)),
                 number(static_cast<std::uint64_t>(one.cookieOut)),
                 number(static_cast<std::uint64_t>(one.ledger)),
                 number(static_cast<std::uint64_t>(one.session)),
                 number(static_cast<std::uint64_t>(one.failure)), number(one.status),
                 time(one.value), orNull(one.cookie, noText), orNull(one.rule, noText)});
}

void RecordingFile::add(Instant at, const Intervention& intervention)
{
    insert(QStringLiteral("INSERT INTO interventions VALUES (NULL, ?, ?, ?, ?)"),
           {time(at.time_since_epoch()), number(static_cast<std::uint64_t>(intervention.kind)),
            orNull(intervention.replica, noReplica), orNull(intervention.client, noClient)});
    for (const InterventionSetting& setting : interventionSettings()) {
        if (setting.get(intervention) == setting.get({}))
            continue;
        insert(QStringLiteral("INSERT INTO intervention_settings VALUES "
                              "((SELECT max(number) FROM interventions), ?, ?)"),
               {text(setting.name),
                QVariant::fromValue(static_cast<qlonglong>(setting.get(intervention)))});
    }
}

void RecordingFile::complete(const std::optional<std::string>& trace)
{
    if (trace)
        setMeta("trace", *trace);
    commit();
    if (!error().empty())
        return;
    m_observation.finish();
    // Where somebody reads the file just now, its log stays beside it, which is as good.
    QSqlQuery(m_connection.database()).exec(QStringLiteral("PRAGMA journal_mode = DELETE"));
}

} // namespace stickyscope::record
