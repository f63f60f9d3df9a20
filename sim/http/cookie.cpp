// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/http/cookie.h"

#include "sim/http/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace stickyscope::http {

namespace {

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

// RFC 6265bis 5.6, step 1: %x00-08 / %x0A-1F / %x7F end the matter.
bool hasControl(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](unsigned char letter) {
        return (letter < 0x20 && letter != '\t') || letter == 0x7f;
    });
}

std::optional<std::chrono::seconds> parseMaxAge(std::string_view value)
{
    const std::string_view digits = value.substr(value.starts_with('-') ? 1 : 0);
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), isDigit))
        return std::nullopt;
    if (value.front() == '-')
        return std::chrono::seconds(0);
    // RFC 6265bis 5.6.2: no cookie lives longer than 400 days.
    constexpr long long most = 400LL * 24 * 3600;
    long long seconds = most;
    std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    return std::chrono::seconds(std::min(seconds, most));
}

SameSite parseSameSite(std::string_view value)
{
    if (equalIgnoringCase(value, "none"))
        return SameSite::none;
    if (equalIgnoringCase(value, "lax"))
        return SameSite::lax;
    return equalIgnoringCase(value, "strict") ? SameSite::strict : SameSite::unset;
}

void readAttribute(std::string_view name, std::string_view value, SetCookie& cookie)
{
    if (equalIgnoringCase(name, "expires"))
        cookie.expires = parseCookieDate(value);
    else if (equalIgnoringCase(name, "max-age"))
        cookie.maxAge = parseMaxAge(value);
    else if (equalIgnoringCase(name, "domain"))
        cookie.domain = lowered(value.substr(value.starts_with('.') ? 1 : 0));
    else if (equalIgnoringCase(name, "path"))
        cookie.path = value.starts_with('/') ? std::string(value) : std::string {};
    else if (equalIgnoringCase(name, "secure"))
        cookie.secure = true;
    else if (equalIgnoringCase(name, "httponly"))
        cookie.httpOnly = true;
    else if (equalIgnoringCase(name, "partitioned"))
        cookie.partitioned = true;
    else if (equalIgnoringCase(name, "samesite"))
        cookie.sameSite = parseSameSite(value);
}

struct Pair
{
    std::string_view name;
    std::string_view value;
    bool hasEquals = false;
};

Pair split(std::string_view text)
{
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return {trimmed(text), {}, false};
    return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1)), true};
}

// The parts that a cookie date is made of (RFC 6265 5.1.1), each found at most once.
struct DateParts
{
    std::optional<std::array<int, 3>> time;
    std::optional<int> day;
    std::optional<int> month;
    std::optional<int> year;
};

bool isDateDelimiter(unsigned char letter)
{
    return letter == 0x09 || (letter >= 0x20 && letter <= 0x2f)
        || (letter >= 0x3b && letter <= 0x40) || (letter >= 0x5b && letter <= 0x60)
        || (letter >= 0x7b && letter <= 0x7e);
}

// Takes `least` to `most` digits off the front; what follows must not be a digit.
std::optional<int> takeNumber(std::string_view& text, std::size_t least, std::size_t most)
{
    std::size_t digits = 0;
    while (digits < text.size() && isDigit(text[digits]))
        ++digits;
    if (digits < least || digits > most)
        return std::nullopt;
    int number = 0;
    std::from_chars(text.data(), text.data() + digits, number);
    text.remove_prefix(digits);
    return number;
}

std::optional<std::array<int, 3>> readTime(std::string_view token)
{
    std::array<int, 3> time {};
    for (std::size_t part = 0; part < time.size(); ++part) {
        if (part > 0) {
            if (!token.starts_with(':'))
                return std::nullopt;
            token.remove_prefix(1);
        }
        const auto number = takeNumber(token, 1, 2);
        if (!number)
            return std::nullopt;
        time.at(part) = *number;
    }
    return time;
}

