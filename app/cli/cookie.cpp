// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/cookie_options.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/http/head.h"
#include "sim/http/url.h"
#include "sim/products/cookie_formats.h"
#include "sim/products/cookie_text.h"

#include <algorithm>
#include <optional>

namespace stickyscope::cli {

namespace {

// "name=value" or a value alone: base 64 ends with equals signs. The field's name may stand before.
std::pair<std::string, std::string> takeApart(std::string text)
{
    for (const std::string_view field : {"set-cookie:", "cookie:"}) {
        if (http::lowered(text).starts_with(field))
            text = http::trimmed(std::string_view(text).substr(field.size()));
    }
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0
        || text.find_first_not_of('=', equals) == std::string::npos)
        return {{}, text};
    if (!isToken(std::string_view(text).substr(0, equals)))
        return {{}, text};
    // A Set-Cookie field's attributes do not belong to the value.
    return {text.substr(0, equals), text.substr(equals + 1, text.find(';', equals) - equals - 1)};
}

// Why none of them is known to be meant.
std::string whoseItIsNot(const CookieFormat& format, const std::vector<CookieServer>& servers,
                         const std::string& key)
{
    // Where the hash leads is said on its own.
    if (!format.hashedBy.empty())
        return {};
    const bool namesGiven = std::any_of(servers.begin(), servers.end(),
                                        [](const auto& server) { return !server.name.empty(); });
    if (format.is(CookieFormat::named) && !namesGiven)
        return "goes by a server's name: give the replicas as NAME=HOST:PORT to see whose it is";
    if (!format.is(CookieFormat::named) && !format.valuesOf && !format.decode)
        return {};
    if (format.is(CookieFormat::keyed) && key.empty())
        return "belongs to none of the replicas given, if no key went into it; else give it as "
               "--key";
    return format.is(CookieFormat::keyed) ? "belongs to none of the replicas given, with this key"
                                          : "belongs to none of the replicas given";
}

// Those that it belongs to in this form.
std::string whoseItIs(const CookieFormat& format, const std::string& value,
                      const std::vector<CookieServer>& servers, const CookieOptions& options)
{
    std::string named;
    for (const CookieServer& server : servers) {
        if (couldName(format, value, server, options.key))
            named.append(named.empty() ? "" : ", ").append(options.replicas[server.place]);
    }
    return named;
}

std::string whatIsSaidOf(const CookieFormat& format, const std::string& value,
                         const std::vector<CookieServer>& servers, const CookieOptions& options)
{
    std::string text = std::string(format.balancer) + "\n  " + std::string(format.meaning) + "\n";
    if (format.decode) {
        for (const std::string& line : format.decode(value))
            text.append("  ").append(printableLine(line)).append("\n");
    }
    const std::string named = whoseItIs(format, value, servers, options);
    const std::string why = !named.empty() ? "belongs to " + named
        : servers.empty()                  ? std::string()
                                           : whoseItIsNot(format, servers, options.key);
    if (!why.empty())
        text.append("  ").append(printableLine(why)).append("\n");
    if (!servers.empty() && !format.hashedBy.empty()) {
        CookieOptions hashed = options;
        hashed.product = format.hashedBy;
        text += whereHashLeads(hashed, value);
    }
    return text;
}

int read(const CookieOptions& options)
{
    std::vector<CookieServer> servers;
    for (const std::string& replica : options.replicas) {
        servers.push_back(*serverOf(replica));
        servers.back().place = servers.size() - 1;
    }
    const auto [name, value] = takeApart(options.value);
    if (!options.product.empty()) {
        CookieOptions named = options;
        if (named.name.empty())
            named.name = name;
        return readCookieOfProduct(named, value);
    }
    auto formats = cookieFormatsOf(name, value);
    // Where one form says whose it is, others that it might have, or by which it is nobody's, do
    // not count.
    const auto says = [&, &text = value](const CookieFormat* format) {
        return !whoseItIs(*format, text, servers, options).empty();
    };
    if (std::any_of(formats.begin(), formats.end(), says))
        std::erase_if(formats, [&](const CookieFormat* format) {
            return !says(format)
                && (format->is(CookieFormat::weak)
                    || !whoseItIsNot(*format, servers, options.key).empty());
        });
    if (formats.empty()) {
        print("No form of a balancer's sticky cookie that is known here.\n");
        return notMet;
    }
    std::string text;
    for (const CookieFormat* format : formats) {
        text.append(text.empty() ? "" : "\n");
        text += whatIsSaidOf(*format, value, servers, options);
    }
    print(text);
    return done;
}

} // namespace

bool isAddress(const std::string& text)
{
    return http::parseUrl(text).has_value() && text.find_first_of("/?@#") == std::string::npos
        && text.find(':') != std::string::npos;
}

// "host:port", or "name=host:port"; nothing where it is neither.
std::optional<CookieServer> serverOf(const std::string& text)
{
    const auto equals = text.find('=');
    CookieServer server;
    if (equals != std::string::npos)
        server.name = text.substr(0, equals);
    server.address = equals == std::string::npos ? text : text.substr(equals + 1);
    // As balancers are told of it, too.
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (server.address.starts_with(scheme))
            server.address.erase(0, scheme.size());
    }
    if (!isAddress(server.address) || (equals != std::string::npos && server.name.empty()))
        return std::nullopt;
    return server;
}

int readCookie(int argc, char** argv)
{
    CookieOptions options;
    CLI::App app(
        "Say which balancer's form a sticky cookie has, what it holds, and whose it is, or where "
        "a product's hash leads it; or print the one that a balancer would set",
        "stickyscope cookie");
    auto* value = app.add_option("VALUE", options.value, "The value, or NAME=VALUE");
    app.add_option("--replicas", options.replicas,
                   "Which of these is it? host:port,... or, for balancers that write names, "
                   "name=host:port,... All of them, in the balancer's order, where it hashes the "
                   "cookie; they count as up and of one weight")
        ->delimiter(',');
    auto* address =
        app.add_option("--for", options.address, "Print the cookie for this server, host:port")
            ->excludes(value);
    auto* product = app.add_option("--product", options.product, "The balancer that would set it");
    app.add_option("--algorithm", options.algorithm, "The one that hashes it")->needs(product);
    app.add_option("--sticky", options.sticky,
                   "Settings of the cookie as a scenario has them, such as hash-policy=true")
        ->needs(product);
    app.add_option("--settings", options.settings,
                   "Settings of the balancer, such as consistent-hash=maglev")
        ->needs(product);
    app.add_option("--server", options.server, "That server's name in the balancer's configuration")
        ->needs(address);
    app.add_option("--key", options.key,
                   "HAProxy's dynamic-cookie-key, Caddy's secret, or sticky-module-ng's hmac-key");
    app.add_option("--name", options.name, "The cookie's name")->needs(product);
    if (const auto status = parse(app, argc, argv))
        return *status;
    std::vector<std::string> servers = options.replicas;
    if (!options.address.empty())
        servers.push_back(options.address);
    for (const std::string& one : servers) {
        if (!serverOf(one) || (one == options.address && !isAddress(one))) {
            complain("an address must be host:port, such as 10.0.0.3:8000, not " + printable(one));
            return wrongUse;
        }
    }
    if (options.value.empty() && options.address.empty()) {
        complain("give a cookie's value, or --for an address with --product");
        return wrongUse;
    }
    if (!options.address.empty() && options.product.empty()) {
        complain("--for needs --product, the balancer whose cookie is wanted");
        return wrongUse;
    }
    return options.address.empty() ? read(options) : writeCookie(options);
}

} // namespace stickyscope::cli
