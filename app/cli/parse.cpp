// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/parse.h"

#include "app/cli/console.h"
#include "app/cli/verbs.h"

namespace stickyscope::cli {

std::optional<int> parse(CLI::App& app, int argc, char** argv)
{
    try {
        app.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::CallForHelp&) {
        print(app.help());
        return done;
    } catch (const CLI::ParseError& error) {
        complain(std::string(error.what()) + " (" + app.get_name() + " --help says more)");
        return wrongUse;
    }
}

} // namespace stickyscope::cli
