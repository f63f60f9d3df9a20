// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stickyscope::cli {

/// What a verb ends with (docs: README, "The command line").
enum ExitStatus : int
{
    done = 0,
    notMet = 1, ///< an assertion fails, or nothing answered
    wrongUse = 2, ///< wrong use or bad input
    unsafe = 3, ///< refused for safety
};

/// One verb of the command line; a new one is a file here and a row in verbs.cpp.
struct Verb
{
    std::string_view name;
    std::string_view summary;
    int (*run)(int argc, char** argv); ///< argv[0] is the verb
};

std::span<const Verb> verbs();
const Verb* findVerb(std::string_view name);

int runScenario(int argc, char** argv);
int checkScenario(int argc, char** argv);
int probeTarget(int argc, char** argv);
int explainRequestVerb(int argc, char** argv);
int readCookie(int argc, char** argv);
int listProducts(int argc, char** argv);
int exportConfiguration(int argc, char** argv);
int importConfiguration(int argc, char** argv);
int manageBalancer(int argc, char** argv);
int runLab(int argc, char** argv);
int serveReplica(int argc, char** argv);
int serveBalancer(int argc, char** argv);

/// Of the two that are built.
enum class Program : std::uint8_t
{
    window, ///< stickyscope: the verbs, and without one the window
    cli, ///< stickyscope-cli: the verbs alone
};

/// Help for the whole program, all verbs listed.
std::string usage(Program program);

} // namespace stickyscope::cli
