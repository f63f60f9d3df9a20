// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/instant.h"
#include "sim/model/intervention_set.h"
#include "sim/model/observation.h"
#include "sim/model/reconciliation.h"
#include "sim/model/text_table.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope {

/// One balancer of several.
struct CastBalancer
{
    std::string name;
    std::string cookie; ///< the name of its sticky cookie; empty where it sets none
    std::uint8_t place = 0; ///< as interventions count: those side by side have the same
    bool asked = false; ///< clients ask it, not only another balancer
    bool beside = false; ///< there are others of the same kind beside it...
    bool sharesSessions = false; ///< ...and it knows what they remember of sessions
    std::vector<ReplicaIndex> replicas; ///< among its servers
    std::vector<std::uint8_t> balancers; ///< likewise, by their place in the cast

    bool operator==(const CastBalancer&) const = default;
};
inline constexpr std::uint8_t noBalancer = 0xff;

/// What a lane is about: the names behind the numbers of its observations.
struct Cast
{
    std::vector<std::string> replicas;
    std::vector<std::string> clients;
    std::vector<std::string> clientKinds; ///< one for each client
    std::string balancer;
    /// Each of them where there are several; empty for one in front of all replicas.
    std::vector<CastBalancer> balancers;
    std::string notice; ///< one sentence about the run as a whole; empty while there is none
    bool sessionsVisible = true; ///< whether the world knows that a session is broken
    bool stickyWithheld = false; ///< clients keep the sticky cookie, but do not send it
    bool decisionsVisible = true; ///< whether it knows why a replica was chosen
    bool replicasElsewhere = false; ///< they are run, and stopped, by somebody else
};

struct LaneSnapshot;

/// Where the requests of one lane happen. The virtual world, the lab and live stand behind it as
/// equals; an experiment knows no other.
class World
{
public:
    virtual ~World() = default;

    /// Who takes part so far; a live world learns replicas as it meets them.
    virtual const Cast& cast() const = 0;
    virtual const TextTable& texts() const = 0;
    /// Whether requests on their way (sent, placed, served) are observed too. Measures do without
    /// them; pictures and digests do not. Changes nothing else. On unless switched off.
    virtual void setFlightsObserved(bool) { }
    /// All that happened up to and including `until`, in order, goes to `sink`.
    virtual void advance(Instant until, ObservationSink& sink) = 0;
    /// What apply() can do here; it leaves out whatever else it is asked.
    virtual InterventionSet can() const = 0;
    /// Takes effect at the instant reached by the last advance().
    virtual void apply(const Intervention& intervention) = 0;
    /// Adds to a picture what no observation tells: what is wrong with replicas, whose cookies
    /// clients have. What is there already are the names and what was observed.
    virtual void addTo(LaneSnapshot&) const { }
    /// What people call a replica from now on; only where names are the world's to change.
    virtual void renameReplica(ReplicaIndex, const std::string&) { }
    /// When the next thing happens; Instant::max() for never or unknown.
    virtual Instant nextEvent() const = 0;
    /// What clients, balancer and replicas have each counted; nothing where only one world of facts
    /// exists, as in the model.
    virtual std::optional<Reconciliation> reconciliation() const { return std::nullopt; }
    /// The run has ended: waits, some seconds at most, until what was sent has ended too, so that
    /// counts can be compared. What ends meanwhile is in no measure.
    virtual void settle() { }
    /// A copy that goes its own way, or null where the world cannot be copied.
    virtual std::unique_ptr<World> clone() const = 0;
};

} // namespace stickyscope