std::optional<int> readMonth(std::string_view token)
{
    static constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
    if (token.size() < 3)
        return std::nullopt;
    const auto place = names.find(lowered(token.substr(0, 3)));
    if (place == std::string_view::npos || place % 3 != 0)
        return std::nullopt;
    return static_cast<int>(place / 3) + 1;
}

void readDateToken(std::string_view token, DateParts& parts)
{
    if (!parts.time && (parts.time = readTime(token)))
        return;
    if (std::string_view rest = token; !parts.day && (parts.day = takeNumber(rest, 1, 2)))
        return;
    if (!parts.month && (parts.month = readMonth(token)))
        return;
    if (std::string_view rest = token; !parts.year)
        parts.year = takeNumber(rest, 2, 4);
}

} // namespace

std::optional<WallSeconds> parseCookieDate(std::string_view text)
{
    DateParts parts;
    for (std::size_t begin = 0; begin < text.size();) {
        std::size_t end = begin;
        while (end < text.size() && !isDateDelimiter(static_cast<unsigned char>(text[end])))
            ++end;
        if (end > begin)
            readDateToken(text.substr(begin, end - begin), parts);
        begin = end + 1;
    }
    if (!parts.time || !parts.day || !parts.month || !parts.year)
        return std::nullopt;
    int year = *parts.year;
    if (year >= 70 && year <= 99)
        year += 1900;
    else if (year < 70)
        year += 2000;
    const auto [hour, minute, second] = *parts.time;
    const std::chrono::year_month_day date {std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(*parts.month)),
                                            std::chrono::day(static_cast<unsigned>(*parts.day))};
    if (year < 1601 || !date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return WallSeconds(std::chrono::sys_days(date)) + std::chrono::hours(hour)
        + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

std::string httpDate(WallSeconds when)
{
    static constexpr std::array<const char*, 7> weekdays {"Sun", "Mon", "Tue", "Wed",
                                                          "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto days = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(days);
    const std::chrono::hh_mm_ss time(when - days);
    std::array<char, 64> text {};
    const int length = std::snprintf(
        text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
        weekdays.at(std::chrono::weekday(days).c_encoding()), static_cast<unsigned>(date.day()),
        months.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<SetCookie> parseSetCookie(std::string_view field)
{
    if (hasControl(field))
        return std::nullopt;
    const auto first = field.find(';');
    const Pair pair = split(field.substr(0, first));
    SetCookie cookie;
    // RFC 6265bis 5.6, step 3: without '=', all of it is the value of a nameless cookie.
    cookie.name = pair.hasEquals ? pair.name : std::string_view {};
    cookie.value = pair.hasEquals ? pair.value : pair.name;
    if (cookie.name.empty() && cookie.value.empty())
        return std::nullopt;
    std::string_view rest =
        first == std::string_view::npos ? std::string_view {} : field.substr(first);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto end = rest.find(';');
        const Pair attribute = split(rest.substr(0, end));
        // RFC 6265bis 5.6, step 6: an attribute's value longer than 1024 octets is ignored.
        if (attribute.value.size() <= 1024)
            readAttribute(attribute.name, attribute.value, cookie);
        rest = end == std::string_view::npos ? std::string_view {} : rest.substr(end);
    }
    return cookie;
}

std::vector<CookiePair> parseCookieField(std::string_view field)
{
    std::vector<CookiePair> pairs;
    while (!field.empty()) {
        const auto end = field.find(';');
        const Pair pair = split(field.substr(0, end));
        if (pair.hasEquals)
            pairs.push_back({pair.name, pair.value});
        field = end == std::string_view::npos ? std::string_view {} : field.substr(end + 1);
    }
    return pairs;
}

std::optional<std::string_view> cookieValue(const Fields& fields, std::string_view name)
{
    for (const std::string_view field : fields.all("Cookie")) {
        for (const CookiePair& pair : parseCookieField(field)) {
            if (pair.name == name)
                return pair.value;
        }
    }
    return std::nullopt;
}

} // namespace stickyscope::http
