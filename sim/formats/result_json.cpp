// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/result_json.h"

#include <nlohmann/json.hpp>

namespace stickyscope {

namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
Json orNull(const std::optional<Value>& value)
{
    return value ? Json(*value) : Json(nullptr);
}

Json ledgerOf(const ReplicaResult& replica, LedgerKind kind)
{
    const bool decided = kind == LedgerKind::decided;
    const auto first = decided ? Ledger::valid : Ledger::honoured;
    const auto last = decided ? Ledger::connection : Ledger::unidentified;
    Json ledger = Json::object();
    for (auto key = static_cast<std::size_t>(first); key <= static_cast<std::size_t>(last); ++key)
        ledger[std::string(nameOf(static_cast<Ledger>(key)))] = replica.ledger.at(key);
    if (!decided)
        ledger["fresh"] = replica.ledger.at(static_cast<std::size_t>(Ledger::fresh));
    return ledger;
}

Json clientOf(const ClientResult& client, const LaneResult& lane)
{
    Json replicas = Json::object();
    for (std::size_t index = 0; index < client.replicas.size(); ++index) {
        if (client.replicas[index] > 0)
            replicas[lane.replicas[index].name] = client.replicas[index];
    }
    return {{"name", client.name},         {"kind", client.kind},
            {"requests", client.requests}, {"replicas", replicas},
            {"switches", client.switches}, {"stickiness", orNull(client.stickiness)}};
}

Json kindOf(const KindResult& kind)
{
    return {{"kind", kind.kind},
            {"clients", kind.clients},
            {"requests", kind.requests},
            {"answered", kind.answered},
            {"follow_ups", kind.followUps},
            {"switches", kind.switches},
            {"stickiness", orNull(kind.stickiness)},
            {"broken", orNull(kind.broken)},
            {"lost", orNull(kind.lost)}};
}

Json reconciliationOf(const Reconciliation& reconciliation)
{
    Json replicas = Json::array();
    for (const ReconciledReplica& replica : reconciliation.replicas)
        replicas.push_back({{"name", replica.name},
                            {"clients", orNull(replica.clients)},
                            {"balancer", orNull(replica.balancer)},
                            {"replica", orNull(replica.replica)}});
    return {{"scope", reconciliation.allLanes ? "all lanes" : "lane"},
            {"replicas", replicas},
            {"balancer_total", orNull(reconciliation.balancerTotal)},
            {"joined", orNull(reconciliation.joined)},
            {"balancer_source", reconciliation.balancerSource},
            {"differences", reconciliation.differences}};
}

Json laneOf(const LaneResult& lane)
{
    Json json = {{"name", lane.name},
                 {"sticky", lane.sticky},
                 {"duration_s", inSeconds(lane.duration)},
                 {"requests", lane.requests},
                 {"answered", lane.answered},
                 {"failed", lane.failed},
                 {"errors", lane.errors},
                 {"unidentified", lane.unidentified},
                 {"follow_ups", lane.followUps},
                 {"stickiness", orNull(lane.stickiness)},
                 {"switches", lane.switches},
                 {"broken", orNull(lane.broken)},
                 {"met", orNull(lane.met)},
                 {"sessions", {{"begun", lane.sessionsBegun}, {"lost", orNull(lane.sessionsLost)}}},
                 {"messages", lane.messages},
                 {"cookies_set", lane.cookiesSet},
                 {"several_cookies", orNull(lane.severalCookies)}};
    json["imbalance"] = nullptr;
    if (lane.imbalance)
        json["imbalance"] = {{"busiest_over_mean", lane.imbalance->busiestOverMean},
                             {"cv", lane.imbalance->cv},
                             {"jain", lane.imbalance->jain}};
    json["latency_ms"] = nullptr;
    if (lane.latency)
        json["latency_ms"] = {{"mean", lane.latency->mean},
                              {"p50", lane.latency->p50},
                              {"p95", lane.latency->p95},
                              {"p99", lane.latency->p99}};
    json["failures"] = Json::object();
    for (std::size_t kind = 1; kind < failureKinds; ++kind) {
        if (lane.failures.at(kind) > 0)
            json["failures"][std::string(nameOf(static_cast<Failure>(kind)))] =
                lane.failures.at(kind);
    }
    json["ledger_kind"] = lane.ledgerKind == LedgerKind::decided ? "decided" : "inferred";
    json["replicas"] = Json::array();
    for (const ReplicaResult& replica : lane.replicas)
        json["replicas"].push_back({{"name", replica.name},
                                    {"requests", replica.requests},
                                    {"share", orNull(replica.share)},
                                    {"ledger", ledgerOf(replica, lane.ledgerKind)}});
    json["clients"] = Json::array();
    for (const ClientResult& client : lane.clients)
        json["clients"].push_back(clientOf(client, lane));
    json["kinds"] = Json::array();
    for (const KindResult& kind : lane.kinds)
        json["kinds"].push_back(kindOf(kind));
    json["closes"] = Json::object();
    for (const auto& [code, count] : lane.closes)
        json["closes"][std::to_string(code)] = count;
    json["reconciliation"] =
        lane.reconciliation ? reconciliationOf(*lane.reconciliation) : Json(nullptr);
    return json;
}

Json agreementOf(const AgreementResult& agreement)
{
    Json stickiness = nullptr;
    Json shares = Json::object();
    for (const AgreementRow& row : agreement.rows) {
        Json& place = &row == &agreement.rows.front() ? stickiness : shares[row.name];
        place = {{"model", row.model},
                 {"real", row.real},
                 {"difference", row.real - row.model},
                 {"ci95", {row.low, row.high}},
                 {"p", row.p}};
    }
    return {{"clients", agreement.clients},
            {"stickiness", stickiness},
            {"shares", shares},
            {"more_than_chance",
             agreement.rows.empty() ? Json(nullptr) : Json(agreement.moreThanChance)}};
}

} // namespace

std::string toJson(const ExperimentResult& result)
{
    Json json = {{"scenario", orNull(result.scenario)},
                 {"seed", orNull(result.seed)},
                 {"world", result.world},
                 {"trace", orNull(result.trace)}};
    json["lanes"] = Json::array();
    for (const LaneResult& lane : result.lanes)
        json["lanes"].push_back(laneOf(lane));
    json["comparison"] = nullptr;
    if (result.comparison)
        json["comparison"] = {
            {"stickiness",
             {{"difference", orNull(result.comparison->stickinessDifference)}, {"ci95", nullptr}}},
            {"sentence", result.comparison->sentence}};
    if (result.comparison && result.comparison->agreement)
        json["comparison"]["agreement"] = agreementOf(*result.comparison->agreement);
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace stickyscope
