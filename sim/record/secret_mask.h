// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/formats/yaml_node.h"
#include "sim/model/scenario.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::record {

/// Puts a hash in the place of each secret before it is stored: the first eight hexadecimal digits
/// of its HMAC-SHA-256, with a key that is drawn for one recording and kept nowhere. Equal secrets
/// stay equal within the recording, and cannot be found out by trying.
class SecretMask
{
public:
    using Key = std::array<unsigned char, 32>;

    /// `stickyCookies` are the names of the cookies whose values are no secrets.
    explicit SecretMask(std::vector<std::string> stickyCookies, const Key& key = randomKey());

    std::string hash(std::string_view secret) const;

    /// "sid=secret; ws-session=abc": the values of all but the sticky cookies.
    std::string cookieField(std::string_view field) const;
    /// "sid=secret; Path=/": likewise; attributes stay.
    std::string setCookieField(std::string_view field) const;
    /// http::isSecretHeader(); of a Cookie field the cookies' values, of an address its secrets.
    std::string headerValue(std::string_view name, std::string_view value) const;
    /// http::hideSecrets().
    std::string address(std::string_view text) const;
    /// All of these, and the keys of cookies, wherever a scenario holds them: as a text that can be
    /// read and run.
    Scenario scenario(Scenario scenario) const;

private:
    static Key randomKey();
    void maskNode(YamlNode& node) const;
    void maskKeys(Settings& settings) const;
    void maskKeys(BalancerSpec& balancer) const;
    void maskText(std::string& yaml) const;
    std::string cookiePair(std::string_view pair) const;

    std::vector<std::string> m_stickyCookies;
    Key m_key;
};

/// The names of the sticky cookies that the balancers of a scenario's lanes set.
std::vector<std::string> stickyCookiesOf(const Scenario& scenario);

} // namespace stickyscope::record
