// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/dispatch/dispatcher.h"
#include "sim/model/session_name.h"
#include "sim/model/text_table.h"
#include "sim/virtual/virtual_client.h"

#include <memory>
#include <optional>
#include <vector>

namespace stickyscope {

/// The balancer in virtual time: the dispatcher with real Cookie and Set-Cookie text, each text
/// parsed once for as long as what the balancer knows of its replicas stays the same.
class VirtualBalancer
{
public:
    /// Something that clients ask for.
    struct Resource
    {
        std::string target = "/";
        std::string method = "GET";
        bool secure = false; ///< over TLS
        http::Fields headers {}; ///< that its clients send beside Cookie
        std::string carries {}; ///< the header that they copy from answers; empty for none
        SessionPlace session {}; ///< where they name their session
    };

    /// Who asks, for what: a place among `resources`, the client's address, what stands in the
    /// header that it carries, and the session that it names.
    struct Asker
    {
        std::uint32_t resource = 0;
        std::string_view source {};
        TextId carried = noText;
        TextId session = noText;
    };

    /// Requests name their resource by its place.
    VirtualBalancer(const BalancerSpec& spec, ReplicaSet replicas, const Chance& chance,
                    std::vector<Resource> resources);

    /// Reads the request's cookie.
    const Recall& recall(TextId cookie, const Asker& asker, const TextTable& texts,
                         WallSeconds now);
    /// Fills in where the request goes and why; false where it waits, or the balancer answers
    /// itself.
    bool place(VirtualRequest& request, Circumstances& circumstances, TextTable& texts,
               std::uint32_t resource);
    /// An answer on its way back.
    struct Answer
    {
        std::uint32_t resource = 0;
        Origin origin = Origin::replica;
        WallSeconds now {};
        TextId fromServer = noText; ///< its Set-Cookie fields, which some products read and edit
        TextId earlier = noText; ///< those that earlier attempts have left
        std::string_view source {}; ///< the client's address, where some balancer looks at it
    };
    /// Writes its cookies.
    void remember(VirtualRequest& request, const Answer& answer, TextTable& texts);
    /// One beside it has placed the request, or answered it, and tells what it learnt.
    void hearPlaced(const VirtualRequest& request, std::string_view source, WallSeconds now)
    {
        m_dispatcher.hear(request.server, source, now);
    }
    void hearAnswered(const VirtualRequest& request, const Answer& answer, const TextTable& texts)
    {
        write(request, answer, texts);
    }
    /// A WebSocket that it has placed is closed.
    void closed(const VirtualVisit& visit, const Answer& answer, const Asker& asker,
                const TextTable& texts);
    /// The Cookie field as its server gets it.
    TextId forwarded(TextId cookie, TextTable& texts);
    /// That has failed, of a request for this resource, which came to the balancer `since` ago.
    Attempt attempt(Fault fault, const VirtualRequest& request, std::uint32_t resource,
                    Duration since) const;
    /// See Dispatcher.
    bool rejects(const Attempt& attempt) const { return m_dispatcher.rejects(attempt); }
    OnFailure failed(const VirtualRequest& request, const Attempt& attempt, Instant now)
    {
        Attempt known = attempt;
        known.counts = request.epoch == m_epoch;
        return m_dispatcher.failed(request.server, known, now);
    }
    /// It found no server: see Dispatcher.
    OnFailure foundNone(const VirtualRequest& request, Duration since) const
    {
        return m_dispatcher.foundNone(
            {.status = request.status},
            {.number = static_cast<int>(request.attempt), .since = since, .foundNone = true});
    }
    std::optional<ReplicaIndex> takeBack(Instant now, const Recall& recall)
    {
        return m_dispatcher.takeBack(now, recall);
    }
    /// A retry at the same replica.
    void assigned(VirtualRequest& request, Instant now)
    {
        request.assignedAt = now;
        request.epoch = m_epoch;
        m_dispatcher.assigned(request.server, request.bound, now);
    }
    /// One that has waited goes to this server now.
    void calledIn(VirtualRequest& request, ReplicaIndex server, Instant now) const
    {
        request.server = server;
        request.assignedAt = now;
        request.epoch = m_epoch;
        request.waits = false;
    }
    std::optional<ServerLimits::Ticket> callIn(ReplicaIndex server, Instant now)
    {
        return m_dispatcher.callIn(server, now);
    }
    std::optional<ServerLimits::Ticket> leftBehind() { return m_dispatcher.leftBehind(); }
    void waitsNoMore(ServerLimits::Ticket ticket) { m_dispatcher.waitsNoMore(ticket); }
    struct HowLong
    {
        Duration took {}; ///< from when it was assigned to the answer's beginning
        bool answered = true;
        int status = 200;
        std::uint64_t octets = 0; ///< of the answer's body
        AnswerEnd end = AnswerEnd::whole;
    };
    void released(const VirtualVisit& visit, HowLong how, Instant now);
    const std::string& methodOf(std::uint32_t resource) const
    {
        return (*m_resources)[resource].method;
    }
    /// False where the balancer turns it away, and answers itself.
    bool admits(VirtualRequest& request, Instant now, TextTable& texts);
    /// The answer to a request that was admitted is on its way.
    void ended(const VirtualVisit& visit, int status, Instant now, AnswerEnd end)
    {
        if (visit.admitted && visit.epoch == m_epoch)
            m_dispatcher.ended(status, visit.retried, now, end);
    }
    /// A server has come up by a check, or has joined.
    void comesUp(ReplicaIndex replica, Instant now) { m_dispatcher.comesUp(replica, now); }
    /// See Dispatcher: at its start, and when a server has joined or gone.
    void readConfiguration(WallSeconds now) { m_dispatcher.readConfiguration(now); }
    /// Likewise.
    void reload(const BalancerSpec& spec, const Chance& chance);
    /// It forgets all.
    void restart(const BalancerSpec& spec, const Chance& chance);
    void setDraining(ReplicaIndex replica, bool draining, WallSeconds now);
    void setWeight(ReplicaIndex replica, int weight) { m_dispatcher.setWeight(replica, weight); }
    /// The replicas' answers may be kept by caches.
    void setCacheable() { m_cacheable = true; }
    /// It learns of a replica, behind all others.
    void add(const ReplicaView& replica);
    /// It is told that one is gone.
    void remove(ReplicaIndex replica) { m_dispatcher.remove(replica); }

