// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/safe_text.h"

#include "sim/formats/yaml_node.h"
#include "sim/formats/yaml_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>

namespace stickyscope {

namespace {

bool isControl(unsigned char letter)
{
    return letter < 0x20 || letter == 0x7f;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why)
{
    throw ExportError {"'" + inComment(text).substr(0, 80) + "' " + why};
}

void refuseControls(std::string_view text)
{
    if (std::any_of(text.begin(), text.end(), isControl)
        || firstNotUtf8(text) != std::string_view::npos)
        refuse(text, "has control characters, or is not UTF-8: it cannot stand in a configuration");
}

std::string escaped(std::string_view text, std::string_view special)
{
    refuseControls(text);
    std::string result;
    for (const char letter : text) {
        if (special.find(letter) != std::string_view::npos)
            result += '\\';
        result += letter;
    }
    return result;
}

bool isPlainLetter(unsigned char letter)
{
    return letter < 0x80
        && (std::isalnum(letter) != 0 || letter == '.' || letter == '_' || letter == '-');
}

bool isPlain(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isPlainLetter);
}

// Line ends of YAML 1.1 (next line, line and paragraph separator), and what turns the direction of
// writing.
constexpr std::array<std::uint16_t, 12> hiddenMarks {
    0x0085, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069};

std::string inUtf8(std::uint16_t mark)
{
    const auto tail = [](int bits) { return static_cast<char>(0x80 | (bits & 0x3f)); };
    if (mark < 0x800)
        return {static_cast<char>(0xc0 | (mark >> 6)), tail(mark)};
    return {static_cast<char>(0xe0 | (mark >> 12)), tail(mark >> 6), tail(mark)};
}

} // namespace

std::string plainName(std::string_view text)
{
    if (!isPlain(text) || text.front() == '-')
        refuse(text, "cannot be a name in a configuration: letters, digits, '.', '_' and '-'");
    return std::string(text);
}

std::string plainAddress(std::string_view text)
{
    const auto colon = text.rfind(':');
    const std::string_view host = text.substr(0, colon);
    const std::string_view port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
    const bool numeric = !port.empty() && port.size() <= 5
        && std::all_of(port.begin(), port.end(),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
    const bool six = host.size() > 2 && host.front() == '[' && host.back() == ']'
        && host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1;
    if (!numeric || (!six && !isPlain(host)))
        refuse(text, "is no server's address such as 10.0.0.3:8000");
    return std::string(text);
}

std::string plainPath(std::string_view text)
{
    const bool plain =
        text.starts_with('/') && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
            return letter == '/' || letter == '~' || isPlainLetter(letter);
        });
    if (!plain)
        refuse(text, "is no path that checks can ask for: / first, then letters, digits and /._~-");
    return std::string(text);
}

std::string inComment(std::string_view text)
{
    std::string result(text);
    const bool utf8 = firstNotUtf8(text) == std::string_view::npos;
    std::replace_if(
        result.begin(), result.end(),
        [utf8](unsigned char letter) { return isControl(letter) || (!utf8 && letter >= 0x80); },
        ' ');
    for (const std::uint16_t mark : hiddenMarks) {
        const std::string hidden = inUtf8(mark);
        for (auto at = result.find(hidden); at != std::string::npos; at = result.find(hidden, at))
            result.replace(at, hidden.size(), " ");
    }
    for (auto at = result.find("{{"); at != std::string::npos; at = result.find("{{", at))
        result.insert(at + 1, " ");
    return result;
}

std::string haproxyQuoted(std::string_view text)
{
    return '"' + escaped(text, "\\\"$") + '"';
}

std::string nginxQuoted(std::string_view text)
{
    if (text.find('$') != std::string_view::npos)
        refuse(text, "has a $, which nginx would take for a variable");
    return nginxRegex(text);
}

std::string regexLiteral(std::string_view text)
{
    return escaped(text, R"(\^$.|?*+()[]{}#-)");
}

std::string nginxRegex(std::string_view expression)
{
    return '"' + escaped(expression, "\\\"") + '"';
}

std::string caddyQuoted(std::string_view text)
{
    refuseControls(text);
    if (text.find_first_of("{}") != std::string_view::npos)
        refuse(text, "has braces, which Caddy would take for a placeholder");
    if (text.find_first_of("\\\"") == std::string_view::npos)
        return '"' + std::string(text) + '"';
    if (text.find('`') != std::string_view::npos)
        refuse(text, "has both backticks and quotes or backslashes: no Caddyfile can hold it");
    return '`' + std::string(text) + '`';
}

std::string apacheText(std::string_view text)
{
    if (text.find("${") != std::string_view::npos)
        refuse(text, "has ${, which Apache would take for a variable");
    return escaped(text, "\\\"");
}

std::string apacheHeaderText(std::string_view text)
{
    std::string doubled;
    for (const char letter : apacheText(text))
        doubled.append(letter == '%' ? 2 : 1, letter);
    return doubled;
}

std::string composeScalar(std::string_view text)
{
    std::string doubled;
    for (const char letter : text)
        doubled.append(letter == '$' ? 2 : 1, letter);
    return yamlText(doubled);
}

std::string yamlText(std::string_view text)
{
    refuseControls(text);
    return yamlScalar(text);
}

std::string traefikScalar(std::string_view text)
{
    if (text.find("{{") != std::string_view::npos)
        refuse(text, "has {{, which Traefik would take for a template");
    return yamlText(text);
}

std::string goQuoted(std::string_view text)
{
    return '"' + escaped(text, "\\\"") + '"';
}

std::string kubernetesName(std::string_view text)
{
    std::string name;
    for (const unsigned char letter : plainName(text)) {
        const bool kept = std::isalnum(letter) != 0;
        name += kept ? static_cast<char>(std::tolower(letter)) : '-';
    }
    name.resize(std::min<std::size_t>(name.size(), 63));
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    if (name.empty() || std::isalpha(static_cast<unsigned char>(name.front())) == 0)
        refuse(text, "cannot be a name in Kubernetes: letters, digits and hyphens, a letter first");
    return name;
}

} // namespace stickyscope
