// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/chance.h"
#include "sim/model/instant.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stickyscope {

enum class ClientKind : std::uint8_t
{
    browser,
    curl,
    rest,
    websocket,
    grpc, ///< one connection for many requests, no jar
    socketio, ///< Engine.IO polling: a replica without the session answers 400
    signalr, ///< likewise 404
    mcp, ///< likewise 404; the session is named by a header, not by a cookie
    load, ///< a load generator: sends whatever is answered (open loop)
};
inline constexpr std::size_t clientKinds = 9;
/// What a replica answers a follow-up whose session it does not have.
int statusWithoutSession(ClientKind kind);

enum class JarKind : std::uint8_t
{
    none,
    own,
    shared
};

/// When a WebSocket client sends its message.
enum class SendRule : std::uint8_t
{
    onOpen, ///< once, when the connection opens
    afterAnswer, ///< on opening, then `messageEvery` after each answer
    every, ///< on opening, then one each `messageEvery`, whatever is answered
    never
};

/// A point of a curve of rates over a day; between two points the rate changes linearly.
struct RatePoint
{
    Duration at {}; ///< the time of day, below 24 h
    Duration gap {}; ///< mean time between two requests of each client; zero: none is sent

    bool operator==(const RatePoint&) const = default;
};

/// Several requests side by side, again and again.
struct BurstSpec
{
    Duration every = std::chrono::seconds(10);
    int requests = 20;

    bool operator==(const BurstSpec&) const = default;
};

/// What a client's logging out takes from its jar.
struct LogoutSpec
{
    int after = 20; ///< answered requests since the last; the last of them is the logout
    bool clearsAll = true; ///< Clear-Site-Data: "cookies"; false: the application's cookie alone

    bool operator==(const LogoutSpec&) const = default;
};

/// A group of clients that are alike.
struct ClientSpec
{
    std::string name;
    ClientKind kind = ClientKind::browser;
    int count = 1;
    JarKind jar = JarKind::own;
    std::string origin; ///< what it asks, such as another host; the scenario's where empty
    std::string path = "/";
    std::vector<std::string> paths; ///< asked for in turn; `path` alone where empty
    std::string page; ///< origin of the page that sends the requests; the target's where empty
    bool credentials = true; ///< false: its scripts send and keep no cookies of another origin
    bool thirdPartyCookies = true; ///< false: the browser blocks those of other sites
    int burst = 1; ///< requests side by side at the beginning
    int keepAlive = 1; ///< requests on one connection
    /// The address that all of them have to the balancer, such as that of a NAT; one of its own
    /// for each where empty.
    std::string source;
    /// Pause after an answer, or after a connection's end (closed loop). Either this or `gap`.
    Distribution thinkTime {.shape = Distribution::Shape::exponential,
                            .mean = std::chrono::milliseconds(1500)};
    /// Time between two requests whatever became of the first (open loop): `rate`, `every`.
    std::optional<Distribution> gap;
    // Further open loops, of which a group has one at most:
    std::vector<RatePoint> daily; ///< a Poisson process by the time of day; by `at`, ascending
    std::optional<BurstSpec> bursts;
    /// A file beside the scenario with one time in seconds a line, read only when run. The group's
    /// clients send in turn.
    std::string trace;
    /// What stands in that file; null until it is read, and then nobody of the group sends.
    std::shared_ptr<const std::vector<Duration>> arrivals;
    std::optional<LogoutSpec> logout;
    bool stripsQuotes = false; ///< sends cookies' values without the quotes that they came with
    int sessionRequests = 20; ///< answered requests (or handshakes) of a session; 0: it never ends
    /// Of a session's requests so many poll, socketio, before it goes on as a WebSocket; 0: all do.
    int upgradeAfter = 0;
    SendRule send = SendRule::afterAnswer; ///< websocket
    Duration messageEvery = std::chrono::milliseconds(500); ///< websocket; 0: none but `onOpen`
    /// What is sent, websocket. {n} is the number of the client's message from 1, {ms} the
    /// milliseconds since 1970, {client} the client's name.
    std::string message = R"({"topic": "{ms}"})";
    Distribution connectionLifetime {
        .shape = Distribution::Shape::exponential,
        .mean = std::chrono::seconds(10)}; ///< websocket, and what became one
    std::vector<std::pair<std::string, std::string>> headers;
    /// Of its requests, but for the handshakes of WebSockets and the polls of Socket.IO.
    std::string method = "GET";
    /// The name of a header that it copies from each answer into its next requests, as programs do
    /// whose session has no cookie; empty for none. A session's end keeps it, as it keeps the jar.
    std::string carries;
    /// Netscape format, beside the scenario; read only when run. Its cookies are in the jar from
    /// the start; with the jar `none` they are sent, and nothing is learnt (as with curl -b).
    std::string cookieFile;

    /// Whether it sends whatever becomes of its requests.
    bool isOpen() const { return gap || bursts || !daily.empty() || !trace.empty(); }

    /// `arrivals` follows from `trace`.
    bool operator==(const ClientSpec& other) const;
};

std::string_view nameOf(ClientKind kind);
std::string_view nameOf(JarKind kind);
std::string_view nameOf(SendRule rule);
/// The jar of a client group that names none.
JarKind usualJar(ClientKind kind);

} // namespace stickyscope
