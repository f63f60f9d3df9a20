// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A lab of a scenario: whether it can be, and what it is made of.
#include "sim/http/url.h"
#include "sim/lab/lab_world.h"
#include "sim/lab/managed/private_folder.h"
#include "sim/lab/model_beside.h"
#include "sim/lab/open_files.h"
#include "sim/live/target_class.h"
#include "sim/virtual/virtual_world.h"
#include "sim/wire/epoll_event_loop.h"

#include <utility>

namespace stickyscope::lab {

namespace {

std::string programMissing(const Scenario& scenario, const LabTerms& terms)
{
    if (!terms.program)
        return {};
    for (const LaneSpec& lane : scenario.lanes) {
        const std::string product = balancerOf(scenario, lane).product;
        if (findManagedProduct(product))
            continue;
        std::string known;
        for (const ManagedProduct* one : managedProducts())
            known.append(known.empty() ? "" : ", ").append(one->product);
        return std::string("there is no program to run for ")
            .append(product)
            .append(": only for ")
            .append(known);
    }
    return {};
}

std::string notTheirs(const Scenario& scenario, const LabTerms& terms)
{
    if (!terms.theirs)
        return {};
    if (terms.program)
        return "a product's own program does not tell which of your servers answered: let our "
               "balancer stand before them";
    for (const ReplicaSpec& replica : scenario.replicas) {
        const auto url = http::parseUrl("http://" + replica.address);
        if (!url || !live::namesThisMachine(url->host))
            return "replica " + replica.name + ": its address must be on this machine, not "
                + (replica.address.empty() ? "missing" : replica.address);
    }
    return {};
}

} // namespace

std::string whyNoLab(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
{
    if (terms.againstModel && scenario->lanes.size() != 1)
        return "model against real compares one setting, and this scenario has "
            + std::to_string(scenario->lanes.size()) + " lanes";
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane) {
        const auto own = scenarioOf(scenario, static_cast<LaneIndex>(lane));
        if (std::string why = impossibleInLab(*own, terms.cast()); !why.empty())
            return why;
        if (std::string why = notTheirs(*own, terms); !why.empty())
            return why;
    }
    return programMissing(*scenario, terms);
}

Outcome<Lab> makeLab(const std::shared_ptr<const Scenario>& scenario, const LabTerms& terms)
{
    if (std::string why = whyNoLab(scenario, terms); !why.empty())
        return Outcome<Lab>::failure(why);
    wire::raiseOpenFiles();
    LabTerms fitting = terms;
    const std::string fewer = terms.program
        ? std::string()
        : keepWithin(fitting.limits, filesLeft() / scenario->lanes.size());
    // What a killed program's balancers have left goes whichever balancer comes next.
    PrivateFolder::sweep();
    const auto traffic = std::make_shared<LabTraffic>(scenario, fitting);
    if (!traffic->error().empty())
        return Outcome<Lab>::failure(traffic->error());
    std::shared_ptr<const Scenario> shown = scenario;
    std::vector<std::unique_ptr<World>> worlds;
    if (terms.againstModel) {
        shown = std::make_shared<const Scenario>(besideItsModel(*scenario));
        worlds.push_back(modelBeside(shown, terms.jars, terms.shownBehind));
    }
    for (std::size_t lane = 0; lane < scenario->lanes.size(); ++lane) {
        TextTable texts;
        Cast cast;
        traffic->queue(lane).take(cast, texts);
        const VirtualWorld model(scenario, static_cast<LaneIndex>(lane));
        cast.balancer = model.cast().balancer;
        cast.balancers = model.cast().balancers;
        cast.decisionsVisible = !terms.program;
        cast.sessionsVisible = !terms.theirs;
        cast.replicasElsewhere = terms.theirs;
        const auto index = static_cast<LaneIndex>(lane);
        const live::LiveWorld::Number number {lane, static_cast<LaneIndex>(worlds.size())};
        worlds.push_back(std::make_unique<live::LiveWorld>(traffic, number, std::move(cast),
                                                           scenarioOf(scenario, index)->timeline,
                                                           terms.shownBehind));
    }
    std::vector<std::string> notes = traffic->notes();
    if (!fewer.empty())
        notes.push_back(fewer);
    return Lab {{shown,
                 std::move(worlds),
                 terms.againstModel ? std::string(modelAndLab) : "lab",
                 {.history = terms.pictures, .trace = terms.trace, .recording = terms.recording}},
                traffic->addresses(),
                std::move(notes),
                traffic};
}

} // namespace stickyscope::lab
