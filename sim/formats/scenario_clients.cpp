// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/http/url.h"

#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <map>
#include <set>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t mostClients = 100'000;

void readHeaders(const Place& at, ClientSpec& spec)
{
    if (at.node().kind != YamlNode::Kind::mapping)
        at.mustBe("a mapping of names to values");
    for (std::size_t entry = 0; entry < at.node().entries(); ++entry)
        spec.headers.emplace_back(Place(at.node().key(entry), at.path()).name(),
                                  at.entry(entry).text(8000));
}

std::string readAddress(const Place& at)
{
    std::string text = at.text(45);
    std::array<char, 16> binary {};
    if (inet_pton(AF_INET, text.c_str(), binary.data()) != 1
        && inet_pton(AF_INET6, text.c_str(), binary.data()) != 1)
        at.mustBe("an IP address such as 198.51.100.7");
    return text;
}

// What a page of another site means for cookies.
std::vector<Place::Field> pageFields(ClientSpec& spec)
{
    return {
        {"page",
         [&spec](const Place& of) {
             spec.page = of.text(2000);
             if (!http::parseUrl(spec.page) || spec.page.find("://") == std::string::npos)
                 of.mustBe("the origin of a page, such as https://other.example");
         }},
        {"credentials",
         [&spec](const Place& of) {
             spec.credentials = of.oneOf({"omit", "include"}) == 1;
         }},
        {"third-party-cookies",
         [&spec](const Place& of) {
             spec.thirdPartyCookies = of.oneOf({"blocked", "allowed"}) == 1;
         }},
    };
}

// What only WebSockets have; the last of them that is given goes to `websocketOnly`.
std::vector<Place::Field> socketFields(ClientSpec& spec, const YamlNode*& websocketOnly)
{
    return {
        {"upgrade-after", [&spec](const Place& of) { spec.upgradeAfter = of.whole(1, 1'000'000); }},
        {"message-every",
         [&spec, &websocketOnly](const Place& of) {
             spec.messageEvery = of.duration({}, longestTime);
             websocketOnly = &of.node();
         }},
        {"message",
         [&spec, &websocketOnly](const Place& of) {
             spec.message = of.text(8000);
             websocketOnly = &of.node();
         }},
        {"send",
         [&spec, &websocketOnly](const Place& of) {
             spec.send =
                 static_cast<SendRule>(of.oneOf({"on-open", "after-answer", "every", "never"}));
             websocketOnly = &of.node();
         }},
        {"connection-lifetime",
         [&spec, &websocketOnly](const Place& of) {
             spec.connectionLifetime = of.distribution();
             websocketOnly = &of.node();
         }},
    };
}

// How a client sends must go with what it is.
void checkPace(const Place& at, const ClientSpec& spec)
{
    if (spec.burst > 1 && spec.kind == ClientKind::websocket)
        at.fail(at.path() + ": a websocket client has no burst");
    if (spec.isOpen() && spec.kind == ClientKind::websocket)
        at.fail(at.path() + ": a websocket client has a think-time, not a rate");
    if (spec.burst > 1 && (spec.bursts || !spec.trace.empty()))
        at.fail(at.path() + ": burst does not go with bursts or a trace");
    if (spec.method != "GET"
        && (spec.kind == ClientKind::websocket || spec.kind == ClientKind::socketio))
        at.fail(at.path() + ": a websocket or socketio client has its protocol's methods");
    if (spec.upgradeAfter > 0 && spec.kind != ClientKind::socketio)
        at.fail(at.path() + ": upgrade-after is for the kind socketio");
    if (spec.upgradeAfter > 0 && (spec.isOpen() || spec.burst > 1))
        at.fail(at.path() + ": a client that upgrades has a think-time, and no burst");
    if (spec.kind == ClientKind::load && !spec.isOpen())
        at.fail(at.path() + ": a load generator sends by rate, every, daily, bursts or trace");
}

