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

int read(const Options& options)
{
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
                text.append("  ").append(printable(line)).append("\n");
        }
        std::string named;
        for (const std::string& replica : options.replicas) {
            if (couldName(*format, value, replica, options.key))
                named.append(named.empty() ? "" : ", ").append(replica);
        }
        if (!named.empty())
            text.append("  belongs to ").append(named).append("\n");
        else if (!options.replicas.empty() && format->valuesOf)
            text.append("  belongs to none of the replicas given\n");
    }
    print(text);
    return done;
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
    StickySpec sticky {.cookie = options.name};
    for (const Setting& setting : product->cookieSettings) {
        if (setting.type == Setting::Type::text && !options.key.empty()
            && (setting.key == "secret" || setting.key == "dynamic-cookie-key"))
            sticky.settings.set(setting.key, options.key);
    }
    ReplicaSet replicas;
    replicas.add({.name = options.address, .url = "http://" + options.address});
    const auto policy = product->sticky({.product = options.product, .sticky = sticky}, replicas);
    http::ResponseHead response;
    const Recall recall;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    policy->remember({.recall = recall,
                      .replicas = replicas,
                      .replica = static_cast<ReplicaIndex>(0),
                      .now = WallSeconds(now.time_since_epoch())},
                     response);
    const std::string* field = response.fields.find("Set-Cookie");
    if (!field) {
        complain(std::string(product->title) + "'s cookie does not follow from a server's address");
        return wrongUse;
    }
    print(*field + "\n");
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
    app.add_option("--replicas", options.replicas, "Which of these is it? host:port,host:port,...")
        ->delimiter(',')
        ->needs(value);
    auto* address =
        app.add_option("--for", options.address, "Print the cookie for this server, host:port")
            ->excludes(value);
    app.add_option("--product", options.product, "The balancer that would set it")->needs(address);
    app.add_option("--key", options.key, "HAProxy's dynamic-cookie-key, or Caddy's secret");
    app.add_option("--name", options.name, "The cookie's name")->needs(address);
    if (const auto status = parse(app, argc, argv))
        return *status;
    std::vector<std::string> addresses = options.replicas;
    if (!options.address.empty())
        addresses.push_back(options.address);
    for (const std::string& one : addresses) {
        if (!isAddress(one)) {
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
