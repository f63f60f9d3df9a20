// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/client_site.h"
#include "sim/model/arrivals.h"
#include "sim/model/scenario.h"
#include "sim/model/world.h"
#include "sim/virtual/balancer_tier.h"
#include "sim/virtual/changed_cookies.h"
#include "sim/virtual/event_queue.h"
#include "sim/virtual/replica_trouble.h"
#include "sim/virtual/virtual_balancer.h"
#include "sim/virtual/virtual_client.h"
#include "sim/virtual/virtual_replica.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
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
    InterventionSet can() const override { return InterventionSet::all(); }
    void addTo(LaneSnapshot& picture) const override;
    void apply(const Intervention& intervention) override;
    Instant nextEvent() const override;
    /// The first of those side by side at this place among balancersOf().
    const VirtualBalancer& balancer(std::size_t place) const;
    std::size_t places() const { return m_tiers.size(); }
    /// Where the rule is written that an observation names; empty for any other text.
    std::string whereWritten(TextId rule) const;
    /// What a client asks for, and the address that it has to the balancer.
    const http::Url& urlOf(ClientIndex client, std::uint32_t ordinal) const
    {
        return (*m_urls)[resourceOf(m_clients[raw(client)], ordinal)];
    }
    /// What a client's jar makes of these Set-Cookie fields (a line each), and why; else empty.
    std::string whatBecomesOf(std::string_view fields, ClientIndex index,
                              std::uint32_t ordinal) const;
    const std::string& sourceOf(ClientIndex client) const { return (*m_sources)[raw(client)]; }
    /// Its place among the scenario's clients.
    std::size_t groupOf(ClientIndex client) const { return m_clients[raw(client)].group; }
    ClientKind kindOf(ClientIndex client) const { return specOf(m_clients[raw(client)]).kind; }
    struct Asked
    {
        ClientIndex client {};
        std::uint32_t ordinal = 0;
        bool upgraded = false; ///< it has got a WebSocket by it
        bool sessionIsThere = false;
    };
    /// How each server of the balancer at this place lets a request down; absent: it answers.
    std::vector<std::optional<Fault>> whoFails(std::size_t place, const Asked& asked) const;
    /// What a client has sent with this Cookie field; with its session while it is under way.
    http::RequestHead headOf(const Asked& asked, TextId cookie) const;
    /// What a server of the balancer at this place answers to it, where it does.
    http::ResponseHead answerOf(std::size_t place, const Asked& asked, ReplicaIndex server) const;
    std::unique_ptr<World> clone() const override { return std::make_unique<VirtualWorld>(*this); }

