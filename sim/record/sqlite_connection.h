// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QString>

#include <filesystem>
#include <string>

namespace stickyscope::record {

/// One connection to a SQLite file, open for as long as this lives. Belongs to the thread that
/// made it. There must be a QCoreApplication.
class SqliteConnection
{
public:
    enum class Access : std::uint8_t
    {
        readOnly,
        readAndWrite
    };

    SqliteConnection(const std::filesystem::path& path, Access access);
    SqliteConnection(const SqliteConnection&) = delete;
    SqliteConnection& operator=(const SqliteConnection&) = delete;
    ~SqliteConnection();

    const QSqlDatabase& database() const { return m_database; }
    /// False where it fails; error() then says why.
    bool run(const QString& statement);
    /// The first failure's words; empty while there is none.
    const std::string& error() const { return m_error; }
    void fail(const QString& words);

private:
    QString m_name;
    QSqlDatabase m_database;
    std::string m_error;
};

} // namespace stickyscope::record
