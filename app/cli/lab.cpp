// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/advance.h"
#include "app/cli/console.h"
#include "app/cli/lab_options.h"
#include "app/cli/network_options.h"
#include "app/cli/parse.h"
#include "app/cli/request_lines.h"
#include "app/cli/verbs.h"
#include "sim/formats/arrival_files.h"
#include "sim/formats/cookie_files.h"
#include "sim/lab/lab_world.h"
#include "sim/lab/qr_code.h"

#include <QCoreApplication>

#include <chrono>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <unistd.h>
#include <utility>

namespace stickyscope::cli {

namespace {

// Until somebody ends it.
constexpr Duration untilEnded = std::chrono::hours(24 * 365);

std::string inWords(const std::vector<lab::LaneAddress>& lanes, const Scenario& scenario)
{
    std::string text;
    for (const lab::LaneAddress& lane : lanes) {
        text += lane.lane + " listens on " + lane.balancer + "/hostname\n";
        if (lane.balancer.starts_with("https://"))
            text +=
                "  with a certificate made for this run: curl -k " + lane.balancer + "/hostname\n";
        for (std::size_t place = 0; place < lane.replicas.size(); ++place)
            text += "  " + scenario.replicas[place].name + " at " + lane.replicas[place] + "\n";
    }
    return text;
}

// The first address is the likeliest: its code is what a phone is held to.
std::string forPhones(const std::vector<lab::LaneAddress>& lanes,
                      const lab::LabTraffic::LaneUrls& urls)
{
    std::string text;
    for (std::size_t lane = 0; lane < urls.size(); ++lane) {
        for (const std::string& url : urls[lane])
            text += lanes[lane].lane + " is open to the local network at " + url + "/\n";
        text += lab::inHalfBlocks(lab::qrCodeOf(urls[lane].front() + "/"),
                                  ::isatty(STDOUT_FILENO) != 0);
    }
    return text;
}

std::string asJson(const std::vector<lab::LaneAddress>& lanes, const Scenario& scenario,
                   const lab::LabTraffic::LaneUrls& urls)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (std::size_t number = 0; number < lanes.size(); ++number) {
        const lab::LaneAddress& lane = lanes[number];
        nlohmann::ordered_json replicas = nlohmann::ordered_json::array();
        for (std::size_t place = 0; place < lane.replicas.size(); ++place)
            replicas.push_back(
                {{"name", scenario.replicas[place].name}, {"address", lane.replicas[place]}});
        list.push_back({{"name", lane.lane},
                        {"address", lane.balancer},
                        {"network", urls.empty() ? std::vector<std::string> {} : urls[number]},
                        {"replicas", replicas}});
        if (!lane.certificate.empty())
            list.back()["certificate"] = lane.certificate;
    }
    return nlohmann::ordered_json {{"lanes", list}}.dump() + "\n";
}

/// Requests may come before it is said where: their lines wait until it is.
class LinesAfterAddresses
{
public:
    void add(const std::string& line)
    {
        const std::lock_guard lock(m_mutex);
        if (m_begun)
            print(line);
        else
            m_waiting += line;
    }

    void begin(const std::string& addresses)
    {
        const std::lock_guard lock(m_mutex);
        print(addresses + m_waiting);
        m_waiting.clear();
        m_begun = true;
    }

private:
    std::mutex m_mutex;
    std::string m_waiting;
    bool m_begun = false;
};

// Until somebody ends it, or a product's program has ended by itself.
int advance(lab::Lab& lab, lab::LabTraffic::LaneUrls urls)
{
    NobodyHint hint(lab.traffic, std::move(urls));
    std::string ended;
    advanceWithClock(lab.experiment, ShowProgress::no, [&] {
        hint.look();
        const auto traffic = lab.traffic.lock();
        ended = traffic ? traffic->ended() : std::string();
        return ended.empty();
    });
    if (ended.empty())
        return done;
    complain(ended);
    return notMet;
}

} // namespace

int runLab(int argc, char** argv)
{
    std::string file;
    bool json = false;
    LabOptions balancer;
    NetworkOptions network;
    CLI::App app("Start a scenario's servers, balancers and clients on this computer; one log line "
                 "a request, until Ctrl-C",
                 "stickyscope lab");
    app.add_option("FILE", file, "The scenario, *.sticky.yaml")->required();
    app.add_flag("--json", json, "The addresses, and each request, as one line of JSON");
    addLabOptions(app, balancer);
    addNetworkOptions(app, network);
    if (const auto status = parse(app, argc, argv))
        return *status;
    lab::LabTerms terms;
    if (const std::string wrong = tellOptions(balancer, terms); !wrong.empty()) {
        complain(wrong);
        return wrongUse;
    }
    auto read = loadScenario(file);
    if (!read) {
        complain(read.error());
        return wrongUse;
    }
    read->duration = untilEnded;
    const auto folder = std::filesystem::path(file).parent_path();
    const auto filled = withArrivals(*read, folder);
    if (!filled) {
        complain(filled.error());
        return wrongUse;
    }
    const auto scenario = std::make_shared<const Scenario>(*filled);
    const auto jars = readCookieFiles(*scenario, folder);
    if (!jars) {
        complain(jars.error());
        return wrongUse;
    }
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    terms.jars = *jars;
    const PrintsBeside beside(json ? PrintsBeside::Form::json : PrintsBeside::Form::text);
    const record::SecretMask mask({});
    LinesAfterAddresses lines;
    terms.log = [json, &mask, &lines](const lab::LaneLog& entry) {
        lines.add(json ? jsonLine(jsonOf(entry, mask)) : lineOf(entry) + "\n");
    };
    terms.stopAsked = interrupted;
    auto lab = lab::makeLab(scenario, terms);
    if (!lab) {
        if (interrupted())
            return done;
        complain(lab.error());
        return wrongUse;
    }
    for (const std::string& note : lab->notes)
        complain("not as in the scenario: " + note);
    lab::LabTraffic::LaneUrls urls;
    if (network.wanted()) {
        auto opened = openToNetwork(network, *lab->traffic.lock());
        if (!opened) {
            complain(opened.error());
            return wrongUse;
        }
        urls = std::move(*opened);
    }
    lines.begin(json ? asJson(lab->addresses, *scenario, urls)
                     : inWords(lab->addresses, *scenario) + forPhones(lab->addresses, urls));
    return advance(*lab, std::move(urls));
}

} // namespace stickyscope::cli
