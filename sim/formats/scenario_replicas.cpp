// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/http/url.h"
#include "sim/model/rolling_update.h"

#include <set>

namespace stickyscope {

namespace {

ReplicaSpec readReplica(const Place& at, std::set<std::string>& names)
{
    ReplicaSpec replica;
    at.fields({
        {"name", [&](const Place& of) { replica.name = of.newName(names); }, true},
        {"address",
         [&](const Place& of) {
             replica.address = of.text(255);
             if (!http::parseUrl(replica.address)
                 || replica.address.find_first_of("/?@#") != std::string::npos)
                 of.mustBe("host:port, such as 10.0.0.3:8000");
         }},
        {"route",
         [&](const Place& of) {
             replica.route = of.name();
             if (replica.route == "none")
                 replica.route->clear();
         }},
        {"weight", [&](const Place& of) { replica.weight = of.whole(0, 1000); }},
        {"slots", [&](const Place& of) { replica.slotCount = of.whole(1, 100'000); }},
        {"queue", [&](const Place& of) { replica.queue = of.whole(0, 1'000'000); }},
        {"service-time", [&](const Place& of) { replica.serviceTime = of.distribution(); }},
        {"sessions",
         [&](const Place& of) {
             replica.sessions =
                 static_cast<SessionStore>(of.oneOf({"in-memory", "with-connection", "shared"}));
         }},
        {"answer-size", [&](const Place& of) { replica.answerSize = of.whole(0, 1'000'000'000); }},
        {"faults", [&](const Place& of) { replica.faults = readFaults(of); }},
        {"joins", [&](const Place& of) { replica.joins = of.duration({}, longestTime); }},
        {"leaves", [&](const Place& of) { replica.leaves = of.duration({}, longestTime); }},
        {"zone", [&](const Place& of) { replica.zone = of.name(); }},
        {"backup", [&](const Place& of) { replica.backup = of.boolean(); }},
        {"canary", [&](const Place& of) { replica.canary = of.boolean(); }},
        {"spare", [&](const Place& of) { replica.spare = of.boolean(); }},
        {"redirect", [&](const Place& of) { replica.redirect = of.name(); }},
    });
    return replica;
}

} // namespace

std::vector<ReplicaSpec> readReplicas(const Place& at)
{
    std::set<std::string> names;
    std::vector<ReplicaSpec> replicas;
    for (const Place& item : at.items(1, mostReplicas)) {
        replicas.push_back(readReplica(item, names));
        if (replicas.back().spare && replicas.back().backup)
            item.fail(item.path() + ": a server is a backup or a spare, not both");
        const bool later =
            replicas.size() > 1 && replicas.back().joins < replicas[replicas.size() - 2].joins;
        if (replicas.back().leaves && *replicas.back().leaves <= replicas.back().joins)
            item.fail(item.path() + ": it leaves before it joins");
        if (later)
            item.fail(item.path() + ": replicas stand in the order in which they join");
    }
    if (replicas.front().joins > Duration::zero())
        at.fail(at.path() + "[0]: the first replica is there from the beginning");
    return replicas;
}

} // namespace stickyscope
