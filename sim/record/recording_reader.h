// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/record/recording.h"
#include "sim/record/sqlite_connection.h"

#include <QString>
#include <QVariant>

#include <functional>
#include <map>
#include <string>

class QSqlQuery;

namespace stickyscope::record {

/// Reads everything of a recording but its observations, and looks at these: once it is opened, a
/// recording can be played without asking further.
class RecordingReader
{
public:
    explicit RecordingReader(Recording& recording);

    /// Empty, or in a few words what is wrong with it.
    std::string read();

private:
    void checkTables();
    void readScenario();
    void readLanes();
    void readNames(std::size_t lane);
    void readBalancers(std::size_t lane);
    void readTexts(std::size_t lane);
    void readByHand();
    void readSettings(std::int64_t number, Intervention& intervention);
    void checkObservations(std::size_t lane);
    const std::string& meta(const std::string& key) const;
    std::int64_t metaNumber(const std::string& key) const;
    /// Calls `row` for each row of the answer.
    void each(const QString& statement, const QVariantList& values,
              const std::function<void(const QSqlQuery&)>& row);

    Recording& m_recording;
    SqliteConnection m_connection;
    std::int64_t m_format = 0; ///< in which the file was written
    std::map<std::string, std::string> m_meta;
};

} // namespace stickyscope::record
