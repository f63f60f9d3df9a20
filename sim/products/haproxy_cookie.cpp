// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/haproxy_cookie.h"

#include "sim/products/digests.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace stickyscope {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t stampLength = 5;

bool isBlank(char letter)
{
    return letter == ' ' || letter == '\t';
}

std::string_view takeBlanks(std::string_view& text)
{
    std::size_t count = 0;
    while (count < text.size() && isBlank(text[count]))
        ++count;
    const std::string_view blanks = text.substr(0, count);
    text.remove_prefix(count);
    return blanks;
}

std::string_view takeBlanksBehind(std::string_view& text)
{
    std::size_t end = text.size();
    while (end > 0 && isBlank(text[end - 1]))
        --end;
    const std::string_view blanks = text.substr(end);
    text = text.substr(0, end);
    return blanks;
}

// Up to ';' or ',', but not within quotes, where a backslash takes the next octet with it.
std::size_t valueEnd(std::string_view text)
{
    bool quoted = false;
    for (std::size_t place = 0; place < text.size(); ++place) {
        const char letter = text[place];
        if (quoted && letter == '\\')
            ++place;
        else if (letter == '"')
            quoted = !quoted;
        else if (!quoted && (letter == ';' || letter == ','))
            return place;
    }
    return text.size();
}

HaproxyCookiePart takePart(std::string_view& rest)
{
    HaproxyCookiePart part;
    part.lead = takeBlanks(rest);
    const auto end = std::min(rest.find_first_of("=,;"), rest.size());
    part.name = rest.substr(0, end);
    takeBlanksBehind(part.name);
    rest.remove_prefix(end);
    if (rest.empty() || rest.front() != '=')
        return part;
    rest.remove_prefix(1);
    takeBlanks(rest);
    part.hasValue = true;
    part.value = rest.substr(0, valueEnd(rest));
    rest.remove_prefix(part.value.size());
    part.trail = takeBlanksBehind(part.value);
    return part;
}

std::string textOf(const HaproxyCookiePart& part, std::string_view value)
{
    std::string text(part.name);
    if (part.hasValue)
        text.append("=").append(value).append(part.trail);
    return text;
}

void append(std::string& field, const HaproxyCookiePart& part, std::string_view value)
{
    if (part.delimiter != 0)
        field += part.delimiter;
    field.append(part.lead).append(textOf(part, value));
}

} // namespace

std::uint64_t haproxyQuarter(WallSeconds moment)
{
    return static_cast<std::uint64_t>(moment.time_since_epoch().count() + 3) >> 2U;
}

std::string haproxyStamp(WallSeconds moment)
{
    std::uint64_t quarter = haproxyQuarter(moment);
    std::string text(stampLength, 'A');
    for (std::size_t place = stampLength; place-- > 0; quarter >>= 6U)
        text[place] = digits[quarter & 63U];
    return text;
}

std::optional<WallSeconds> readHaproxyStamp(std::string_view text)
{
    if (text.size() < stampLength)
        return std::nullopt;
    std::int64_t quarter = 0;
    for (const char letter : text.substr(0, stampLength)) {
        const auto digit = digits.find(letter);
        if (digit == std::string_view::npos)
            return std::nullopt;
        quarter = quarter * 64 + static_cast<std::int64_t>(digit);
    }
    if (quarter == 0)
        return std::nullopt;
    return WallSeconds(std::chrono::seconds(quarter * 4));
}

std::string haproxyDynamicValue(std::string_view key, std::string_view address)
{
    const auto colon = address.rfind(':');
    if (colon == std::string_view::npos)
        return {};
    std::string host(address.substr(0, colon));
    if (host.size() > 2 && host.front() == '[')
        host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const std::string_view number = address.substr(colon + 1);
    std::from_chars(number.data(), number.data() + number.size(), port);

    std::string hashed(key);
    std::array<char, 16> binary {};
    if (inet_pton(AF_INET, host.c_str(), binary.data()) == 1)
        hashed.append(binary.data(), 4);
    else if (inet_pton(AF_INET6, host.c_str(), binary.data()) == 1)
        hashed.append(binary.data(), 16);
    else
        return {};
    hashed.append({'\0', '\0', static_cast<char>(port >> 8U), static_cast<char>(port & 0xffU)});
    return hexOf(xxHash64(hashed), 16);
}

std::vector<HaproxyCookiePart> haproxyCookieParts(std::string_view field)
{
    std::vector<HaproxyCookiePart> parts {takePart(field)};
    while (!field.empty()) {
        const char delimiter = field.front();
        field.remove_prefix(1);
        parts.push_back(takePart(field));
        parts.back().delimiter = delimiter;
    }
    return parts;
}

std::string withoutHaproxyCookie(std::string_view field, std::string_view name)
{
    std::string kept;
    bool removing = false;
    bool worthKeeping = false;
    for (const HaproxyCookiePart& part : haproxyCookieParts(field)) {
        if (part.is(name)) {
            removing = true;
            continue;
        }
        // What belongs to a removed cookie goes with it.
        if (part.isAttribute() && removing)
            continue;
        worthKeeping = worthKeeping || !part.isAttribute();
        if (!removing) {
            append(kept, part, part.value);
            continue;
        }
        removing = false;
        while (!kept.empty() && isBlank(kept.back()))
            kept.pop_back();
        if (!kept.empty())
            kept.append(1, part.delimiter).append(" ");
        kept += textOf(part, part.value);
    }
    return worthKeeping ? kept : std::string();
}

std::string withoutHaproxyPrefix(std::string_view field, std::string_view name)
{
    std::string edited;
    for (const HaproxyCookiePart& part : haproxyCookieParts(field)) {
        const auto tilde = part.is(name) ? part.value.find('~') : std::string_view::npos;
        append(edited, part, part.value.substr(tilde == std::string_view::npos ? 0 : tilde + 1));
    }
    return edited;
}

std::string tidiedHaproxyCookies(std::string_view field)
{
    // The sticky cookie alone, as most clients send it: nothing to tidy.
    if (!std::any_of(field.begin(), field.end(), isBlank))
        return std::string(field);
    std::string edited;
    for (const HaproxyCookiePart& part : haproxyCookieParts(field))
        append(edited, part, part.value);
    return edited;
}

} // namespace stickyscope
