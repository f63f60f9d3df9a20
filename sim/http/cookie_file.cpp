// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie_file.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace stickyscope::http {

namespace {

constexpr std::string_view httpOnlyMark = "#HttpOnly_";

std::vector<std::string_view> fieldsOf(std::string_view line)
{
    std::vector<std::string_view> fields;
    for (std::size_t begin = 0; begin <= line.size();) {
        const auto tab = line.find('\t', begin);
        fields.push_back(line.substr(begin, tab - begin));
        begin = tab == std::string_view::npos ? line.size() + 1 : tab + 1;
    }
    return fields;
}

void readLine(std::string_view line, CookieJar& jar)
{
    while (line.ends_with('\r'))
        line.remove_suffix(1);
    const bool httpOnly = line.starts_with(httpOnlyMark);
    if (httpOnly)
        line.remove_prefix(httpOnlyMark.size());
    else if (line.starts_with('#'))
        return;
    const auto fields = fieldsOf(line);
    long long expires = 0;
    if (fields.size() != 7
        || std::from_chars(fields[4].data(), fields[4].data() + fields[4].size(), expires).ec
            != std::errc {})
        return;
    StoredCookie cookie {.name = std::string(fields[5]), .value = std::string(fields[6])};
    cookie.domain = fields[0].substr(std::min(fields[0].find_first_not_of('.'), fields[0].size()));
    if (cookie.domain.starts_with('#')) // it would be a comment
        return;
    cookie.path = fields[2];
    cookie.hostOnly = fields[1] != "TRUE";
    cookie.secure = fields[3] == "TRUE";
    cookie.httpOnly = httpOnly;
    // 0 is a session cookie.
    if (expires != 0)
        cookie.expires = WallSeconds(std::chrono::seconds(expires));
    jar.insert(std::move(cookie));
}

} // namespace

CookieJar readCookieFile(std::string_view text)
{
    CookieJar jar;
    while (!text.empty()) {
        const auto end = text.find('\n');
        readLine(text.substr(0, end), jar);
        text = end == std::string_view::npos ? std::string_view {} : text.substr(end + 1);
    }
    return jar;
}

std::string writeCookieFile(const CookieJar& jar)
{
    std::string text = "# Netscape HTTP Cookie File\n";
    for (const StoredCookie& cookie : jar.cookies()) {
        const auto expires = cookie.expires ? cookie.expires->time_since_epoch().count() : 0;
        text += std::string(cookie.httpOnly ? httpOnlyMark : "") + (cookie.hostOnly ? "" : ".")
            + cookie.domain + "\t" + (cookie.hostOnly ? "FALSE" : "TRUE") + "\t" + cookie.path
            + "\t" + (cookie.secure ? "TRUE" : "FALSE") + "\t" + std::to_string(expires) + "\t"
            + cookie.name + "\t" + cookie.value + "\n";
    }
    return text;
}

} // namespace stickyscope::http
