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
    std::string stickyName; ///< the balancer's cookie; empty where nobody knows
};

/// The cookie by which the page tells one browser's jar from another's.
inline constexpr const char* visitorCookie = "stickyscope-visitor";

/// The colour of the replica with this number, as in the window: the palette of Okabe and Ito.
std::string colourOf(std::size_t replica);

/// Whether it is answered by the page: /stickyscope, and / of those who ask for HTML.
bool asksForPage(const ReplicaRequest& request);
/// The name of the jar that it came with; that of a jar which the page is about to name.
std::string visitorOf(const ReplicaRequest& request);

/// GET /stickyscope/state: {"hostname", "colour", "cookies": what reached the replica, without the
/// login's and the page's own, "sticky": the name of the sticky one among them, or "", "name": what
/// the balancer's is called, or "" where nobody knows}.
ReplicaAnswer stateAnswer(const ReplicaRequest& request, const ReplicaFace& face);
/// The page resources/replica_page.html, which names the jar where it has no name yet.
ReplicaAnswer pageAnswer(const ReplicaRequest& request, const ReplicaFace& face);

} // namespace stickyscope::lab
