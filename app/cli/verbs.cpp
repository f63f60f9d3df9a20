// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/verbs.h"

#include <algorithm>
#include <array>

namespace stickyscope::cli {

namespace {

constexpr std::array<Verb, 12> table {{
    {"run", "Run a scenario without a window, and print what came out", runScenario},
    {"probe", "Ask a real service who answers, and whether its sticky cookies work", probeTarget},
    {"check", "Read a scenario and say whether it is right", checkScenario},
    {"explain", "Explain one request: what came in, which rule fired, what went out",
     explainRequestVerb},
    {"cookie", "Say whose a sticky cookie is, and what it holds", readCookie},
    {"products", "List the balancers that can be modelled", listProducts},
    {"export", "Write the configuration of a real balancer for a scenario", exportConfiguration},
    {"import", "Make a scenario of a compose file with Traefik's labels", importConfiguration},
    {"manage", "Run a real balancer with a scenario's configuration", manageBalancer},
    {"lab", "Start real servers, balancers and clients on this computer, and say where", runLab},
    {"replica", "Be one replica of a service", serveReplica},
    {"balance", "Be a load balancer in front of real servers", serveBalancer},
}};

}

std::span<const Verb> verbs()
{
    return table;
}

const Verb* findVerb(std::string_view name)
{
    const auto* found = std::find_if(table.begin(), table.end(),
                                     [name](const Verb& verb) { return verb.name == name; });
    return found == table.end() ? nullptr : found;
}

std::string usage(Program program)
{
    const std::string name = program == Program::window ? "stickyscope" : "stickyscope-cli";
    std::string text =
        "Stickyscope " STICKYSCOPE_VERSION ": who serves whom behind a load balancer, and why?\n\n";
    if (program == Program::window)
        text += "  stickyscope [FILE]          open the window\n";
    for (const Verb& verb : table) {
        std::string line = "  " + name + " " + std::string(verb.name) + " ...";
        line.resize(name.size() + 19, ' ');
        text += line + std::string(verb.summary) + "\n";
    }
    return text + "\n\"" + name + " VERB --help\" says more.\n";
}

} // namespace stickyscope::cli