private:
    struct Site : http::ClientSite
    {
        bool open = false; ///< its clients send whatever becomes of their requests
        std::uint32_t firstClient = 0;
        std::string given; ///< cookies that they send of their own accord
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

    void populate(const std::vector<http::CookieJar>& jars);
    void handle(const Event& event);

    // clients
    void clientSends(ClientIndex index, bool extra = false);
    void scheduleNext(ClientIndex index, std::uint32_t ordinal);
    void sendFirst(ClientIndex index);
    Arrivals arrivalsOf(const VirtualClient& client) const;
    void sendTogether(ClientIndex index, Instant at, int requests);
    void logOut(ClientIndex index, std::uint32_t resource);
    void changeCookies(const Intervention& intervention, ClientIndex index);
    void refreshCookie(VirtualClient& client);
    void receive(RequestSlot slot);
    CookieOut whatIsKept(const VirtualClient& client, const VirtualRequest& request) const;
    /// Set-Cookie fields, a line each.
    void receiveCookies(http::CookieJar& jar, TextId fields, std::uint32_t group,
                        std::uint32_t resource) const;
    void openConnection(RequestSlot slot);
    void closeConnection(ClientIndex index, std::uint16_t code);
    void messageAnswered(ClientIndex index);
    SessionMark judgeSession(const VirtualClient& client, const VirtualRequest& request) const;
    SessionMark continueSession(VirtualClient& client, const VirtualRequest& request);

    // Balancer and replicas. What a client's request asks for is a place in m_urls.
    static std::uint32_t resourceOf(const VirtualClient& client, std::uint32_t ordinal)
    {
        return client.resources == 1 ? client.firstResource
                                     : client.firstResource + ordinal % client.resources;
    }
    std::uint32_t resourceOf(const VirtualRequest& request) const
    {
        return resourceOf(m_clients[raw(request.client)], request.ordinal);
    }
    VirtualBalancer::Asker askerOf(const VirtualRequest& request) const;
    VirtualBalancer& balancerAt(const VirtualVisit& request)
    {
        return m_balancers[request.balancer];
    }
    BalancerTier& tierAt(const VirtualVisit& request)
    {
        return m_tiers[m_tierOf[request.balancer]];
    }
    // The replica behind a number that the balancer uses; noReplica where a balancer is behind it.
    ReplicaIndex replicaOf(std::uint8_t balancer, ReplicaIndex server) const
    {
        if (m_flat || server == noReplica)
            return server;
        return m_tiers[m_tierOf[balancer]].members[raw(server)].replica;
    }
    void addTiers();
    ReplicaSet addServers(BalancerTier& tier) const;
    std::uint8_t drawBalancer(const VirtualRequest& request, std::uint8_t place) const;
    void readCookie(VirtualRequest& request);
    void goOn(RequestSlot slot);
    void enter(RequestSlot slot, std::uint8_t tier);
    void leave(RequestSlot slot);
    // The handshake of a WebSocket which opens.
    bool staysOpen(const VirtualRequest& request) const
    {
        return request.failure == Failure::none && !request.cut && request.status < 400
            && request.upgrades;
    }
    void releaseSocket(RequestSlot slot);
    bool goesThrough(RequestSlot slot, std::uint8_t tier) const;
    void explain(VirtualRequest& request, const Rule* rule);
    void joinRules(VirtualRequest& request)
    {
        if (request.ruleBefore != noText)
            joinWithRuleBefore(request);
    }
    void joinWithRuleBefore(VirtualRequest& request);
    /// Those side by side with the one that has it, where they share what they know of sessions.
    void tellBeside(const VirtualRequest& request,
                    const std::function<void(VirtualBalancer&)>& tell);
    void remember(VirtualRequest& request, VirtualBalancer::Answer answer);
    ReplicaIndex whereCookieLeads(const VirtualRequest& request);
    using BalancerAction = std::function<void(VirtualBalancer&, ReplicaIndex)>;
    void forEachBalancer(ReplicaIndex replica, const BalancerAction& act);
    void reload(const TimelineEntry& entry);
    void restart(std::uint8_t place);
    void countOnConnection(const VirtualRequest& request);
    bool comesOnOpenLine(VirtualRequest& request);
    TextId newSession(const VirtualRequest& request);
    void setSessionCookie(VirtualRequest& request);
    std::string sessionCookieOf(ClientIndex client, std::uint32_t ordinal,
                                const ReplicaSpec& replica) const;
    void setPathCookie(VirtualRequest& request);
    bool headTooLarge(RequestSlot slot);
    void passCache(VirtualRequest& request);
    void replicaJoins(ReplicaIndex replica);
    void replicaLeaves(ReplicaIndex replica);
    void setDraining(ReplicaIndex replica, bool draining);
    void tell(ReplicaIndex replica, bool there);
    void reachesBalancer(RequestSlot slot);
    bool place(VirtualRequest& request, ReplicaIndex avoid);

    // where servers take only so many requests at once
    void notPlaced(RequestSlot slot);
    void leave(const VirtualVisit& visit, VirtualBalancer::HowLong how);
    void release(const VirtualVisit& visit, VirtualBalancer::HowLong how);
    void callIn(std::uint8_t number, ReplicaIndex server);
    void placeAnew(RequestSlot slot);
    void waitedInVain(RequestSlot slot);
    void stopWaiting(RequestSlot slot, EventKind next);
    void forward(RequestSlot slot);
    void serve(RequestSlot slot);
    void serviceEnds(RequestSlot slot);
    void sendBack(RequestSlot slot, Origin origin);
    void fault(RequestSlot slot, Fault fault);
    void afterFault(RequestSlot slot, Fault fault);
    void tryAgain(RequestSlot slot, EventKind how);
    Attempt attemptOf(const VirtualRequest& request, Fault fault);
    bool isRejected(RequestSlot slot);
    void recall(VirtualRequest& request);
    void giveUp(RequestSlot slot, int status);
    RequestSlot takeSlot();
    void checkHealth(std::uint8_t number);
    bool passesCheck(const TierMember& member, const HealthCheck& check) const;
    void stop(ReplicaIndex replica);
    void start(ReplicaIndex replica);

    // what is wrong with replicas
    void beginFault(const Intervention& intervention, ReplicaIndex replica);
    void startFault(ReplicaIndex replica, const Intervention& fault);
    void endFault(ReplicaIndex replica, Intervention::Kind kind);
    void endFaults(ReplicaIndex replica);
    void faultIsOver(ReplicaIndex replica, std::uint32_t number);
    void tellGone(ReplicaIndex replica);
    void updateReplicas(const Intervention& intervention);
    bool isHeldBack(RequestSlot slot);
    void watch(RequestSlot slot);
    void timesOut(RequestSlot slot);
    Duration demandInTrouble(const VirtualRequest& request, Duration demand) const;
    bool breaksInAnswer(RequestSlot slot);
    void spoilAnswer(VirtualRequest& request) const;
    bool answersCheck(ReplicaIndex which, const HealthCheck& check) const;
    void loseSessionsOf(ReplicaIndex replica);
    void loseSession(ClientIndex index);

    void observe(const Observation& observation);
    Observation about(const VirtualRequest& request, ObservationKind kind) const;
    void observeReplica(ReplicaIndex replica, ObservationKind kind);
    void observePassedOn(const VirtualRequest& request, std::uint8_t to);
    void noteCookies(ClientIndex index);
    void noteChange(ClientIndex of);
    /// What this cookie names at the balancers of one tier.
    std::pair<ReplicaIndex, std::uint8_t> namedAt(const BalancerTier& tier, TextId cookie,
                                                  const VirtualBalancer::Asker& asker);
    std::vector<CastBalancer> castBalancers() const;
    std::optional<int> weightOf(ReplicaIndex replica) const;

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
    std::vector<VirtualBalancer> m_balancers; ///< tier by tier
    std::vector<BalancerTier> m_tiers; ///< the first is in front
    std::vector<std::uint8_t> m_tierOf; ///< of each balancer
    std::vector<std::uint8_t> m_entries; ///< the tier that each resource is asked of
    /// One tier, whose servers are the replicas in their order: their numbers are the same.
    bool m_flat = true;
    /// By slot: the views of those in front of the one that has the request.
    std::vector<std::vector<VirtualVisit>> m_visits;
    /// Where rules of several balancers in a row are written.
    std::vector<std::pair<TextId, std::string>> m_joinedRules;
    bool m_looksAtSource = false; ///< some balancer does, to read a cookie
    bool m_sharesSessions = false; ///< some of those side by side do
    bool m_perConnection = false; ///< they place connections, not requests
    bool m_namesConnections = false; ///< some balancer does: see StickyPolicy::namesConnections()
    bool m_hasCache = false;
    bool m_applicationSpeaks = false; ///< its answers depend on whether it has the session
    std::vector<TextId> m_cached; ///< the Set-Cookie that a cache in front keeps, by page
    std::vector<std::size_t> m_pages; ///< of each resource: the first that is the same
    std::vector<VirtualReplica> m_replicas;
    std::vector<ReplicaTrouble> m_troubles; ///< by replica
    bool m_troubled = false; ///< something is or was wrong, or a balancer does not wait for ever
    bool m_hasPathCookies = false;
    std::vector<Intervention> m_updateSteps; ///< of rolling updates, by event
    std::vector<VirtualClient> m_clients;
    std::vector<http::CookieJar> m_jars;
    std::vector<VirtualRequest> m_requests;
    std::vector<RequestSlot> m_freeSlots;
    // For pictures:
    /// By client and tier: what its cookie names, where there are several balancers.
    std::vector<std::pair<ReplicaIndex, std::uint8_t>> m_held;
    ChangedCookies m_changed;
    std::vector<Observation> m_pending;
    bool m_flightsObserved = true;
};

} // namespace stickyscope
