// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/secret_mask.h"

#include "sim/formats/yaml_merge.h"
#include "sim/http/head.h"
#include "sim/http/secrets.h"
#include "sim/products/product.h"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdexcept>

namespace stickyscope::record {

namespace {

// The keys with which products hash what they put into cookies.
bool isKey(std::string_view setting)
{
    return setting == "secret" || setting == "dynamic-cookie-key" || setting == "hmac-key";
}

using http::lowered;

template <std::size_t Count>
bool isAmong(const std::array<std::string_view, Count>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool isCookieAttribute(std::string_view name)
{
    static constexpr std::array<std::string_view, 9> words {"expires",  "max-age",     "domain",
                                                            "path",     "secure",      "httponly",
                                                            "samesite", "partitioned", "priority"};
    return isAmong(words, lowered(name));
}

// Each part between separators, put together again.
template <typename Change>
std::string eachPart(std::string_view text, char separator, Change change)
{
    std::string result;
    while (true) {
        const auto end = text.find(separator);
        result += change(text.substr(0, end));
        if (end == std::string_view::npos)
            return result;
        result += separator;
        text.remove_prefix(end + 1);
    }
}

} // namespace

SecretMask::SecretMask(std::vector<std::string> stickyCookies, const Key& key)
    : m_stickyCookies(std::move(stickyCookies))
    , m_key(key)
{
}

SecretMask::Key SecretMask::randomKey()
{
    Key key {};
    if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
        throw std::runtime_error("no random numbers for the recording's key");
    return key;
}

std::string SecretMask::hash(std::string_view secret) const
{
    static constexpr std::string_view digits = "0123456789abcdef";
    if (secret.empty())
        return {};
    std::array<unsigned char, EVP_MAX_MD_SIZE> code {};
    unsigned size = 0;
    HMAC(EVP_sha256(), m_key.data(), static_cast<int>(m_key.size()),
         reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), code.data(), &size);
    std::string text;
    for (std::size_t octet = 0; octet < 4; ++octet) {
        text += digits[code.at(octet) >> 4U];
        text += digits[code.at(octet) & 0xfU];
    }
    return text;
}

std::string SecretMask::cookiePair(std::string_view pair) const
{
    const std::string_view inner = http::trimmed(pair);
    if (inner.empty())
        return std::string(pair);
    const std::string before(pair.substr(0, static_cast<std::size_t>(inner.data() - pair.data())));
    const auto equals = inner.find('=');
    if (equals == std::string_view::npos)
        return before + hash(inner);
    const std::string name(http::trimmed(inner.substr(0, equals)));
    if (std::find(m_stickyCookies.begin(), m_stickyCookies.end(), name) != m_stickyCookies.end())
        return std::string(pair);
    return before + name + "=" + hash(http::trimmed(inner.substr(equals + 1)));
}

std::string SecretMask::cookieField(std::string_view field) const
{
    return eachPart(field, ';', [this](std::string_view pair) { return cookiePair(pair); });
}

std::string SecretMask::setCookieField(std::string_view field) const
{
    const auto end = field.find(';');
    std::string result = cookiePair(field.substr(0, end));
    if (end == std::string_view::npos)
        return result;
    return result + ";" + eachPart(field.substr(end + 1), ';', [this](std::string_view part) {
               const auto name = http::trimmed(part.substr(0, part.find('=')));
               return isCookieAttribute(name) ? std::string(part) : cookiePair(part);
           });
}

std::string SecretMask::headerValue(std::string_view name, std::string_view value) const
{
    if (http::equalIgnoringCase(name, "Cookie"))
        return cookieField(value);
    if (http::isAddressHeader(name))
        return address(value);
    return http::isSecretHeader(name) ? hash(value) : std::string(value);
}

std::string SecretMask::address(std::string_view text) const
{
    return http::hideSecrets(text, [this](std::string_view secret) { return hash(secret); });
}

// What a lane changes may hold the same secrets as the rest of the file.
void SecretMask::maskNode(YamlNode& node) const
{
    for (YamlNode& item : node.children) {
        if (node.kind == YamlNode::Kind::sequence)
            maskNode(item);
    }
    if (node.kind != YamlNode::Kind::mapping)
        return;
    for (std::size_t entry = 0; entry < node.entries(); ++entry) {
        const std::string& key = node.key(entry).text;
        YamlNode& value = node.children[2 * entry + 1];
        if (key == "origin" || key == "path")
            value.text = address(value.text);
        else if (isKey(key))
            value.text = hash(value.text);
        else if (key == "headers")
            for (std::size_t header = 0; header < value.entries(); ++header)
                value.children[2 * header + 1].text =
                    headerValue(value.key(header).text, value.value(header).text);
        else
            maskNode(value);
    }
}

void SecretMask::maskKeys(Settings& settings) const
{
    Settings masked;
    for (const auto& [key, value] : settings) {
        const auto* text = std::get_if<std::string>(&value);
        masked.set(key, text && isKey(key) ? SettingValue(hash(*text)) : value);
    }
    settings = masked;
}

void SecretMask::maskKeys(BalancerSpec& balancer) const
{
    maskKeys(balancer.settings);
    if (balancer.sticky)
        maskKeys(balancer.sticky->settings);
}

void SecretMask::maskText(std::string& yaml) const
{
    auto node = yaml.empty() ? Outcome<YamlNode>::failure({}) : parseYaml(yaml);
    if (!node)
        return;
    maskNode(*node);
    yaml = flowText(*node);
}

Scenario SecretMask::scenario(Scenario scenario) const
{
    maskKeys(scenario.balancer);
    for (BalancerSpec& balancer : scenario.balancers)
        maskKeys(balancer);
    for (TimelineEntry& entry : scenario.timeline) {
        maskText(entry.with);
        entry.changed.reset();
    }
    for (LaneSpec& lane : scenario.lanes) {
        maskText(lane.with);
        lane.own.reset();
    }
    scenario.origin = address(scenario.origin);
    scenario.target = address(scenario.target);
    for (ClientSpec& client : scenario.clients) {
        client.path = address(client.path);
        for (auto& [name, value] : client.headers)
            value = headerValue(name, value);
    }
    return scenario;
}

std::vector<std::string> stickyCookiesOf(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const LaneSpec& lane : scenario.lanes) {
        const BalancerSpec balancer = balancerOf(scenario, lane);
        const Product& product = *findProduct(balancer.product);
        if (!balancer.sticky || !product.sticky)
            continue;
        const auto policy = product.sticky(balancer, {});
        if (!policy->cookieName().empty())
            names.emplace_back(policy->cookieName());
    }
    return names;
}

} // namespace stickyscope::record