ClientSpec readClient(const Place& at, std::set<std::string>& names)
{
    ClientSpec spec;
    std::vector<std::string> paces;
    const YamlNode* websocketOnly = nullptr;
    bool jarGiven = false;
    spec.keepAlive = 0;
    std::vector<Place::Field> fields = pageFields(spec);
    const std::vector<Place::Field> others {
        {"name", [&](const Place& of) { spec.name = of.newName(names); }, true},
        {"kind",
         [&](const Place& of) {
             spec.kind =
                 static_cast<ClientKind>(of.oneOf({"browser", "curl", "rest", "websocket", "grpc",
                                                   "socketio", "signalr", "mcp", "load"}));
         },
         true},
        {"count", [&](const Place& of) { spec.count = of.whole(1, mostClients); }},
        {"jar",
         [&](const Place& of) {
             spec.jar = static_cast<JarKind>(of.oneOf({"none", "own", "shared"}));
             jarGiven = true;
         }},
        {"origin", [&](const Place& of) { spec.origin = readUrl(of); }},
        {"path",
         [&](const Place& of) {
             spec.path = of.text(2000);
             if (!spec.path.starts_with('/'))
                 of.mustBe("a path that begins with /");
         }},
        {"paths",
         [&](const Place& of) {
             for (const Place& item : of.items(1, 100)) {
                 spec.paths.push_back(item.text(2000));
                 if (!spec.paths.back().starts_with('/'))
                     item.mustBe("a path that begins with /");
             }
         }},
        {"burst", [&](const Place& of) { spec.burst = of.whole(1, 100); }},
        {"keep-alive", [&](const Place& of) { spec.keepAlive = of.whole(1, 1'000'000); }},
        {"source", [&](const Place& of) { spec.source = readAddress(of); }},
        {"think-time",
         [&](const Place& of) {
             spec.thinkTime = of.distribution();
             paces.emplace_back("think-time");
         }},
        {"rate",
         [&](const Place& of) {
             spec.gap = Distribution {.shape = Distribution::Shape::exponential, .mean = of.rate()};
             paces.emplace_back("rate");
         }},
        {"every",
         [&](const Place& of) {
             spec.gap = Distribution {.mean = of.duration(1us, longestTime)};
             paces.emplace_back("every");
         }},
        {"session",
         [&](const Place& of) {
             of.fields(
                 {{"requests",
                   [&](const Place& n) { spec.sessionRequests = n.whole(0, 1'000'000); }, true}});
         }},
        {"headers", [&](const Place& of) { readHeaders(of, spec); }},
        {"method",
         [&](const Place& of) {
             static constexpr const char* methods[] {"GET",   "HEAD",   "POST",   "PUT",
                                                     "PATCH", "DELETE", "OPTIONS"};
             spec.method = methods[of.oneOf({methods[0], methods[1], methods[2], methods[3],
                                             methods[4], methods[5], methods[6]})];
         }},
        {"carries", [&](const Place& of) { spec.carries = of.name(); }},
        {"cookie-file", [&](const Place& of) { spec.cookieFile = readFileBeside(of); }},
    };
    fields.insert(fields.end(), others.begin(), others.end());
    for (const auto& further : {socketFields(spec, websocketOnly), arrivalFields(spec, paces)})
        fields.insert(fields.end(), further.begin(), further.end());
    at.fields(fields);
    if (paces.size() > 1)
        at.fail(at.path() + " has both " + paces[0] + " and " + paces[1]
                + "; one of them is allowed");
    if (websocketOnly && spec.kind != ClientKind::websocket && spec.upgradeAfter == 0)
        Place(*websocketOnly, at.path())
            .fail(at.path()
                  + ": message, send, message-every and connection-lifetime are for the kind "
                    "websocket");
    checkPace(at, spec);
    if (spec.keepAlive == 0)
        spec.keepAlive = usualKeepAlive(spec.kind);
    if (!jarGiven)
        spec.jar = usualJar(spec.kind);
    if (spec.kind == ClientKind::rest && spec.jar != JarKind::none)
        at.fail(at.path() + ": a rest client has no jar");
    return spec;
}

// "browsers-2" is one of the group "browsers": no group of one may be called so too.
void refuseSharedNames(const std::vector<ClientSpec>& clients, const std::vector<Place>& places)
{
    std::map<std::string_view, int> counts;
    for (const ClientSpec& group : clients)
        counts[group.name] = group.count;
    for (std::size_t index = 0; index < clients.size(); ++index) {
        const std::string_view name = clients[index].name;
        const auto dash = name.rfind('-');
        if (clients[index].count > 1 || dash == std::string_view::npos)
            continue;
        const auto group = counts.find(name.substr(0, dash));
        if (group == counts.end() || group->second == 1)
            continue;
        int number = 0;
        const std::string_view digits = name.substr(dash + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        if (number >= 1 && number <= group->second && digits == std::to_string(number))
            places[index].fail(places[index].path() + ": the name '" + std::string(name)
                               + "' stands here twice: a client of '" + std::string(group->first)
                               + "' has it too");
    }
}

} // namespace

std::string readUrl(const Place& at)
{
    std::string why;
    std::string text = at.text(2000);
    const auto url = http::parseUrl(text, &why);
    if (!url || text.find("://") == std::string::npos)
        at.mustBe("an address such as http://app.example");
    return text;
}

std::vector<ClientSpec> readClients(const Place& at)
{
    std::set<std::string> names;
    std::vector<ClientSpec> clients;
    std::int64_t inAll = 0;
    const std::vector<Place> items = at.items(1, 10'000);
    for (const Place& item : items) {
        clients.push_back(readClient(item, names));
        inAll += clients.back().count;
        if (inAll > mostClients)
            item.fail("more than 100000 clients in all");
    }
    refuseSharedNames(clients, items);
    return clients;
}

} // namespace stickyscope
