// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/intervention.h"
#include "sim/model/observation.h"
#include "sim/model/scenario.h"
#include "sim/model/world.h"
#include "sim/record/recording_parts.h"
#include "sim/record/secret_mask.h"
#include "sim/record/sqlite_connection.h"

#include <QSqlQuery>

#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace stickyscope::record {

/// A recording that is being written: its tables, and what goes in them, without its secrets.
/// What was committed is there after a kill at any moment. Belongs to one thread. After a failure
/// everything else is left out, and error() is its one line.
class RecordingFile
{
public:
    /// Makes the file, in the place of one that is there.
    RecordingFile(const std::filesystem::path& path, const Subject& subject);

    /// What is said of the lane as a whole and its replicas, in the place of what was said before.
    void setLane(std::size_t lane, const Cast& cast);
    void setBalancer(std::size_t lane, std::size_t place, const CastBalancer& balancer);
    /// The clients in `cast` from `client` on.
    void addClients(std::size_t lane, const Cast& cast, std::size_t client);
    void addText(std::size_t lane, const NewText& added);
    void add(std::size_t lane, std::span<const Observation> observations);
    void add(Instant at, const Intervention& intervention);
    /// Stored with the next commit.
    void setReached(Instant now) { m_reached = now; }

    void commit();
    /// Commits, and makes one plain file of it.
    void complete(const std::optional<std::string>& trace);

    const std::string& error() const { return m_connection.error(); }

private:
    void createTables(const Subject& subject);
    void setMeta(const char* key, const std::string& value);
    void insert(const QString& statement, const QVariantList& values);
    QSqlQuery prepared(const QString& statement) const;
    void execute(QSqlQuery& query, const QVariantList& values);
    void begin();

    SqliteConnection m_connection;
    SecretMask m_mask;
    const Scenario m_scenario;
    QSqlQuery m_observation;
    Instant m_reached {};
    Instant m_stored {}; ///< what the file says of m_reached
    bool m_open = false; ///< a transaction is
};

} // namespace stickyscope::record
