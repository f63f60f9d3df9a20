// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/scenario.h"

#include <map>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// A cache in front of the balancer, as far as cookies go: it takes Set-Cookie out of every answer,
/// or keeps that of each page's first answer which is not private (RFC 9111 5.2.2.7), and hands it
/// to all who come without a cookie. Requests go on to the balancer all the same, as the model's.
class CacheInFront
{
public:
    explicit CacheInFront(CacheCookies cookies)
        : m_cookies(cookies)
    {
    }

    /// The answer on its way to the client. `secure`: they speak TLS.
    void pass(const http::RequestHead& request, bool secure, http::ResponseHead& response);

private:
    CacheCookies m_cookies;
    std::map<std::string, std::vector<std::string>> m_kept; ///< by page
};

} // namespace stickyscope::lab
