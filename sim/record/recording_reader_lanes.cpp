// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What each lane of a recording holds: names, balancers, texts, and observations within their
// ranges.
#include "sim/record/recording_reader.h"
#include "sim/record/recording_rows.h"

#include <limits>

namespace stickyscope::record {

namespace {

// As many as a scenario may have.
constexpr std::size_t mostReplicas = 10'000;
constexpr std::size_t mostClients = 100'000;

// A column, and the largest number that it may hold; the least is 0.
struct Range
{
    const char* column;
    std::int64_t most;
};

} // namespace

void RecordingReader::readLanes()
{
    m_recording.m_lanes.resize(m_recording.m_scenario->lanes.size());
    each(QStringLiteral("SELECT lane, balancer, sessions_visible, decisions_visible, "
                        "sticky_withheld, notice FROM lanes"),
         {}, [this](const QSqlQuery& row) {
             Cast& cast = m_recording.m_lanes[static_cast<std::size_t>(numberAt(row, 0))].cast;
             cast.balancer = textAt(row, 1);
             cast.sessionsVisible = numberAt(row, 2) != 0;
             cast.decisionsVisible = numberAt(row, 3) != 0;
             cast.stickyWithheld = numberAt(row, 4) != 0;
             cast.notice = textAt(row, 5);
         });
    each(QStringLiteral("SELECT min(lane), max(lane) FROM observations"), {},
         [this](const QSqlQuery& row) {
             require(numberAt(row, 0) >= 0
                         && numberAt(row, 1)
                             < static_cast<std::int64_t>(m_recording.m_lanes.size()),
                     "an observation is of no lane");
         });
    for (std::size_t lane = 0; lane < m_recording.m_lanes.size(); ++lane) {
        readNames(lane);
        if (m_format >= hasSettings)
            readBalancers(lane);
        readTexts(lane);
        checkObservations(lane);
    }
}

void RecordingReader::readNames(std::size_t lane)
{
    Cast& cast = m_recording.m_lanes[lane].cast;
    const QVariantList ofLane {static_cast<qlonglong>(lane)};
    each(QStringLiteral("SELECT replica, name FROM replicas WHERE lane = ? ORDER BY replica"),
         ofLane, [&cast](const QSqlQuery& row) {
             require(numberAt(row, 0) == static_cast<std::int64_t>(cast.replicas.size()),
                     "a replica is missing");
             require(cast.replicas.size() < mostReplicas, "too many replicas");
             cast.replicas.push_back(textAt(row, 1));
         });
    each(QStringLiteral("SELECT client, name, kind FROM clients WHERE lane = ? ORDER BY client"),
         ofLane, [&cast](const QSqlQuery& row) {
             require(numberAt(row, 0) == static_cast<std::int64_t>(cast.clients.size()),
                     "a client is missing");
             require(cast.clients.size() < mostClients, "too many clients");
             cast.clients.push_back(textAt(row, 1));
             cast.clientKinds.push_back(textAt(row, 2));
         });
}

// None where there is one in front of all replicas.
void RecordingReader::readBalancers(std::size_t lane)
{
    Cast& cast = m_recording.m_lanes[lane].cast;
    const QVariantList ofLane {static_cast<qlonglong>(lane)};
    each(QStringLiteral("SELECT balancer, name, cookie, place, asked, beside, shares_sessions FROM "
                        "balancers WHERE lane = ? ORDER BY balancer"),
         ofLane, [&cast](const QSqlQuery& row) {
             require(numberAt(row, 0) == static_cast<std::int64_t>(cast.balancers.size()),
                     "a balancer is missing");
             require(cast.balancers.size() < noBalancer && numberAt(row, 3) >= 0
                         && numberAt(row, 3) < noBalancer,
                     "too many balancers");
             cast.balancers.push_back({.name = textAt(row, 1),
                                       .cookie = textAt(row, 2),
                                       .place = static_cast<std::uint8_t>(numberAt(row, 3)),
                                       .asked = numberAt(row, 4) != 0,
                                       .beside = numberAt(row, 5) != 0,
                                       .sharesSessions = numberAt(row, 6) != 0});
         });
    const auto within = [](const QSqlQuery& row, int column, std::size_t count) {
        return numberAt(row, column) >= 0
            && numberAt(row, column) < static_cast<std::int64_t>(count);
    };
    each(QStringLiteral("SELECT balancer, replica, behind FROM servers WHERE lane = ? ORDER BY "
                        "balancer, number"),
         ofLane, [&](const QSqlQuery& row) {
             const bool isReplica = row.value(2).isNull();
             require(within(row, 0, cast.balancers.size())
                         && (isReplica ? within(row, 1, cast.replicas.size())
                                       : within(row, 2, cast.balancers.size())),
                     "a balancer's server is unknown");
             CastBalancer& of = cast.balancers[static_cast<std::size_t>(numberAt(row, 0))];
             // Who stands behind another comes after it: no way leads round in a circle.
             require(isReplica || numberAt(row, 2) > numberAt(row, 0), "balancers are in a circle");
             if (isReplica)
                 of.replicas.push_back(static_cast<ReplicaIndex>(numberAt(row, 1)));
             else
                 of.balancers.push_back(static_cast<std::uint8_t>(numberAt(row, 2)));
         });
}

void RecordingReader::readTexts(std::size_t lane)
{
    // A number far out would take memory for all before it.
    constexpr std::int64_t mostBetween = 1'000'000;
    TextTable& texts = m_recording.m_lanes[lane].texts;
    each(QStringLiteral("SELECT id, text FROM texts WHERE lane = ? ORDER BY id"),
         {static_cast<qlonglong>(lane)}, [&texts](const QSqlQuery& row) {
             const std::int64_t id = numberAt(row, 0);
             require(id > 0 && id < static_cast<std::int64_t>(texts.size()) + mostBetween,
                     "a text has a wrong number");
             texts.restore(static_cast<TextId>(id), textAt(row, 1));
         });
}

void RecordingReader::checkObservations(std::size_t lane)
{
    constexpr std::int64_t any = std::numeric_limits<std::int64_t>::max();
    const Cast& cast = m_recording.m_lanes[lane].cast;
    const std::vector<Range> ranges {
        {"at", any},
        {"value", any},
        {"kind", observationKinds - 1},
        {"client", static_cast<std::int64_t>(cast.clients.size()) - 1},
        {"ordinal", std::numeric_limits<std::uint32_t>::max()},
        {"replica", static_cast<std::int64_t>(cast.replicas.size()) - 1},
        {"points_to", static_cast<std::int64_t>(cast.replicas.size()) - 1},
        {"cookie_in", cookieInStates - 1},
        {"cookie_out", cookieOutStates - 1},
        {"ledger", ledgerKeys - 1},
        {"session", sessionMarks - 1},
        {"failure", failureKinds - 1},
        {"status", std::numeric_limits<std::uint16_t>::max()},
        {"cookie", std::numeric_limits<std::uint32_t>::max()},
        {"rule", std::numeric_limits<std::uint32_t>::max()},
    };
    QString columns;
    for (const Range& range : ranges)
        columns += QStringLiteral(", min(%1), max(%1)").arg(QLatin1String(range.column));
    // Of a client or a replica, if it is about one; through a balancer that there is.
    const QString subject =
        QStringLiteral("sum((kind <= %1 AND client IS NULL) OR (kind BETWEEN %2 AND %3 AND replica "
                       "IS NULL) OR ((kind = %4 OR (kind = %5 AND replica IS NULL)) AND status > "
                       "%6) OR (kind = %5 AND replica IS NULL AND status = 0))")
            .arg(static_cast<int>(ObservationKind::sessionLost))
            .arg(static_cast<int>(ObservationKind::replicaStopped))
            .arg(static_cast<int>(ObservationKind::noticedUp))
            .arg(static_cast<int>(ObservationKind::sent))
            .arg(static_cast<int>(ObservationKind::placed))
            .arg(cast.balancers.size());
    each(QStringLiteral("SELECT ") + subject + columns
             + QStringLiteral(" FROM observations WHERE lane = ?"),
         {static_cast<qlonglong>(lane)}, [&ranges](const QSqlQuery& row) {
             bool good = numberAt(row, 0) == 0;
             for (int column = 0; column < static_cast<int>(ranges.size()); ++column) {
                 if (row.value(2 * column + 1).isNull())
                     continue;
                 good = good && numberAt(row, 2 * column + 1) >= 0
                     && numberAt(row, 2 * column + 2)
                         <= ranges[static_cast<std::size_t>(column)].most;
             }
             require(good, "an observation is out of range");
         });
}

} // namespace stickyscope::record
