// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/field_list.h"

#include <algorithm>

namespace stickyscope::http {

std::string_view takeOption(std::string_view& list)
{
    const auto comma = std::min(list.find(','), list.size());
    const std::string_view option = trimmed(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    return option;
}

bool lists(const Fields& fields, std::string_view name, std::string_view option)
{
    for (std::string_view left : fields.all(name)) {
        while (!left.empty()) {
            if (equalIgnoringCase(takeOption(left), option))
                return true;
        }
    }
    return false;
}

} // namespace stickyscope::http
