// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/replica_identity.h"
#include "sim/live/target.h"
#include "sim/live/verdict.h"
#include "sim/wire/http_connection.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::live {

/// Asks a target at most 40 times, in several ways and in shuffled order, and gathers what it
/// takes for a verdict. Blocks; runs event loops of its own on the calling thread.
class Prober
{
public:
    static constexpr int mostRequests = 40;

    struct Options
    {
        IdentityRule identity;
        /// Asked with the same cookies where an answer names nobody; then half as many answers
        /// are asked for.
        std::optional<Target> identify;
        bool keepAlive = false; ///< one connection for each way of asking
        double rate = 20; ///< requests per second
        std::uint64_t seed = 1; ///< of the order
        std::string stickyName; ///< where the user says which cookie it is
    };

    Prober(Target target, Options options);

    /// Looks in between whether to stop; `progress` gets the share done.
    ProbeEvidence run(const std::function<bool()>& stopAsked,
                      const std::function<void(double)>& progress);
    /// The jar of the group ownJar, as it is now.
    const http::CookieJar& jar() const { return m_jar; }
    /// For showing: the address that answered.
    const std::string& address() const { return m_address; }

private:
    struct Raw
    {
        ProbeGroup group {};
        wire::Exchange exchange;
        std::string cookiesSent;
        bool connectionKept = false;
        std::optional<Identity> identity; ///< found by the second request
    };

    std::vector<ProbeGroup> plan() const;
    void ask(ProbeGroup group);
    void askWho(Raw& raw, wire::HttpConnection& connection);
    std::string cookiesFor(ProbeGroup group);
    void takeCookies(const Raw& raw, bool first);
    wire::Exchange exchange(wire::HttpConnection& connection, const Target& target,
                            const std::string& cookies);
    void waitForTurn();
    ProbeEvidence evidence() const;
    std::vector<SeenCookie> cookiesSet() const;
    bool meets(const std::vector<SeenCookie>& seen, const std::string& given) const;
    ProbeAnswer answerOf(const Raw& raw, ProbeEvidence& evidence) const;
    std::string nameFor(const Raw& raw, const std::optional<StickyProposal>& sticky,
                        std::string& source) const;

    Target m_target;
    Options m_options;
    http::CookieJar m_jar;
    std::string m_replayed; ///< a Cookie field made by hand of the first answer's cookies
    std::vector<std::pair<std::string, http::CookieFate>> m_received;
    std::vector<Raw> m_answers;
    std::map<ProbeGroup, std::unique_ptr<wire::HttpConnection>> m_kept;
    std::chrono::seconds m_leftAlone {0}; ///< Retry-After
    std::string m_address;
    std::int64_t m_nextTurn = 0;
    std::function<bool()> m_stopAsked;
};

} // namespace stickyscope::live
