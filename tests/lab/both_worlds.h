// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lab_world.h"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace stickyscope::test {

/// What became of each request, by lane, client and ordinal.
class Outcomes final : public RecordingSink
{
public:
    void observed(std::size_t lane, std::span<const Observation> observations, const Cast& cast,
                  const TextTable& texts) override
    {
        balancers[lane] = cast.balancers;
        for (const Observation& one : observations) {
            const bool ofSocket =
                one.kind == ObservationKind::closed || one.kind == ObservationKind::message;
            if (one.kind == ObservationKind::sent || ofSocket)
                moments.push_back(one.at);
            over += ofSocket ? 1 : 0;
            const std::string who = "lane " + std::to_string(lane) + " client "
                + std::to_string(raw(one.client)) + " request " + std::to_string(one.ordinal);
            if (one.kind == ObservationKind::sent)
                ways[who] = "to balancer " + std::to_string(one.status) + ", where "
                    + std::to_string(raw(one.pointsTo)) + " is named";
            messages += one.kind == ObservationKind::message ? 1 : 0;
            if (one.kind != ObservationKind::answered && one.kind != ObservationKind::failed)
                continue;
            ++over;
            reasons[who] = "cookie " + std::string(nameOf(one.cookieIn)) + ", then "
                + std::string(nameOf(one.cookieOut)) + ": " + texts.text(one.rule);
            ends[who] = std::string(nameOf(one.kind)) + " by " + std::to_string(raw(one.replica))
                + " " + std::string(nameOf(one.ledger)) + " " + std::string(nameOf(one.session))
                + " " + std::to_string(one.status);
            ++marks[one.session];
            ++shares[lane][one.replica];
        }
    }
    void intervened(Instant, const Intervention&) override { }
    void reached(Instant) override { }

    std::vector<Instant> moments; ///< of requests, and of messages and ends of WebSockets
    std::size_t over = 0; ///< of what began at these moments
    std::size_t messages = 0;
    std::map<std::string, std::string> ends;
    std::map<std::string, std::string> ways; ///< what each was sent to
    std::map<std::string, std::string> reasons; ///< why it went where it went
    std::map<std::size_t, std::vector<CastBalancer>> balancers; ///< by lane
    std::map<SessionMark, int> marks;
    std::map<std::size_t, std::map<ReplicaIndex, int>> shares;
};

struct Both
{
    std::shared_ptr<Outcomes> model = std::make_shared<Outcomes>();
    std::shared_ptr<Outcomes> lab = std::make_shared<Outcomes>();
    // At the end:
    std::shared_ptr<const Snapshot> modelPicture;
    std::shared_ptr<const Snapshot> labPicture;
};

/// Clients from so many addresses, for what goes by them; each asks that often.
inline std::string everywhere(const std::string& rate)
{
    std::string clients = "clients:\n";
    for (int address = 1; address <= 12; ++address)
        clients += "  - {name: c" + std::to_string(address) + ", kind: curl, jar: none, rate: "
            + rate + ", source: 127.0.0." + std::to_string(address) + "}\n";
    return clients;
}

/// By which balancers a lane's clients have asked and been answered, and what their cookies name.
inline std::string waysIn(const Snapshot& picture)
{
    std::string text;
    for (const LaneSnapshot& lane : picture.lanes) {
        for (const ClientPicture& client : lane.clients) {
            text += "asked";
            for (const std::uint8_t balancer : client.asked)
                text += " " + std::to_string(balancer);
            text += ", by";
            for (const std::uint8_t balancer : client.via)
                text += " " + std::to_string(balancer);
            text += ", holds";
            for (const HeldCookie& held : client.held)
                text += " " + std::to_string(held.balancer) + ":"
                    + std::to_string(raw(held.replica)) + ":" + std::to_string(held.names);
            text += "\n";
        }
    }
    return text;
}

/// Who goes by servers' addresses does so in the model as well: the lab's, which it gave them.
inline void tellAddresses(Both& both, const std::shared_ptr<const Scenario>& scenario,
                          const std::vector<http::CookieJar>& jars,
                          const std::vector<std::string>& addresses)
{
    auto told = std::make_shared<Scenario>(*scenario);
    for (std::size_t place = 0; place < told->replicas.size(); ++place)
        told->replicas[place].address = addresses[place].substr(std::string("http://").size());
    both.model = std::make_shared<Outcomes>();
    Experiment model =
        makeVirtualExperiment(told, {.history = true, .recording = both.model}, jars);
    model.advance(scenario->duration);
    both.modelPicture = model.snapshot();
}

/// The lab's clock goes from one of the model's moments to the next, and waits for its end.
inline Both runBoth(const std::shared_ptr<const Scenario>& scenario,
                    const std::vector<http::CookieJar>& jars = {})
{
    Both both;
    Experiment model =
        makeVirtualExperiment(scenario, {.history = true, .recording = both.model}, jars);
    model.advance(scenario->duration);
    both.modelPicture = model.snapshot();
    std::vector<Instant> moments = both.model->moments;
    std::sort(moments.begin(), moments.end());
    lab::LabTerms terms;
    terms.jars = jars;
    terms.pictures = true;
    terms.recording = both.lab;
    auto lab = lab::makeLab(scenario, terms);
    REQUIRE_MESSAGE(lab, lab.error());
    if (scenario->lanes.size() == 1)
        tellAddresses(both, scenario, jars, lab->addresses[0].replicas);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::size_t begun = 1; begun <= moments.size(); ++begun) {
        lab->experiment.advance(moments[begun - 1] - lab->experiment.now());
        while (both.lab->over < begun && std::chrono::steady_clock::now() < deadline) {
            if (begun < moments.size() && moments[begun] == moments[begun - 1])
                break; // further ones at the same moment
            std::this_thread::yield();
            lab->experiment.advance(Duration::zero());
        }
    }
    both.labPicture = lab->experiment.snapshot();
    return both;
}

/// The first few, in words; what is compared of each request: what became of it.
inline std::string
differences(const Both& both,
            std::map<std::string, std::string> Outcomes::*compared = &Outcomes::ends)
{
    std::string text;
    int left = 3;
    const auto& inLab = (*both.lab).*compared;
    const auto& inModel = (*both.model).*compared;
    for (const auto& [who, model] : inModel) {
        const auto found = inLab.find(who);
        const std::string lab = found == inLab.end() ? "nothing" : found->second;
        if (lab != model && left-- > 0)
            text += who + ": " + model + " in the model, " + lab + " in the lab\n";
    }
    if (inLab.size() != inModel.size())
        text += std::to_string(inModel.size()) + " requests in the model, "
            + std::to_string(inLab.size()) + " in the lab\n";
    return text;
}

} // namespace stickyscope::test
