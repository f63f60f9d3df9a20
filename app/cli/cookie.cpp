// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/verbs.h"
#include "sim/http/url.h"
#include "sim/products/cookie_formats.h"
#include "sim/products/product.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace stickyscope::cli {

namespace {

struct Options
{
    std::string value;
    std::vector<std::string> replicas;
    std::string address;
    std::string product;
    std::string key;
    std::string name;
    std::string server;
};

bool isAddress(const std::string& text)
{
    return http::parseUrl(text).has_value() && text.find_first_of("/?@#") == std::string::npos
        && text.find(':') != std::string::npos;
}

// "name=value" or a value alone: base 64 ends with equals signs.
std::pair<std::string, std::string> takeApart(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0
        || text.find_first_not_of('=', equals) == std::string::npos)
        return {{}, text};
    const bool token = std::all_of(
        text.begin(), text.begin() + static_cast<std::ptrdiff_t>(equals), [](unsigned char letter) {
            static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
            return std::isalnum(letter) != 0
                || marks.find(static_cast<char>(letter)) != std::string_view::npos;
        });
    if (!token)
        return {{}, text};
    // A Set-Cookie field's attributes do not belong to the value.
    return {text.substr(0, equals), text.substr(equals + 1, text.find(';', equals) - equals - 1)};
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

// Why none of them is known to be meant.
std::string whoseItIsNot(const CookieFormat& format, const std::vector<CookieServer>& servers,
                         const std::string& key)
{
    const bool namesGiven = std::any_of(servers.begin(), servers.end(),
                                        [](const auto& server) { return !server.name.empty(); });
    if (format.is(CookieFormat::named) && !namesGiven)
        return "holds a server's name: give the replicas as NAME=HOST:PORT to see whose it is";
    if (!format.is(CookieFormat::named) && !format.valuesOf)
        return {};
    if (format.is(CookieFormat::keyed) && key.empty())
        return "belongs to none of the replicas given, if no key went into it; else give it as "
               "--key";
    return format.is(CookieFormat::keyed) ? "belongs to none of the replicas given, with this key"
                                          : "belongs to none of the replicas given";
}

int read(const Options& options)
{
    std::vector<CookieServer> servers;
    for (const std::string& replica : options.replicas)
        servers.push_back(*serverOf(replica));
    const auto [name, value] = takeApart(options.value);
    const auto formats = cookieFormatsOf(name, value);
    if (formats.empty()) {
        print("No form of a balancer's sticky cookie that is known here.\n");
        return notMet;
    }
    std::string text;
    for (const CookieFormat* format : formats) {
        text.append(text.empty() ? "" : "\n").append(format->balancer).append("\n");
        text.append("  ").append(format->meaning).append("\n");
        if (format->decode) {
            for (const std::string& line : format->decode(value))
                text.append("  ").append(printableLine(line)).append("\n");
        }
        std::string named;
        for (std::size_t place = 0; place < servers.size(); ++place) {
            if (couldName(*format, value, servers[place], options.key))
                named.append(named.empty() ? "" : ", ").append(options.replicas[place]);
        }
        const std::string why = !named.empty() ? "belongs to " + named
            : servers.empty()                  ? std::string()
                                               : whoseItIsNot(*format, servers, options.key);
        if (!why.empty())
            text.append("  ").append(printableLine(why)).append("\n");
    }
    print(text);
    return done;
}

// The setting that its cookie's value follows from; null where there is none.
const Setting* keyOf(const Product& product)
{
    for (const char* key : {"secret", "dynamic-cookie-key"}) {
        const Setting* setting = findSetting(product.cookieSettings, key);
        if (setting && setting->type == Setting::Type::text)
            return setting;
    }
    return nullptr;
}

// The Set-Cookie field that this product writes for a server of this name; empty where its cookie
// says nothing of the server.
std::string cookieFor(const Product& product, const Options& options, const std::string& name,
                      WallSeconds now)
{
    StickySpec sticky {.cookie = options.name};
    if (const Setting* key = keyOf(product); key && !options.key.empty())
        sticky.settings.set(key->key, options.key);
    ReplicaSet replicas;
    replicas.add({.name = name, .url = "http://" + options.address});
    const auto policy = product.sticky({.product = options.product, .sticky = sticky}, replicas);
    http::ResponseHead response;
    const Recall recall;
    policy->remember({.recall = recall,
                      .replicas = replicas,
                      .replica = static_cast<ReplicaIndex>(0),
                      .now = now},
                     response);
    const std::string* field = response.fields.find("Set-Cookie");
    return field ? *field : std::string();
}

int write(const Options& options)
{
    const Product* product = findProduct(options.product);
    if (!product || !product->hasCookie()) {
        std::string known;
        for (const Product* one : products()) {
            if (one->hasCookie())
                known.append(known.empty() ? "" : ", ").append(one->id);
        }
        complain("--product must be one of " + known + ", not " + printable(options.product));
        return wrongUse;
    }
    if (product->opaqueValue) {
        complain("what stands in the cookie of " + std::string(product->title)
                 + " is known to nobody but its maker: no value can be written for a server");
        return wrongUse;
    }
    if (!options.key.empty() && !keyOf(*product)) {
        complain("the cookie of " + std::string(product->title) + " has no key: leave --key out");
        return wrongUse;
    }
    const WallSeconds now(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                              .time_since_epoch());
    const std::string field = cookieFor(*product, options, options.server, now);
    if (field.empty()) {
        complain(std::string(product->title) + "'s cookie does not follow from a server's address");
        return wrongUse;
    }
    const auto elsewhere = [&options] {
        Options other = options;
        other.address.insert(0, "x"); // no address any more
        return other;
    };
    const auto url = http::parseUrl("http://" + options.address);
    const bool byAddress = (url && http::isIpAddress(url->host))
        || field != cookieFor(*product, elsewhere(), options.server, now);
    const bool byName = field != cookieFor(*product, options, options.server + "x", now);
    if (byName && options.server.empty()) {
        complain("the cookie of " + std::string(product->title)
                 + " follows from the server's name, not from its address: give it with --server");
        return wrongUse;
    }
    if (!byAddress && !byName) {
        complain(std::string(product->title) + "'s cookie holds an address and a port: "
                 + printable(options.address) + " is none");
        return wrongUse;
    }
    print(field + "\n");
    return done;
}

} // namespace

int readCookie(int argc, char** argv)
{
    Options options;
    CLI::App app(
        "Say which balancer's form a sticky cookie has, what it holds, and whose it is; or "
        "print the one that a balancer would set",
        "stickyscope cookie");
    auto* value = app.add_option("VALUE", options.value, "The value, or NAME=VALUE");
    app.add_option("--replicas", options.replicas,
                   "Which of these is it? host:port,... or, for balancers that write names, "
                   "name=host:port,...")
        ->delimiter(',')
        ->needs(value);
    auto* address =
        app.add_option("--for", options.address, "Print the cookie for this server, host:port")
            ->excludes(value);
    app.add_option("--product", options.product, "The balancer that would set it")->needs(address);
    app.add_option("--server", options.server, "That server's name in the balancer's configuration")
        ->needs(address);
    app.add_option("--key", options.key, "HAProxy's dynamic-cookie-key, or Caddy's secret");
    app.add_option("--name", options.name, "The cookie's name")->needs(address);
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
    return options.address.empty() ? read(options) : write(options);
}

} // namespace stickyscope::cli
