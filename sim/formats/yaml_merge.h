// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_node.h"

#include <string>

namespace stickyscope {

/// `base` with `change` laid over it: mappings key by key, lists whose entries have names entry by
/// entry, anything else as a whole. Names that `base` does not have become entries of their own.
YamlNode merged(const YamlNode& base, const YamlNode& change);

/// The node on one line, as any reader understands it.
std::string flowText(const YamlNode& node);

} // namespace stickyscope
