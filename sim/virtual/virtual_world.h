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
    VirtualWorld(std::shared_ptr<const Scenario> scenario, LaneIndex lane,
                 const std::vector<http::CookieJar>& jars = {});

    const Cast& cast() const override { return *m_cast; }
    const TextTable& texts() const override { return m_texts; }
    void setFlightsObserved(bool observed) override { m_flightsObserved = observed; }
    void advance(Instant until, ObservationSink& sink) override;
    void apply(const Intervention& intervention) override;
    Instant nextEvent() const override;
    const VirtualBalancer& balancer() const { return m_balancer; }
    /// What a client asks for, and the address that it has to the balancer.
    const http::Url& urlOf(ClientIndex client) const
    {
        return (*m_urls)[m_clients[raw(client)].group];
    }
    const std::string& sourceOf(ClientIndex client) const { return (*m_sources)[raw(client)]; }
    std::unique_ptr<World> clone() const override { return std::make_unique<VirtualWorld>(*this); }

private:
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

    void populate(const std::vector<http::CookieJar>& jars);
    void handle(const Event& event);

    // clients
    void clientSends(ClientIndex index);
    void scheduleNext(ClientIndex index, std::uint32_t ordinal);
    void refreshCookie(VirtualClient& client);
    void receive(RequestSlot slot);
    /// Set-Cookie fields, a line each.
    void receiveCookies(http::CookieJar& jar, TextId fields, std::uint32_t group) const;
    void openConnection(ClientIndex index, const VirtualRequest& request);
    void closeConnection(ClientIndex index, std::uint16_t code);
    void messageAnswered(ClientIndex index);
    SessionMark judgeSession(const VirtualClient& client, const VirtualRequest& request) const;
    SessionMark continueSession(VirtualClient& client, const VirtualRequest& request);

    // balancer and replicas
    std::uint32_t groupOf(const VirtualRequest& request) const
    {
        return m_clients[raw(request.client)].group;
    }
    VirtualBalancer::Asker askerOf(ClientIndex client) const
    {
        return {m_clients[raw(client)].group, (*m_sources)[raw(client)]};
    }
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
    std::shared_ptr<const std::vector<http::Url>> m_urls; ///< what each group asks for
    /// Each client's address, as the balancer sees it.
    std::shared_ptr<const std::vector<std::string>> m_sources;
    LaneIndex m_lane;
    Chance m_chance;
    Duration m_halfTravel;
    TextTable m_texts;
    Instant m_now {};
    EventQueue m_events;
    VirtualBalancer m_balancer;
    std::vector<VirtualReplica> m_replicas;
    std::vector<VirtualClient> m_clients;
    std::vector<http::CookieJar> m_jars;
    std::vector<VirtualRequest> m_requests;
    std::vector<RequestSlot> m_freeSlots;
    std::vector<Observation> m_pending;
    bool m_flightsObserved = true;
};

} // namespace stickyscope
