// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/secrets.h"

#include "sim/http/head.h"
#include "sim/http/url.h"

#include <algorithm>
#include <array>
#include <optional>

namespace stickyscope::http {

namespace {

template <std::size_t Count>
bool isAmong(const std::array<std::string_view, Count>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

// The last word of "access_token", "X-Api-Key".
std::string lastWord(std::string_view name)
{
    const auto mark = name.find_last_of("_-.");
    return lowered(mark == std::string_view::npos ? name : name.substr(mark + 1));
}

using Hide = std::function<std::string(std::string_view)>;

std::string hiddenQuery(std::string_view text, const Hide& hide)
{
    std::string result;
    while (true) {
        // Some split at ';' too.
        const auto end = text.find_first_of("&;");
        const std::string_view part = text.substr(0, end);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || !isSecretParameter(part.substr(0, equals)))
            result += part;
        else
            result.append(part.substr(0, equals + 1)).append(hide(part.substr(equals + 1)));
        if (end == std::string_view::npos)
            return result;
        result += text[end];
        text.remove_prefix(end + 1);
    }
}

// Where an address's user and host begin: behind a scheme, behind "//", or at once, as people write
// "name:password@host:80". Nothing in what begins with its path or its query.
std::optional<std::size_t> authorityIn(std::string_view address)
{
    const auto first = address.find_first_of("/?#");
    const auto scheme = address.find("://");
    if (scheme != std::string_view::npos && first == scheme + 1)
        return scheme + 3;
    if (address.starts_with("//"))
        return 2;
    return first == 0 ? std::nullopt : std::optional<std::size_t>(0);
}

} // namespace

bool isSecretParameter(std::string_view name)
{
    static constexpr std::array<std::string_view, 8> words {
        "token", "key", "apikey", "password", "passwd", "secret", "sig", "signature"};
    return isAmong(words, lastWord(percentDecoded(name)));
}

bool isSecretHeader(std::string_view name)
{
    static constexpr std::array<std::string_view, 12> open {
        "accept",     "accept-encoding", "accept-language", "cache-control",
        "connection", "content-type",    "content-length",  "host",
        "origin",     "referer",         "upgrade",         "x-requested-with"};
    return !isAmong(open, lowered(name));
}

bool isAddressHeader(std::string_view name)
{
    return equalIgnoringCase(name, "Referer") || equalIgnoringCase(name, "Origin");
}

std::string hideSecrets(std::string_view address, const Hide& hide)
{
    std::string result;
    if (const auto authority = authorityIn(address)) {
        const std::size_t begin = *authority;
        const auto end = std::min(address.find_first_of("/?#", begin), address.size());
        const auto at = address.substr(0, end).rfind('@');
        const bool named = at != std::string_view::npos && at >= begin;
        result = address.substr(0, begin);
        if (named)
            result += hide(address.substr(begin, at - begin)) + "@";
        const std::size_t host = named ? at + 1 : begin;
        result += address.substr(host, end - host);
        address.remove_prefix(end);
    }
    const auto fragment = address.find('#');
    const std::string_view target = address.substr(0, fragment);
    const auto question = target.find('?');
    result += target.substr(0, question);
    if (question != std::string_view::npos)
        result += "?" + hiddenQuery(target.substr(question + 1), hide);
    // A fragment stays in the browser; it may hold a token.
    if (fragment != std::string_view::npos)
        result += "#" + hiddenQuery(address.substr(fragment + 1), hide);
    return result;
}

std::string withoutSecrets(std::string_view address)
{
    return hideSecrets(address,
                       [](std::string_view secret) { return secret.empty() ? "" : "***"; });
}

std::string wrongWithoutSecrets(std::string_view text)
{
    const auto at = text.rfind('@');
    if (at == std::string_view::npos)
        return withoutSecrets(text);
    const auto scheme = text.find("://");
    const std::size_t begin = scheme < at ? scheme + 3 : 0;
    return std::string(text.substr(0, begin)) + "***" + withoutSecrets(text.substr(at));
}

} // namespace stickyscope::http
