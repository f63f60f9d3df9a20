// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/lab_options.h"

namespace stickyscope::cli {

void addLabOptions(CLI::App& app, LabOptions& options)
{
    app.add_flag("--real-balancer", options.real,
                 "The product's own program balances, not ours: HAProxy, nginx, Traefik, Envoy, "
                 "Caddy or Apache, found on the PATH");
    app.add_option("--program", options.path, "Where that program is; means --real-balancer");
}

} // namespace stickyscope::cli
