// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/advance.h"
#include "app/cli/console.h"
#include "app/cli/lab_options.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/formats/cookie_files.h"
#include "sim/lab/lab_world.h"

#include <QCoreApplication>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace stickyscope::cli {

namespace {

// Until somebody ends it.
constexpr Duration untilEnded = std::chrono::hours(24 * 365);

std::string inWords(const std::vector<lab::LaneAddress>& lanes, const Scenario& scenario)
{
    std::string text;
    for (const lab::LaneAddress& lane : lanes) {
        text += lane.lane + " listens on " + lane.balancer + "/hostname\n";
        for (std::size_t place = 0; place < lane.replicas.size(); ++place)
            text += "  " + scenario.replicas[place].name + " at " + lane.replicas[place] + "\n";
    }
    return text;
}

std::string asJson(const std::vector<lab::LaneAddress>& lanes, const Scenario& scenario)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const lab::LaneAddress& lane : lanes) {
        nlohmann::ordered_json replicas = nlohmann::ordered_json::array();
        for (std::size_t place = 0; place < lane.replicas.size(); ++place)
            replicas.push_back(
                {{"name", scenario.replicas[place].name}, {"address", lane.replicas[place]}});
        list.push_back({{"name", lane.lane}, {"address", lane.balancer}, {"replicas", replicas}});
    }
    return nlohmann::ordered_json {{"lanes", list}}.dump() + "\n";
}

} // namespace

int runLab(int argc, char** argv)
{
    std::string file;
    bool json = false;
    LabOptions balancer;
    CLI::App app("Start a scenario's servers, balancers and clients on this computer; one log line "
                 "a request, until Ctrl-C",
                 "stickyscope lab");
    app.add_option("FILE", file, "The scenario, *.sticky.yaml")->required();
    app.add_flag("--json", json, "Print the addresses as one line of JSON");
    addLabOptions(app, balancer);
    if (const auto status = parse(app, argc, argv))
        return *status;
    auto read = loadScenario(file);
    if (!read) {
        complain(read.error());
        return wrongUse;
    }
    read->duration = untilEnded;
    const auto scenario = std::make_shared<const Scenario>(std::move(*read));
    const auto jars = readCookieFiles(*scenario, std::filesystem::path(file).parent_path());
    if (!jars) {
        complain(jars.error());
        return wrongUse;
    }
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    auto lab = lab::makeLab(
        scenario,
        {.jars = *jars, .program = balancer.program(), .log = [](const std::string& line) {
             print(printable(line) + "\n");
         }});
    if (!lab) {
        complain(lab.error());
        return wrongUse;
    }
    for (const std::string& note : lab->notes)
        complain("not as in the scenario: " + note);
    print(json ? asJson(lab->addresses, *scenario) : inWords(lab->addresses, *scenario));
    advanceWithClock(lab->experiment, ShowProgress::no);
    return done;
}

} // namespace stickyscope::cli
