// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the user changes of the scenario.
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/products/product.h"
#include "ui/controls/experiment_session.h"
#include "ui/scenario_words.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

// As a file would be read, and what is wrong with it without the file's name.
Outcome<Scenario> readAgain(const Scenario& scenario)
{
    auto read = readScenario(writeScenario(scenario), "settings");
    if (read)
        return read;
    const std::string& said = read.error();
    const auto place = said.find(": ");
    return Outcome<Scenario>::failure(place == std::string::npos ? said : said.substr(place + 2));
}

} // namespace

std::optional<StickyChoice> ExperimentSession::sticky() const
{
    const auto& lanes = m_run.scenario.lanes;
    const std::vector<LaneSpec> both = offAndOn();
    if (lanes == both)
        return StickyChoice::both;
    for (const LaneSpec& lane : both) {
        if (lanes == std::vector {lane})
            return lane.sticky ? StickyChoice::on : StickyChoice::off;
    }
    return std::nullopt;
}

void ExperimentSession::setSticky(StickyChoice choice)
{
    Scenario scenario = m_run.scenario;
    scenario.lanes = offAndOn();
    if (choice != StickyChoice::both)
        std::erase_if(scenario.lanes, [choice](const LaneSpec& lane) {
            return lane.sticky != (choice == StickyChoice::on);
        });
    edit(std::move(scenario));
}

std::string ExperimentSession::setProduct(const std::string& id)
{
    Scenario scenario = m_run.scenario;
    const Product* product = findProduct(id);
    if (!product || scenario.balancer.product == id)
        return {};
    const std::string before = scenario.balancer.product;
    changeProduct(scenario.balancer, *product);
    retitle(scenario, before);
    for (LaneSpec& lane : scenario.lanes) {
        lane.product.reset();
        lane.algorithm.reset();
    }
    const auto read = readAgain(scenario);
    if (!read)
        return read.error();
    edit(std::move(scenario));
    return {};
}

void ExperimentSession::setAlgorithm(const std::string& name)
{
    Scenario scenario = m_run.scenario;
    if (!findAlgorithm(*findProduct(scenario.balancer.product), name))
        return;
    scenario.balancer.algorithm = name;
    setBalancer(std::move(scenario.balancer));
}

std::string ExperimentSession::whyNotAlgorithm(const std::string& name) const
{
    BalancerSpec balancer = m_run.scenario.balancer;
    const Product& product = *findProduct(balancer.product);
    balancer.algorithm = name;
    const std::string why = product.refuses ? product.refuses(balancer) : std::string();
    return why.empty() ? why : std::string(product.title) + " " + why;
}

std::string ExperimentSession::setBalancer(BalancerSpec balancer)
{
    Scenario scenario = m_run.scenario;
    scenario.balancer = std::move(balancer);
    // What could not be read again is no edit. A lane's own differences are laid over it anew.
    const auto read = readAgain(scenario);
    if (!read)
        return read.error();
    scenario.lanes = read->lanes;
    edit(std::move(scenario));
    return {};
}

void ExperimentSession::renameReplica(ReplicaIndex replica, const std::string& name)
{
    Scenario scenario = m_run.scenario;
    if (!isModel() && m_run.runner && !name.empty())
        return m_run.runner->renameReplica(replica, name);
    const bool taken = std::any_of(scenario.replicas.begin(), scenario.replicas.end(),
                                   [&](const ReplicaSpec& other) { return other.name == name; });
    if (raw(replica) >= scenario.replicas.size() || taken || name.empty())
        return;
    scenario.replicas[raw(replica)].name = name;
    edit(std::move(scenario));
}

} // namespace stickyscope