    /// See Dispatcher.
    void tell(ReplicaIndex replica, bool there, Instant now)
    {
        m_dispatcher.tell(replica, there, now);
    }

    /// The request's head as its client sends it, with this Cookie field.
    void writeHead(http::RequestHead& head, const Asker& asker, TextId cookie,
                   const TextTable& texts) const;

    /// Likewise.
    bool checked(ReplicaIndex replica, bool good, Instant now)
    {
        return m_dispatcher.checked(replica, good, now);
    }

    /// Why it did what it did, for the texts of observations; null for any other text.
    const Rule* ruleOf(TextId text) const;
    /// Puts the reason of a retry or of the balancer's own answer in the place of the last one.
    void explain(VirtualRequest& request, const Rule* rule, TextTable& texts)
    {
        request.rule = ruleText(rule, texts);
    }

    const Dispatcher& dispatcher() const { return m_dispatcher; }

private:
    struct Known
    {
        std::uint64_t version = ~std::uint64_t {0}; ///< Dispatcher::recallVersion()
        Recall recall;
    };

    TextId ruleText(const Rule* rule, TextTable& texts);
    void write(const Asker& asker, TextId cookie, const TextTable& texts)
    {
        writeHead(m_request, asker, cookie, texts);
    }
    /// The head is used again, so the value that was read there is found in what stays.
    void settle(Recall& recall, const Asker& asker, TextId cookie, const TextTable& texts) const;
    void forgetRead();
    CookieOut write(const VirtualRequest& request, const Answer& answer, const TextTable& texts);

    Dispatcher m_dispatcher;
    std::uint8_t m_epoch = 0;
    bool m_cacheable = false;
    /// Shared by copies: a request goes on in one, and what was read of its head stays.
    std::shared_ptr<const std::vector<Resource>> m_resources;
    std::vector<std::vector<Known>> m_known; ///< by resource and TextId of the Cookie field
    Recall m_unkept; ///< the latest, where it depends on more than the cookie
    std::vector<std::pair<const Rule*, TextId>> m_rules;
    http::RequestHead m_request; ///< used again, so that its memory is
    http::ResponseHead m_response;
};

} // namespace stickyscope
