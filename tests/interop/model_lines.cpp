// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/model_lines.h"

#include "sim/formats/scenario_yaml.h"
#include "sim/formats/text_file.h"

#include <iostream>

namespace stickyscope::interop {

using nlohmann::json;

ReplicaSet serversOf(const Scenario& scenario)
{
    ReplicaSet set;
    for (const ReplicaSpec& replica : scenario.replicas)
        set.add(viewOf(replica, replica.address));
    return set;
}

ReplicaIndex serverNamed(const ReplicaSet& servers, const std::string& name)
{
    for (std::size_t index = 0; index < servers.size(); ++index) {
        if (servers[static_cast<ReplicaIndex>(index)].name == name)
            return static_cast<ReplicaIndex>(index);
    }
    throw std::runtime_error("no replica " + name);
}

void check(Dispatcher& dispatcher, ReplicaIndex replica, bool good, Instant now)
{
    constexpr int most = 10;
    for (int count = 0; count < most; ++count)
        dispatcher.checked(replica, good, now);
}

int playLines(int argc, char** argv, const std::function<Answering(const Scenario&)>& begin)
{
    const auto text =
        argc == 2 ? readTextFile(argv[1], argv[1]) : Outcome<std::string>::failure("no file");
    const auto scenario =
        text ? readScenario(*text, argv[1]) : Outcome<Scenario>::failure(text.error());
    if (!scenario) {
        std::cerr << scenario.error() << '\n';
        return 2;
    }
    const Answering answer = begin(*scenario);
    for (std::string line; std::getline(std::cin, line);) {
        if (const json said = answer(json::parse(line)); !said.is_null())
            std::cout << said.dump() << std::endl;
    }
    return 0;
}

} // namespace stickyscope::interop
