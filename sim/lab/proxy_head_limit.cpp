// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Heads that the balancer's product does not take.
#include "sim/lab/proxy_client.h"

#include <algorithm>

namespace stickyscope::lab {

namespace {

// As it came: a colon and a space, and two octets at each line's end.
std::size_t lengthOf(const http::Field& field)
{
    return field.name.size() + field.value.size() + 4;
}

std::size_t measured(const http::RequestHead& head, const HeadLimit& limit)
{
    std::size_t octets = 0;
    for (const http::Field& field : head.fields) {
        if (!limit.ofOneField)
            octets += lengthOf(field);
        else if (http::equalIgnoringCase(field.name, "Cookie"))
            octets = std::max(octets, lengthOf(field) - 2);
    }
    constexpr std::size_t around = std::string_view("  HTTP/1.1\r\n\r\n").size();
    return limit.ofOneField ? octets : octets + head.method.size() + head.target.size() + around;
}

} // namespace

bool ProxyClient::headTooLarge()
{
    const HeadLimit& limit = m_at->dispatcher().product().head;
    if (limit.octets == 0 || measured(m_x.head, limit) <= limit.octets)
        return false;
    m_x.record.rule = limit.rule;
    m_x.record.ledger = {}; // its cookie is not read, as in the model
    giveUp(limit.status, limit.rule->sentence);
    return true;
}

} // namespace stickyscope::lab
