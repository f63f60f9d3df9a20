// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of a recording's reader share.
#pragma once

#include <QSqlQuery>
#include <QVariant>

#include <cstdint>
#include <string>

namespace stickyscope::record {

// The format that has the settings of interventions, and several balancers.
inline constexpr std::int64_t hasSettings = 2;

/// Thrown, and caught by RecordingReader::read(): the file does not hold what a recording holds.
struct Damage
{
    std::string what;
};

inline std::string textAt(const QSqlQuery& row, int column)
{
    return row.value(column).toString().toStdString();
}

inline std::int64_t numberAt(const QSqlQuery& row, int column)
{
    return row.value(column).toLongLong();
}

/// Else the file is damaged, as `what` says.
inline void require(bool condition, const char* what)
{
    if (!condition)
        throw Damage {what};
}

} // namespace stickyscope::record
