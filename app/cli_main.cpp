// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// The command line alone, for servers and containers: no window, no Qt Widgets.
#include "app/cli/console.h"
#include "app/cli/verbs.h"
#include "sim/lab/managed/private_folder.h"

int main(int argc, char** argv)
{
    using namespace stickyscope::cli;
    // What one before it has left that was killed.
    stickyscope::lab::PrivateFolder::sweep();
    const std::string_view first = argc > 1 ? argv[1] : "";
    if (const Verb* verb = findVerb(first))
        return finish(verb->run(argc - 1, argv + 1));
    const bool help = argc < 2 || first == "--help" || first == "-h";
    if (help) {
        print(usage(Program::cli));
        return argc < 2 ? wrongUse : done;
    }
    if (first == "--version") {
        print("stickyscope " STICKYSCOPE_VERSION "\n");
        return done;
    }
    complain("unknown verb '" + std::string(first) + "'; --help lists them");
    return wrongUse;
}
