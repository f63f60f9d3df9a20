// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/proxy_record.h"

namespace stickyscope::lab {

std::string reasonOf(const ProxyRecord& record)
{
    if (!record.rule)
        return record.why;
    std::string reason;
    for (const Rule* before : record.rulesBefore)
        reason.append(before->sentence).append(" Then: ");
    return reason.append(record.rule->sentence);
}

} // namespace stickyscope::lab
