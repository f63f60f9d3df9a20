// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/scenario.h"
#include "sim/model/world.h"
#include "sim/virtual/event_queue.h"
#include "sim/virtual/virtual_balancer.h"
#include "sim/virtual/virtual_client.h"
#include "sim/virtual/virtual_replica.h"

#include <memory>
#include <vector>

namespace stickyscope {

/// One lane in virtual time. Everything in it follows from the scenario, the lane and the seed;
/// how often and how far it is advanced changes nothing. A value: a copy goes its own way.
class VirtualWorld final : public World
{
public:
    /// `jars` holds the cookies that each client group starts with (from its cookie file).
    VirtualWorld(const std::shared_ptr<const Scenario>& scenario, LaneIndex lane,
                 const std::vector<http::CookieJar>& jars = {});

    const Cast& cast() const override { return *m_cast; }
    const TextTable& texts() const override { return m_texts; }
    void setFlightsObserved(bool observed) override { m_flightsObserved = observed; }
    void advance(Instant until, ObservationSink& sink) override;
    void apply(const Intervention& intervention) override;
    Instant nextEvent() const override;
    /// The first, where there are several.
    const VirtualBalancer& balancer() const { return m_balancers.front(); }
    /// What a client asks for, and the address that it has to the balancer.
    const http::Url& urlOf(ClientIndex client, std::uint32_t ordinal) const
    {
        return (*m_urls)[resourceOf(m_clients[raw(client)], ordinal)];
    }
    /// What a client's jar makes of these Set-Cookie fields (a line each), and why; empty for one
    /// that keeps none.
    std::string whatBecomesOf(std::string_view fields, ClientIndex index,
                              std::uint32_t ordinal) const;
    const std::string& sourceOf(ClientIndex client) const { return (*m_sources)[raw(client)]; }
    std::unique_ptr<World> clone() const override { return std::make_unique<VirtualWorld>(*this); }

private:
    /// How a group's page stands to what it asks for.
    struct Site
    {
        http::RequestContext context;
        bool cookies = true; ///< sent and kept at all
    };

    const ClientSpec& specOf(const VirtualClient& client) const
    {
        return m_scenario->clients[client.group];
    }
    WallSeconds wall() const
    {
        return std::chrono::floor<std::chrono::seconds>(m_scenario->starts
                                                        + m_now.time_since_epoch());
    }
    Draw draw(const VirtualRequest& request, Purpose purpose) const
    {
        return m_chance.draw(request.client, request.ordinal, purpose, request.attempt);
    }

    static Site siteOf(const ClientSpec& client, const http::Url& asked);
    void populate(const std::vector<http::CookieJar>& jars);
    void handle(const Event& event);

    // clients
    void clientSends(ClientIndex index, bool extra = false);
    void scheduleNext(ClientIndex index, std::uint32_t ordinal);
    void refreshCookie(VirtualClient& client);
    void receive(RequestSlot slot);
    /// Set-Cookie fields, a line each.
    void receiveCookies(http::CookieJar& jar, TextId fields, std::uint32_t group,
                        std::uint32_t resource) const;
    void openConnection(ClientIndex index, const VirtualRequest& request);
    void closeConnection(ClientIndex index, std::uint16_t code);
    void messageAnswered(ClientIndex index);
    SessionMark judgeSession(const VirtualClient& client, const VirtualRequest& request) const;
    SessionMark continueSession(VirtualClient& client, const VirtualRequest& request);

    // balancer and replicas
    // What a client's request asks for, as a place in m_urls.
    static std::uint32_t resourceOf(const VirtualClient& client, std::uint32_t ordinal)
    {
        return client.resources == 1 ? client.firstResource
                                     : client.firstResource + ordinal % client.resources;
    }
    std::uint32_t resourceOf(const VirtualRequest& request) const
    {
        return resourceOf(m_clients[raw(request.client)], request.ordinal);
    }
    VirtualBalancer::Asker askerOf(const VirtualRequest& request) const
    {
        return {resourceOf(request), (*m_sources)[raw(request.client)]};
    }
    VirtualBalancer& balancerAt(const VirtualRequest& request)
    {
        return m_balancers[request.balancer];
    }
    bool comesOnOpenLine(VirtualRequest& request);
    void setSessionCookie(VirtualRequest& request);
    void passCache(VirtualRequest& request);
    void replicaJoins(ReplicaIndex replica);
    void setDraining(ReplicaIndex replica, bool draining);
    void reachesBalancer(RequestSlot slot);
    bool place(VirtualRequest& request, ReplicaIndex avoid);
    void forward(RequestSlot slot);
    void serve(RequestSlot slot);
    void serviceEnds(RequestSlot slot);
    void sendBack(RequestSlot slot, Origin origin);
    void fault(RequestSlot slot, Fault fault);
    void giveUp(RequestSlot slot, int status);
    RequestSlot takeSlot();
    void checkHealth();
    void stop(ReplicaIndex replica);
    void loseSessionsOf(ReplicaIndex replica);
    void loseSession(ClientIndex index);

    void observe(const Observation& observation);
    Observation about(const VirtualRequest& request, ObservationKind kind) const;
    void observeReplica(ReplicaIndex replica, ObservationKind kind);

    std::shared_ptr<const Scenario> m_scenario;
    std::shared_ptr<const Cast> m_cast;
    std::shared_ptr<const std::vector<http::Url>> m_urls; ///< what clients ask for
    std::vector<Site> m_sites; ///< of each group
    /// Each client's address, as the balancer sees it.
    std::shared_ptr<const std::vector<std::string>> m_sources;
    LaneIndex m_lane;
    Chance m_chance;
    Duration m_halfTravel;
    TextTable m_texts;
    Instant m_now {};
    EventQueue m_events;
    std::vector<VirtualBalancer> m_balancers; ///< side by side
    bool m_perConnection = false; ///< they place connections, not requests
    bool m_hasCache = false;
    bool m_applicationSpeaks = false; ///< its answers depend on whether it has the session
    std::vector<TextId> m_cached; ///< the Set-Cookie that a cache in front keeps, by resource
    std::vector<VirtualReplica> m_replicas;
    std::vector<VirtualClient> m_clients;
    std::vector<http::CookieJar> m_jars;
    std::vector<VirtualRequest> m_requests;
    std::vector<RequestSlot> m_freeSlots;
    std::vector<Observation> m_pending;
    bool m_flightsObserved = true;
};

} // namespace stickyscope
