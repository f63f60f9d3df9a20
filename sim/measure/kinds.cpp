// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/kinds.h"

#include <algorithm>
#include <string>

namespace stickyscope {

namespace {

void add(KindResult& row, const Affinity::Client& client)
{
    row.requests += client.requests;
    row.answered += client.requests - client.failed;
    row.followUps += client.followUps;
    row.switches += client.switches;
    if (row.broken)
        *row.broken += client.broken;
    if (row.lost)
        *row.lost += client.lost;
}

} // namespace

std::vector<KindResult> kindsOf(const Affinity& affinity, const Cast& cast)
{
    std::vector<KindResult> rows;
    const auto rowOf = [&rows, &cast](const std::string& kind) {
        const auto known = std::find_if(
            rows.begin(), rows.end(), [&kind](const KindResult& row) { return row.kind == kind; });
        if (known != rows.end())
            return known;
        KindResult row {.kind = kind};
        if (cast.sessionsVisible)
            row.broken = row.lost = 0;
        return rows.insert(rows.end(), std::move(row));
    };
    const auto& clients = affinity.clients();
    for (std::size_t index = 0; index < cast.clientKinds.size(); ++index) {
        KindResult& row = *rowOf(cast.clientKinds[index]);
        ++row.clients;
        if (index < clients.size())
            add(row, clients[index]);
    }
    for (KindResult& row : rows) {
        if (row.followUps > 0)
            row.stickiness =
                1 - static_cast<double>(row.switches) / static_cast<double>(row.followUps);
    }
    return rows;
}

} // namespace stickyscope
