// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/products/product.h"

#include <memory>
#include <span>
#include <string>

// Scenarios for properties, drawn by rapidcheck: to be called from within one. Numbers are small
// and times short, so that a run ends soon and much happens in it.
namespace stickyscope::test {

int whole(int least, int most);
bool perhaps();
std::chrono::milliseconds milliseconds(int least, int most);

/// Some of these settings, each with any value that it may have.
Settings anySettings(std::span<const Setting> known);
/// A group of any kind that sends in any way.
ClientSpec anyClients(const std::string& name);
/// Any product with any of its settings; any clients; replicas that fail, join and leave. It is
/// one that a file may hold.
std::shared_ptr<Scenario> anyScenario();

} // namespace stickyscope::test
