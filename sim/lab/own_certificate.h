// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <string>
#include <vector>

namespace stickyscope::lab {

/// A certificate that vouches for itself, and its key, as PEM. Made anew for each lab, in memory
/// alone: whoever trusts it trusts this one lab, and nothing of it is left afterwards.
struct OwnCertificate
{
    std::string certificate;
    std::string key;

    /// For these names and addresses (RFC 5280 4.2.1.6), for a year from yesterday on. EC P-256,
    /// signed by itself.
    static Outcome<OwnCertificate> make(const std::vector<std::string>& hosts);
};

} // namespace stickyscope::lab
