// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/replica_message.h"

#include <string>

namespace stickyscope::lab {

/// What a browser is shown of a replica.
struct ReplicaFace
{
    std::string hostname;
    std::string colour; ///< "#0072b2"
};

/// GET /stickyscope/state: {"hostname", "colour", "cookies": what the browser sent, without the
/// login's}.
ReplicaAnswer stateAnswer(const ReplicaRequest& request, const ReplicaFace& face);
/// GET /stickyscope, and / for those who ask for HTML: the page resources/replica_page.html.
ReplicaAnswer pageAnswer(const ReplicaRequest& request, const ReplicaFace& face);

} // namespace stickyscope::lab
