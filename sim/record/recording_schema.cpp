// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording_schema.h"

#include "sim/model/observation.h"

#include <array>
#include <limits>

namespace stickyscope::record {

namespace {

constexpr std::array<Table, 12> tables {{
    {"meta", "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"},
    {"scenario", "CREATE TABLE scenario (text TEXT NOT NULL) STRICT"},
    {"lanes",
     "CREATE TABLE lanes (lane INTEGER PRIMARY KEY, name TEXT NOT NULL, sticky INTEGER NOT NULL, "
     "balancer TEXT NOT NULL, sessions_visible INTEGER NOT NULL, decisions_visible INTEGER NOT "
     "NULL, sticky_withheld INTEGER NOT NULL, notice TEXT NOT NULL) STRICT"},
    {"replicas",
     "CREATE TABLE replicas (lane INTEGER NOT NULL, replica INTEGER NOT NULL, name TEXT NOT NULL, "
     "PRIMARY KEY (lane, replica)) STRICT"},
    {"clients",
     "CREATE TABLE clients (lane INTEGER NOT NULL, client INTEGER NOT NULL, name TEXT NOT NULL, "
     "kind TEXT NOT NULL, PRIMARY KEY (lane, client)) STRICT"},
    {"texts",
     "CREATE TABLE texts (lane INTEGER NOT NULL, id INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY "
     "KEY (lane, id)) STRICT"},
    {"observations",
     "CREATE TABLE observations (number INTEGER PRIMARY KEY, lane INTEGER NOT NULL, at INTEGER NOT "
     "NULL, kind INTEGER NOT NULL, client INTEGER, ordinal INTEGER NOT NULL, replica INTEGER, "
     "points_to INTEGER, cookie_in INTEGER NOT NULL, cookie_out INTEGER NOT NULL, ledger INTEGER "
     "NOT NULL, session INTEGER NOT NULL, failure INTEGER NOT NULL, status INTEGER NOT NULL, value "
     "INTEGER NOT NULL, cookie INTEGER, rule INTEGER) STRICT"},
    {"interventions",
     "CREATE TABLE interventions (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER "
     "NOT NULL, replica INTEGER, client INTEGER) STRICT"},
    {"intervention_settings",
     "CREATE TABLE intervention_settings (number INTEGER NOT NULL, setting TEXT NOT NULL, value "
     "INTEGER NOT NULL, PRIMARY KEY (number, setting)) STRICT",
     2},
    {"balancers",
     "CREATE TABLE balancers (lane INTEGER NOT NULL, balancer INTEGER NOT NULL, name TEXT NOT "
     "NULL, "
     "cookie TEXT NOT NULL, place INTEGER NOT NULL, asked INTEGER NOT NULL, beside INTEGER NOT "
     "NULL, shares_sessions INTEGER NOT NULL, PRIMARY KEY (lane, balancer)) STRICT",
     2},
    {"servers",
     "CREATE TABLE servers (lane INTEGER NOT NULL, balancer INTEGER NOT NULL, number INTEGER NOT "
     "NULL, replica INTEGER, behind INTEGER, PRIMARY KEY (lane, balancer, number)) STRICT",
     2},
    {"words",
     "CREATE TABLE words (field TEXT NOT NULL, number INTEGER NOT NULL, word TEXT NOT NULL, "
     "PRIMARY "
     "KEY (field, number)) STRICT"},
}};

constexpr std::int64_t anyNumber = std::numeric_limits<std::int64_t>::max();

constexpr std::array<InterventionSetting, 7> settings {{
    {"balancer", [](const Intervention& of) -> std::int64_t { return of.balancer; },
     [](Intervention& of, std::int64_t value) { of.balancer = static_cast<std::uint8_t>(value); },
     std::numeric_limits<std::uint8_t>::max()},
    {"from", [](const Intervention& of) -> std::int64_t { return raw(of.from); },
     [](Intervention& of, std::int64_t value) { of.from = static_cast<ClientIndex>(value); },
     raw(noClient)},
    {"status", [](const Intervention& of) -> std::int64_t { return of.status; },
     [](Intervention& of, std::int64_t value) { of.status = static_cast<std::uint16_t>(value); },
     std::numeric_limits<std::uint16_t>::max()},
    {"lasts", [](const Intervention& of) -> std::int64_t { return of.lasts.count(); },
     [](Intervention& of, std::int64_t value) { of.lasts = Duration {value}; }, anyNumber},
    {"time", [](const Intervention& of) -> std::int64_t { return of.time.count(); },
     [](Intervention& of, std::int64_t value) { of.time = Duration {value}; }, anyNumber},
    {"jitter", [](const Intervention& of) -> std::int64_t { return of.jitter.count(); },
     [](Intervention& of, std::int64_t value) { of.jitter = Duration {value}; }, anyNumber},
    {"amount", [](const Intervention& of) { return of.amount; },
     [](Intervention& of, std::int64_t value) { of.amount = value; }, anyNumber},
}};

template <typename Enum>
void add(std::vector<Word>& words, std::string_view field, std::size_t count)
{
    for (std::size_t number = 0; number < count; ++number)
        words.push_back({field, number, nameOf(static_cast<Enum>(number))});
}

} // namespace

std::span<const Table> recordingTables()
{
    return tables;
}

std::span<const InterventionSetting> interventionSettings()
{
    return settings;
}

std::string_view readableView()
{
    return "CREATE VIEW readable AS SELECT o.number, l.name AS lane, o.at / 1e9 AS seconds, "
           "k.word AS what, c.name AS client, o.ordinal, r.name AS replica, p.name AS points_to, "
           "i.word AS cookie_in, u.word AS cookie_out, g.word AS ledger, s.word AS session, f.word "
           "AS failure, o.status, o.value / 1e6 AS milliseconds, t.text AS cookie, w.text AS rule "
           "FROM observations o JOIN lanes l USING (lane) "
           "LEFT JOIN words k ON k.field = 'kind' AND k.number = o.kind "
           "LEFT JOIN clients c ON c.lane = o.lane AND c.client = o.client "
           "LEFT JOIN replicas r ON r.lane = o.lane AND r.replica = o.replica "
           "LEFT JOIN replicas p ON p.lane = o.lane AND p.replica = o.points_to "
           "LEFT JOIN words i ON i.field = 'cookie_in' AND i.number = o.cookie_in "
           "LEFT JOIN words u ON u.field = 'cookie_out' AND u.number = o.cookie_out "
           "LEFT JOIN words g ON g.field = 'ledger' AND g.number = o.ledger "
           "LEFT JOIN words s ON s.field = 'session' AND s.number = o.session "
           "LEFT JOIN words f ON f.field = 'failure' AND f.number = o.failure "
           "LEFT JOIN texts t ON t.lane = o.lane AND t.id = o.cookie "
           "LEFT JOIN texts w ON w.lane = o.lane AND w.id = o.rule";
}

std::vector<Word> recordingWords()
{
    std::vector<Word> words;
    add<ObservationKind>(words, "kind", observationKinds);
    add<CookieIn>(words, "cookie_in", cookieInStates);
    add<CookieOut>(words, "cookie_out", cookieOutStates);
    add<Ledger>(words, "ledger", ledgerKeys);
    add<SessionMark>(words, "session", sessionMarks);
    add<Failure>(words, "failure", failureKinds);
    add<Intervention::Kind>(words, "intervention", interventionKinds);
    return words;
}

} // namespace stickyscope::record
