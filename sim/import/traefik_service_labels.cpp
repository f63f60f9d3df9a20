// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/traefik_service_labels.h"

#include "sim/formats/time_text.h"
#include "sim/import/go_duration.h"
#include "sim/products/cookie_text.h"
#include "sim/products/product.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace stickyscope {

bool readFlag(const std::string& text)
{
    static constexpr std::array<std::string_view, 6> yes {"1", "t", "T", "true", "TRUE", "True"};
    static constexpr std::array<std::string_view, 6> no {"0", "f", "F", "false", "FALSE", "False"};
    if (std::find(yes.begin(), yes.end(), text) != yes.end())
        return true;
    if (std::find(no.begin(), no.end(), text) == no.end())
        throw BadValue {"true or false"};
    return false;
}

namespace {

constexpr int largestWeight = 1000; // of a scenario

// In decimal digits.
std::int64_t readWhole(const std::string& text, std::int64_t least, std::int64_t most)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < least || number > most)
        throw BadValue {std::to_string(least) + " to " + std::to_string(most)};
    return number;
}

Duration readDuration(const std::string& text, Duration least, Duration most)
{
    const auto time = readGoDuration(text);
    if (!time || *time < least || *time > most)
        throw BadValue {"a time such as 10s, " + writeTime(least) + " to " + writeTime(most)};
    return *time;
}

} // namespace

void readSetting(Settings& settings, std::string_view key, const std::string& text)
{
    const Setting& setting = *findSetting(traefik.settings, key);
    const auto least = static_cast<std::int64_t>(setting.least);
    const auto most = static_cast<std::int64_t>(setting.most);
    if (setting.type == Setting::Type::time)
        settings.set(key,
                     readDuration(text, std::chrono::seconds(least), std::chrono::seconds(most)));
    else
        settings.set(key, readWhole(text, least, most));
}

