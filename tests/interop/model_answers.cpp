// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Says what the model of a product answers, for comparison with the real one.
//   model_answers PRODUCT COOKIE FLAG... -- NAME=URL...      flags: indirect nocache down:NAME
// Reads one Cookie field a line ("-" is none) and prints: status, kept or picked, and the
// Set-Cookie field with the server's identity as *.
#include "sim/dispatch/dispatcher.h"

#include <iostream>
#include <string>
#include <vector>

using namespace stickyscope;

namespace {

struct Call
{
    BalancerSpec spec;
    ReplicaSet replicas;
    std::vector<std::string> down;
};

Call parse(const std::vector<std::string>& words)
{
    Call call;
    call.spec.product = words.at(0);
    call.spec.sticky = StickySpec {.cookie = words.at(1)};
    std::size_t place = 2;
    for (; words.at(place) != "--"; ++place) {
        call.spec.sticky->indirect = call.spec.sticky->indirect || words[place] == "indirect";
        call.spec.sticky->nocache = call.spec.sticky->nocache || words[place] == "nocache";
        if (words[place].starts_with("down:"))
            call.down.push_back(words[place].substr(5));
    }
    for (++place; place < words.size(); ++place) {
        const auto equals = words[place].find('=');
        call.replicas.add(
            {.name = words[place].substr(0, equals), .url = words[place].substr(equals + 1)});
    }
    return call;
}

} // namespace

int main(int argc, char** argv)
{
    const Call call = parse({argv + 1, argv + argc});
    Dispatcher dispatcher(call.spec, call.replicas, Chance {1});
    for (std::size_t index = 0; index < call.replicas.size(); ++index) {
        for (const std::string& name : call.down) {
            if (call.replicas[static_cast<ReplicaIndex>(index)].name == name)
                dispatcher.setUp(static_cast<ReplicaIndex>(index), false);
        }
    }
    std::uint32_t ordinal = 0;
    for (std::string line; std::getline(std::cin, line);) {
        http::RequestHead request;
        if (line != "-")
            request.fields.add("Cookie", line);
        const Recall recall = dispatcher.recall(request, {});
        const Decision decision =
            dispatcher.place(recall, Draw(1, 0, ordinal++, 0, Purpose::balancerChoice));
        http::ResponseHead response;
        if (decision.replica != noReplica) {
            dispatcher.remember(recall, decision.replica, Origin::replica, response, {});
            dispatcher.released({decision.replica});
        }
        const bool kept = recall.bound && recall.names == decision.replica;
        std::string set = "-";
        if (const std::string* field = response.fields.find("Set-Cookie")) {
            set = *field;
            const auto begin = set.find('=') + 1;
            set.replace(begin, set.find(';') - begin, "*");
        }
        const std::string name =
            decision.replica == noReplica ? "-" : call.replicas[decision.replica].name;
        const std::string* cache = response.fields.find("Cache-Control");
        std::cout << (decision.status == 0 ? 200 : decision.status) << '\t'
                  << (kept ? "kept" : "picked") << '\t' << set << '\t' << (cache ? *cache : "-")
                  << '\t' << name << std::endl;
    }
    return 0;
}
