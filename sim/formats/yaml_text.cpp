// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/yaml_text.h"

#include "sim/formats/yaml_node.h"
#include "sim/http/head.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

bool isLetter(unsigned char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

// Words that YAML 1.1 or 1.2 read as something else than text.
bool isReserved(std::string_view text)
{
    static constexpr std::array<std::string_view, 9> words {"true", "false", "yes", "no", "on",
                                                            "off",  "null",  "y",   "n"};
    return std::find(words.begin(), words.end(), http::lowered(text)) != words.end();
}

bool canBePlain(std::string_view text)
{
    if (text.empty() || isReserved(text) || text.ends_with(' '))
        return false;
    // Numbers and dates begin otherwise.
    if (!isLetter(static_cast<unsigned char>(text.front())) && text.front() != '/')
        return false;
    for (std::size_t place = 0; place < text.size(); ++place) {
        const auto octet = static_cast<unsigned char>(text[place]);
        const bool harmless = isLetter(octet) || (octet >= '0' && octet <= '9') || octet == ' '
            || octet == '.' || octet == '_' || octet == '/' || octet == '-'
            || (octet == ':' && text.substr(place + 1).starts_with('/'));
        if (!harmless)
            return false;
    }
    return true;
}

char32_t codePointAt(std::string_view text, std::size_t& length)
{
    const auto lead = static_cast<unsigned char>(text.front());
    length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t next = 1; next < length; ++next)
        point = (point << 6U) | (static_cast<unsigned char>(text[next]) & 0x3fU);
    return point;
}

// Controls, line ends, the byte order mark and non-characters: what YAML does not take as it is.
bool needsEscape(char32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029
        || point == 0xfeff || point == 0xfffe || point == 0xffff;
}

std::string escape(char32_t point)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text = point < 0x100 ? "\\x" : "\\u";
    for (int shift = point < 0x100 ? 4 : 12; shift >= 0; shift -= 4)
        text += digits[(point >> static_cast<unsigned>(shift)) & 0xfU];
    return text;
}

} // namespace

std::string yamlScalar(std::string_view text)
{
    if (canBePlain(text))
        return std::string(text);
    std::string cleaned(text);
    if (firstNotUtf8(text) != std::string_view::npos)
        std::replace_if(
            cleaned.begin(), cleaned.end(),
            [](char letter) { return static_cast<unsigned char>(letter) >= 0x80; }, '?');
    std::string body;
    bool escaped = false;
    for (std::size_t place = 0, length = 1; place < cleaned.size(); place += length) {
        const std::string_view rest = std::string_view(cleaned).substr(place);
        const char32_t point = codePointAt(rest, length);
        escaped = escaped || needsEscape(point);
        if (needsEscape(point))
            body += escape(point);
        else if (point == '"' || point == '\\')
            body += std::string("\\") + rest.front();
        else
            body += rest.substr(0, length);
    }
    // JSON within a text reads better between single quotes.
    if (!escaped && body.size() != cleaned.size() && cleaned.find('\'') == std::string::npos)
        return "'" + cleaned + "'";
    return "\"" + body + "\"";
}

} // namespace stickyscope