namespace {

StickySpec& cookieOf(TraefikService& service)
{
    if (!service.balancer.sticky)
        service.balancer.sticky.emplace();
    return *service.balancer.sticky;
}

void readCookieName(TraefikService& service, const std::string& text)
{
    // Traefik makes a cookie's name of any text.
    const bool line = !text.empty() && text.size() <= 200
        && std::none_of(text.begin(), text.end(),
                        [](unsigned char letter) { return letter < 0x20 || letter == 0x7f; });
    if (!line)
        throw BadValue {"one line of text, 1 to 200 bytes long"};
    cookieOf(service).cookie = text;
}

void readCookiePath(TraefikService& service, const std::string& text)
{
    if (!text.starts_with('/') || text.find(';') != std::string::npos || text.size() > 1000)
        throw BadValue {"a path that begins with / and has no semicolon"};
    cookieOf(service).path = text;
}

void readCookieDomain(TraefikService& service, const std::string& text)
{
    const bool name = !text.empty() && text.size() <= 63
        && std::all_of(text.begin(), text.end(), [](unsigned char letter) {
               return letter < 0x80
                   && (std::isalnum(letter) != 0 || letter == '.' || letter == '-'
                       || letter == '_');
           });
    if (!name)
        throw BadValue {"a domain of letters, digits, '.', '_' and '-', at most 63"};
    cookieOf(service).domain = text;
}

void readSameSite(TraefikService& service, const std::string& text)
{
    cookieOf(service).sameSite = sameSiteOfAnyText(text);
}

void readMaxAge(TraefikService& service, const std::string& text)
{
    constexpr auto most = std::chrono::duration_cast<std::chrono::seconds>(longestTime).count();
    if (const auto seconds = readWhole(text, 0, most); seconds > 0)
        cookieOf(service).maxAge = std::chrono::seconds(seconds);
}

void readStrategy(TraefikService& service, const std::string& text)
{
    std::string known;
    for (const ProductAlgorithm& row : traefik.algorithms)
        known.append(known.empty() ? "" : ", ").append(row.name);
    if (text.empty() || !findAlgorithm(traefik, text))
        throw BadValue {"one of " + known};
    service.balancer.algorithm = text;
}

// Any label of a health check makes one.
HealthCheck& checkOf(TraefikService& service)
{
    if (!service.balancer.healthCheck)
        service.balancer.healthCheck = HealthCheck {.every = std::chrono::seconds(30)};
    return *service.balancer.healthCheck;
}

using Text = const std::string&;

struct KnownLabel
{
    std::string_view key; ///< behind traefik.http.services.NAME.loadbalancer.
    void (*read)(TraefikService&, Text); ///< null: nothing of a scenario
};

constexpr std::array<KnownLabel, 35> known {{
    {"sticky", [](TraefikService& of, Text text) { of.stickyWithoutCookie = readFlag(text); }},
    {"sticky.cookie",
     [](TraefikService& of, Text text) {
         if (readFlag(text))
             cookieOf(of);
     }},
    {"sticky.cookie.name", readCookieName},
    {"sticky.cookie.path", readCookiePath},
    {"sticky.cookie.domain", readCookieDomain},
    {"sticky.cookie.secure",
     [](TraefikService& of, Text text) { cookieOf(of).secure = readFlag(text); }},
    {"sticky.cookie.httponly",
     [](TraefikService& of, Text text) { cookieOf(of).httpOnly = readFlag(text); }},
    {"sticky.cookie.samesite", readSameSite},
    {"sticky.cookie.maxage", readMaxAge},
    {"strategy", readStrategy},
    {"server.weight",
     [](TraefikService& of, Text text) {
         of.weight = static_cast<int>(readWhole(text, 0, largestWeight));
     }},
    // An export has these of itself.
    {"healthcheck.path",
     [](TraefikService& of, Text text) {
         checkOf(of);
         if (text != "/")
             of.leftOut.emplace_back("healthcheck.path");
     }},
    {"server.port",
     [](TraefikService& of, Text text) {
         if (text != "8000")
             of.leftOut.emplace_back("server.port");
     }},
    {"healthcheck.interval",
     [](TraefikService& of, Text text) {
         checkOf(of).every = readDuration(text, std::chrono::milliseconds(10), longestTime);
     }},
    {"passivehealthcheck.failurewindow",
     [](TraefikService& of, Text text) {
         readSetting(of.balancer.settings, "failure-window", text);
     }},
    {"passivehealthcheck.maxfailedattempts",
     [](TraefikService& of, Text text) {
         readSetting(of.balancer.settings, "max-failed-attempts", text);
     }},
    {"healthcheck.timeout", nullptr},
    {"healthcheck.unhealthyinterval", nullptr},
    {"healthcheck.port", nullptr},
    {"healthcheck.scheme", nullptr},
    {"healthcheck.hostname", nullptr},
    {"healthcheck.method", nullptr},
    {"healthcheck.status", nullptr},
    {"healthcheck.mode", nullptr},
    {"healthcheck.followredirects", nullptr},
    {"server.scheme", nullptr},
    {"server.url", nullptr},
    {"server.preservepath", nullptr},
    {"passhostheader", nullptr},
    {"serverstransport", nullptr},
    {"responseforwarding.flushinterval", nullptr},
    {"responseforwarding", nullptr},
    {"server", nullptr},
    {"healthcheck", nullptr},
    {"passivehealthcheck", nullptr},
}};

} // namespace

bool readServiceLabel(TraefikService& service, std::string_view key, const std::string& value)
{
    const auto* found = std::find_if(known.begin(), known.end(),
                                     [key](const KnownLabel& row) { return row.key == key; });
    if (found == known.end() && !key.starts_with("healthcheck.headers."))
        return false;
    if (found != known.end() && found->read)
        found->read(service, value);
    else
        service.leftOut.emplace_back(key);
    return true;
}

} // namespace stickyscope
