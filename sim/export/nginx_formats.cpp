// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/config_format.h"
#include "sim/export/safe_text.h"
#include "sim/export/units.h"
#include "sim/http/head.h"
#include "sim/http/url.h"
#include "sim/products/digests.h"
#include "sim/products/nginx_cookie.h"

#include <array>
#include <cctype>

namespace stickyscope {

namespace {

std::string methodOf(const Draft& draft)
{
    const StickySpec* spec = draft.sticky();
    return spec ? spec->settings.text("method", "cookie") : "none";
}

// The variable for a header, a parameter or a cookie of this name, which the key `place` holds.
std::string variable(std::string_view kind, std::string name,
                     const std::string& place = "balancer.hash-name")
{
    for (char& letter : name) {
        if (kind == "http" && letter == '-')
            letter = '_';
        const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
        if (!plain)
            throw ExportError {place + ": nginx has no variable for '" + inComment(name) + "'"};
    }
    return "$" + std::string(kind) + "_" + (kind == "http" ? http::lowered(name) : name);
}

std::string hashedBy(const Settings& given)
{
    const std::string part = given.text("hash-on", "source");
    const std::string name = given.text("hash-name");
    if (part == "header")
        return variable("http", name);
    if (part == "query")
        return variable("arg", name);
    if (part == "cookie")
        return variable("cookie", name);
    return part == "path" ? "$uri" : part == "uri" ? "$request_uri" : "$remote_addr";
}

std::string learntHeader(const Draft& draft)
{
    const StickySpec* spec = draft.sticky();
    return spec ? spec->settings.text("learn-header") : std::string();
}

// `learn` needs a table that 1.22 does not have; a hash of the same cookie comes nearest.
std::string placedBy(const Draft& draft, const std::string& method)
{
    const std::string& algorithm = draft.balancer.algorithm;
    if (const std::string header = learntHeader(draft); method == "learn" && !header.empty())
        return "hash " + variable("http", header, "sticky.learn-header") + " consistent;";
    if (method == "learn")
        return "hash $sticky_value consistent;";
    const std::string key =
        method == "userid" ? "$uid_got$uid_set" : hashedBy(draft.balancer.settings);
    if (algorithm == "hash")
        return "hash " + key + ";";
    if (algorithm == "hash-consistent")
        return "hash " + key + " consistent;";
    if (algorithm.starts_with("least_time"))
        return "least_conn;";
    if (algorithm == "random-two")
        return "random two least_conn;";
    if (algorithm.empty() || algorithm == "round_robin")
        return {};
    return plainName(algorithm) + ";";
}

// What the cookie of a server holds (ngx_http_upstream_sticky_module.c), or the application's.
std::string routeOf(const ReplicaSpec& replica, bool sets)
{
    if (replica.route)
        return *replica.route;
    return sets ? md5Hex(replica.address) : replica.name;
}

std::string cookieOf(const StickySpec& spec)
{
    return spec.cookie.empty() ? "route" : spec.cookie;
}

// Finds the value of the cookie in $http_cookie.
std::string cookiePattern(const std::string& name)
{
    return nginxRegex("~(?:^|;\\s*)" + regexLiteral(name) + "=(?<sticky_found>[^;\\s]*)");
}

// The directive of nginx 1.29.6 that does the same.
std::string oneLine(const StickySpec& spec, const std::string& name)
{
    std::string line = "sticky cookie " + name;
    if (spec.settings.flag("expires-max"))
        line += " expires=max";
    else if (spec.settings.has("expires"))
        line += " expires=" + std::to_string(wholeSeconds(spec.settings.time("expires"))) + "s";
    if (!spec.domain.empty())
        line += " domain=" + spec.domain;
    if (spec.httpOnly)
        line += " httponly";
    if (spec.secure)
        line += " secure";
    if (spec.sameSite != SameSite::unset)
        line += " samesite=" + std::string(nameOf(spec.sameSite));
    return line + (spec.path ? " path=" + *spec.path : "");
}

std::string setCookie(const StickySpec& spec, const std::string& name, const std::string& value)
{
    std::string text = name + "=" + value;
    if (spec.settings.flag("expires-max"))
        text += "; expires=" + std::string(nginxLastMoment) + "; max-age=315360000";
    else if (spec.settings.has("expires"))
        text += "; max-age=" + std::to_string(wholeSeconds(spec.settings.time("expires")));
    if (!spec.domain.empty())
        text += "; domain=" + spec.domain;
    if (spec.httpOnly)
        text += "; httponly";
    if (spec.secure)
        text += "; secure";
    if (spec.sameSite != SameSite::unset)
        text += "; samesite=" + std::string(nameOf(spec.sameSite));
    if (spec.path)
        text += "; path=" + *spec.path;
    return nginxQuoted(text);
}

void describeUserid(Draft& draft, const StickySpec& spec)
{
    TemplateValues& userid = draft.values.showIf("userid", true);
    userid.set("name", nginxQuoted(spec.cookie.empty() ? "uid" : spec.cookie));
    userid.setIf("cookie-path", spec.path.has_value(), nginxQuoted(spec.path.value_or("/")));
    userid.setIf("domain", !spec.domain.empty(), nginxQuoted(spec.domain));
    const bool max = spec.settings.flag("expires-max");
    userid.setIf("expires", max || spec.settings.has("expires"),
                 max ? "max" : std::to_string(wholeSeconds(spec.settings.time("expires"))) + "s");
    std::string flags;
    if (spec.httpOnly)
        flags += " httponly";
    if (spec.secure)
        flags += " secure";
    if (spec.sameSite != SameSite::unset)
        flags += " samesite=" + std::string(nameOf(spec.sameSite));
    userid.setIf("flags", !flags.empty(), flags);
}

bool takesFresh(const Draft& draft, std::size_t replica)
{
    return draft.order(replica) == ServerOrder::ready
        && draft.scenario.replicas[replica].weight > 0;
}

// The line of a server in an upstream block.
std::string serverLine(const Draft& draft, const ReplicaSpec& replica, std::string_view more)
{
    const Settings& given = draft.balancer.settings;
    std::string line = plainAddress(replica.address);
    if (replica.weight > 0)
        line += " weight=" + std::to_string(replica.weight);
    line += " max_fails=" + std::to_string(given.whole("max-fails", 1)) + " fail_timeout="
        + std::to_string(wholeSeconds(given.time("fail-timeout", std::chrono::seconds(10)))) + "s";
    if (given.has("max-conns"))
        line += " max_conns=" + std::to_string(given.whole("max-conns", 0));
    return line.append(more);
}

void describeServers(Draft& draft)
{
    const auto& replicas = draft.scenario.replicas;
    for (std::size_t index = 0; index < replicas.size(); ++index) {
        TemplateValues& server = draft.values.repeat("servers");
        server.set("name", plainName(replicas[index].name));
        draft.noteIf(replicas[index].weight == 0,
                     replicas[index].name
                         + " has the weight 0, which nginx does not take: it is down here");
        server.set("line",
                   serverLine(draft, replicas[index], takesFresh(draft, index) ? "" : " down"));
    }
}

// For each server a group in which the others only stand in: where its cookie leads.
void describeBound(Draft& draft, const StickySpec& spec, bool sets)
{
    const std::string name = cookieOf(spec);
    draft.values.showIf("sets", sets);
    TemplateValues& sticky = draft.values.showIf("sticky", true);
    sticky.set("find", cookiePattern(name));
    const std::string parameter = sets ? "" : spec.settings.text("route-parameter");
    sticky.set("otherwise",
               parameter.empty() ? "\"\"" : variable("arg", parameter, "sticky.route-parameter"));
    sticky.setIf("one-line", sets, inComment(oneLine(spec, name)));
    sticky.showIf("bound", false);
    const auto& replicas = draft.scenario.replicas;
    for (std::size_t index = 0; index < replicas.size(); ++index) {
        const ReplicaSpec& replica = replicas[index];
        const std::string route = routeOf(replica, sets);
        if (route.empty() || draft.order(index) == ServerOrder::stop)
            continue;
        TemplateValues& bound = sticky.repeat("bound");
        bound.set("name", plainName(replica.name));
        bound.set("group", "bound_" + std::to_string(index + 1));
        // The application's cookie may have the route behind a dot.
        bound.set("value", nginxRegex((sets ? "~^" : "~^(?:.*\\.)?") + regexLiteral(route) + "$"));
        bound.set("first", serverLine(draft, replica, ""));
        bound.set("answered",
                  nginxRegex("~(?:^|[ ,])" + regexLiteral(plainAddress(replica.address)) + "$"));
        bound.set("cookie", setCookie(spec, name, route));
        bound.showIf("others", false);
        for (std::size_t other = 0; other < replicas.size(); ++other) {
            if (other != index && takesFresh(draft, other))
                bound.repeat("others").set("line", serverLine(draft, replicas[other], " backup"));
        }
    }
}

void noteNames(Draft& draft)
{
    for (const ReplicaSpec& replica : draft.scenario.replicas) {
        const std::string_view host =
            std::string_view(replica.address).substr(0, replica.address.rfind(':'));
        const bool number = host.starts_with('[') || http::isIpAddress(host);
        draft.noteIf(
            !number,
            replica.name + ": nginx asks for the address of '" + std::string(host)
                + "' once, at start, and its cookie is known by the address alone: put one "
                  "in numbers here");
    }
}

void describe(Draft& draft)
{
    const std::string method = methodOf(draft);
    const std::string place = placedBy(draft, method);
    TemplateValues& values = draft.values;
    values.setIf("placed-by", !place.empty(), place);
    values.showIf("userid", false);
    values.showIf("sticky", false);
    values.showIf("sets", false);
    const bool learns = method == "learn" && learntHeader(draft).empty();
    values.setIf("learn", learns, learns ? cookiePattern(cookieOf(*draft.sticky())) : "");
    values.set("target", method == "cookie" || method == "route" ? "$sticky_group" : "app");
    draft.noteIf(
        draft.balancer.healthCheck.has_value(),
        "nginx does not check servers by itself (nginx Plus does): requests that fail mark "
        "them down, by max_fails and fail_timeout");
    draft.noteIf(
        draft.balancer.algorithm.starts_with("least_time"),
        "`least_time` needs nginx 1.31: here the server with the fewest connections for its "
        "weight takes a request");
    const std::string passedOn = draft.balancer.settings.text("proxy-next-upstream");
    values.setIf("next-upstream", !passedOn.empty(), passedOn);
    draft.noteIf(
        method == "learn",
        "`sticky learn` needs nginx 1.29.6: here what names the session is hashed, so that "
        "a session stays on a server, but on one that nginx chooses");
    if (const StickySpec* spec = draft.sticky()) {
        draft.noteIf(method == "learn"
                         && (spec->settings.has("header") || spec->settings.has("zone-size")),
                     "and nothing is learnt: `header` and the zone's size are left out");
        draft.noteIf(method == "cookie" && spec->settings.has("expires"),
                     "the sticky cookie has max-age, and not the date `expires` beside it");
        if (method == "userid")
            describeUserid(draft, *spec);
        else if (method != "learn")
            describeBound(draft, *spec, method == "cookie");
        if (method == "cookie" || method == "route")
            noteNames(draft);
    }
    describeServers(draft);
}

constexpr std::array<ConfigFile, 1> files {{{"nginx.conf", "nginx/nginx.conf"}}};
constexpr std::array<ConfigFormat, 1> formats {{{"nginx", "nginx.conf", files, true, describe}}};

} // namespace

std::span<const ConfigFormat> nginxFormats()
{
    return formats;
}

} // namespace stickyscope
