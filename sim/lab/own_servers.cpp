// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/own_servers.h"

#include "sim/http/secrets.h"
#include "sim/http/url.h"
#include "sim/live/target_class.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::lab {

namespace {

constexpr std::size_t mostServers = 100;

std::vector<std::string> wordsOf(std::string_view text)
{
    constexpr std::string_view between = ", \t\r\n;";
    std::vector<std::string> words;
    for (std::size_t begin = text.find_first_not_of(between); begin != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(between, begin), text.size());
        words.emplace_back(text.substr(begin, end - begin));
        begin = text.find_first_not_of(between, end);
    }
    return words;
}

/// Empty where it is one of ours to ask.
std::string faultIn(const std::string& word, const std::optional<http::Url>& url)
{
    const bool looksLikeOne = url && url->scheme == "http"
        && (word.find_first_of(":.[") != std::string::npos || url->host == "localhost");
    const std::string shown = http::wrongWithoutSecrets(word);
    if (!looksLikeOne)
        return "'" + shown + "' is no http address, such as http://localhost:8001/hostname";
    if (!live::namesThisMachine(url->host))
        return "'" + shown
            + "' is not on this computer; before servers elsewhere stands stickyscope balance, on "
              "the command line";
    return {};
}

} // namespace

Outcome<Scenario> beforeOwnServers(const Scenario& scenario, std::string_view addresses)
{
    using Result = Outcome<Scenario>;
    Scenario own = scenario;
    own.title = "My own servers";
    own.about.clear();
    own.replicas.clear();
    own.timeline.clear();
    own.assertions.clear();
    // A Host that any server on this machine knows.
    own.origin = "http://localhost";
    std::string path;
    for (const std::string& word : wordsOf(addresses)) {
        const bool hasScheme = word.find("://") != std::string::npos;
        const auto url = http::parseUrl(hasScheme ? word : "http://" + word);
        if (const std::string fault = faultIn(word, url); !fault.empty())
            return Result::failure(fault);
        const bool v6 = url->host.find(':') != std::string::npos;
        const std::string host = v6 ? "[" + url->host + "]" : url->host;
        const std::string address = host + ":" + std::to_string(url->port);
        const bool known =
            std::any_of(own.replicas.begin(), own.replicas.end(),
                        [&](const ReplicaSpec& replica) { return replica.name == address; });
        if (known)
            return Result::failure(address + " stands there twice");
        own.replicas.push_back({.name = address, .address = address});
        if (path.empty() && url->target() != "/")
            path = url->target();
    }
    if (own.replicas.empty())
        return Result::failure("no address: give one for each of your servers, such as "
                               "http://localhost:8001/hostname");
    if (own.replicas.size() > mostServers)
        return Result::failure(std::to_string(own.replicas.size()) + " servers are more than "
                               + std::to_string(mostServers));
    own.clients = {{.name = "client",
                    .kind = ClientKind::browser,
                    .count = 6,
                    .path = path.empty() ? "/" : path}};
    return own;
}

} // namespace stickyscope::lab
