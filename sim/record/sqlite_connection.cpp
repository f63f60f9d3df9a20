// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/sqlite_connection.h"

#include <QFile>
#include <QSqlError>
#include <QSqlQuery>

#include <atomic>

namespace stickyscope::record {

namespace {

QString newName()
{
    static std::atomic<int> number {0};
    return QStringLiteral("recording-%1").arg(++number);
}

} // namespace

SqliteConnection::SqliteConnection(const std::filesystem::path& path, Access access)
    : m_name(newName())
    , m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name))
{
    // Absolute, so that no name means a database in memory.
    m_database.setDatabaseName(QFile::decodeName(std::filesystem::absolute(path).c_str()));
    m_database.setConnectOptions(
        access == Access::readOnly
            ? QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=2000")
            : QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
    if (!m_database.open())
        fail(m_database.lastError().text());
}

SqliteConnection::~SqliteConnection()
{
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

bool SqliteConnection::run(const QString& statement)
{
    QSqlQuery query(m_database);
    if (query.exec(statement))
        return true;
    fail(query.lastError().text());
    return false;
}

void SqliteConnection::fail(const QString& words)
{
    if (m_error.empty())
        m_error = words.toStdString();
}

} // namespace stickyscope::record
