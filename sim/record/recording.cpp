// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording.h"

#include "sim/record/recorded_world.h"
#include "sim/record/recording_reader.h"
#include "sim/record/recording_schema.h"
#include "sim/record/sqlite_connection.h"

#include <QSqlQuery>
#include <QVariant>

#include <array>
#include <fstream>
#include <system_error>

namespace stickyscope::record {

namespace {

/// SQLite's file header (sqlite.org/fileformat.html, 1.3), as far as it tells a recording.
struct Header
{
    bool sqlite = false;
    std::uint32_t application = 0;
    std::uint32_t format = 0; ///< user_version
};

Header readHeader(const std::filesystem::path& path)
{
    static constexpr std::string_view mark("SQLite format 3\0", 16);
    std::array<char, 100> octets {};
    std::ifstream file(path, std::ios::binary);
    if (!file.read(octets.data(), octets.size()))
        return {};
    const auto number = [&octets](std::size_t place) {
        std::uint32_t value = 0;
        for (std::size_t octet = 0; octet < 4; ++octet)
            value = (value << 8U) | static_cast<unsigned char>(octets.at(place + octet));
        return value;
    };
    return {.sqlite = std::string_view(octets.data(), mark.size()) == mark,
            .application = number(68),
            .format = number(60)};
}

} // namespace

bool isRecording(const std::filesystem::path& path)
{
    const Header header = readHeader(path);
    return header.sqlite && header.application == recordingApplication;
}

Outcome<std::shared_ptr<const Recording>> Recording::open(const std::filesystem::path& path)
{
    const auto failure = [&path](const std::string& why) {
        return Outcome<std::shared_ptr<const Recording>>::failure(path.string() + ": " + why);
    };
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return failure("this is a folder");
    if (!std::filesystem::is_regular_file(path, error))
        return failure("there is no such file");
    if (!isRecording(path))
        return failure("this is not a recording");
    if (const std::uint32_t format = readHeader(path).format; format > recordingFormat)
        return failure("the recording is of a newer format (" + std::to_string(format)
                       + "); this program reads " + std::to_string(recordingFormat));
    std::shared_ptr<Recording> recording(new Recording(path));
    if (const std::string why = RecordingReader(*recording).read(); !why.empty())
        return failure("the recording is damaged (" + why + ")");
    return std::shared_ptr<const Recording>(std::move(recording));
}

std::vector<Observation> Recording::read(std::size_t lane, std::int64_t& last,
                                         std::size_t most) const
{
    // A connection for each read: it belongs to one thread, and this may be called by any.
    const SqliteConnection connection(m_path, SqliteConnection::Access::readOnly);
    QSqlQuery query(connection.database());
    query.setForwardOnly(true);
    query.prepare(QStringLiteral("SELECT number, at, kind, client, ordinal, replica, points_to, "
                                 "cookie_in, cookie_out, ledger, session, failure, status, value, "
                                 "cookie, rule FROM observations WHERE lane = ? AND number > ? "
                                 "ORDER BY number LIMIT ?"));
    query.addBindValue(static_cast<qlonglong>(lane));
    query.addBindValue(static_cast<qlonglong>(last));
    query.addBindValue(static_cast<qlonglong>(most));
    query.exec();
    const auto number = [&query](int column) { return query.value(column).toLongLong(); };
    const auto orNone = [&query](int column, auto none) {
        const QVariant value = query.value(column);
        return value.isNull() ? none : static_cast<decltype(none)>(value.toLongLong());
    };
    std::vector<Observation> observations;
    while (query.next()) {
        last = number(0);
        observations.push_back({.at = Instant(Duration {number(1)}),
                                .value = Duration {number(13)},
                                .ordinal = static_cast<std::uint32_t>(number(4)),
                                .client = orNone(3, noClient),
                                .cookie = orNone(14, noText),
                                .rule = orNone(15, noText),
                                .replica = orNone(5, noReplica),
                                .pointsTo = orNone(6, noReplica),
                                .status = static_cast<std::uint16_t>(number(12)),
                                .kind = static_cast<ObservationKind>(number(2)),
                                .lane = static_cast<LaneIndex>(lane),
                                .cookieIn = static_cast<CookieIn>(number(7)),
                                .cookieOut = static_cast<CookieOut>(number(8)),
                                .ledger = static_cast<Ledger>(number(9)),
                                .session = static_cast<SessionMark>(number(10)),
                                .failure = static_cast<Failure>(number(11))});
    }
    return observations;
}

Experiment makeRecordedExperiment(const std::shared_ptr<const Recording>& recording,
                                  const ExperimentOptions& options)
{
    std::vector<std::unique_ptr<World>> worlds;
    for (std::size_t lane = 0; lane < recording->scenario()->lanes.size(); ++lane)
        worlds.push_back(std::make_unique<RecordedWorld>(recording, lane));
    return {recording->scenario(), std::move(worlds), recording->world(), options};
}

} // namespace stickyscope::record
