// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_record.h"

#include <map>
#include <string>

namespace stickyscope::lab {

/// What balancers behind others have decided, until the one in front tells of the same request: by
/// its X-Request-Id, which goes with it all the way.
class InnerRecords
{
public:
    void keep(ProxyRecord record);
    /// What is told of the whole way is joined: who answered and why, and all that decided.
    void joinTo(ProxyRecord& inFront);

private:
    std::map<std::string, ProxyRecord> m_kept;
};

} // namespace stickyscope::lab
