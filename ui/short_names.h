// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <cstddef>
#include <string>
#include <vector>

namespace stickyscope {

/// What the first `count` clients are called where there is little room: "client-2" is "c2",
/// "curl-2" beside it "cu2", and "curl", which is short, is "curl". No two are called alike, and
/// who comes later changes nobody's name.
QStringList shortNames(const std::vector<std::string>& names, std::size_t count);

} // namespace stickyscope
