// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/model/observation.h"
#include "sim/model/replica_set.h"
#include "sim/model/scenario.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace stickyscope {

/// Why a balancer did something: one sentence for people, and where it is written.
struct Rule
{
    std::string_view sentence;
    std::string_view source;
};

/// What a product read in a request before its algorithm is asked.
struct Recall
{
    CookieIn state = CookieIn::none;
    ReplicaIndex names = noReplica; ///< the replica that the cookie names, usable or not
    bool bound = false; ///< the request goes to `names`, without the algorithm
    bool rewrite = false; ///< bound, but by an outdated value that is written anew
    const Rule* rule = nullptr; ///< never null once a policy has answered
};

/// Where a request went, for the product to write its cookie by.
struct Placement
{
    const Recall& recall;
    const ReplicaSet& replicas;
    ReplicaIndex replica = noReplica; ///< that answered, or was picked
};

/// Who made the response that a cookie may be added to.
enum class Origin : std::uint8_t
{
    replica,
    balancer
};

/// What one product does with its cookie. Immutable: it may be shared between copies of a world.
class StickyPolicy
{
public:
    virtual ~StickyPolicy() = default;

    /// Reads the request's cookies. Depends on nothing but its arguments.
    virtual Recall recall(const http::RequestHead& request, const ReplicaSet& replicas,
                          WallSeconds now) const = 0;
    /// Edits the request on its way to the replica (HAProxy's indirect).
    virtual void forward(http::RequestHead&) const { }
    /// Adds to the response on its way to the client, and says what it did.
    virtual CookieOut remember(const Placement& placement, Origin origin,
                               http::ResponseHead& response, WallSeconds now) const = 0;
    /// The name of the cookie that it reads; empty where it reads none.
    virtual std::string_view cookieName() const { return {}; }
};

/// How a replica let a request down.
enum class Fault : std::uint8_t
{
    refused, ///< no connection: stopped, or its queue is full
    reset, ///< the connection broke before the answer
};

/// What a product does next with a request whose replica failed.
struct OnFailure
{
    enum class Action : std::uint8_t
    {
        sameAgain,
        another,
        giveUp
    };

    Action action = Action::giveUp;
    Duration wait {}; ///< before the next attempt, or the answer
    int status = 502; ///< the balancer's own answer, when it gives up
    const Rule* rule = nullptr;
};

/// An algorithm under the name that the product's own configuration gives it.
struct ProductAlgorithm
{
    std::string_view name;
    std::string_view id; ///< in the table of algorithms
};

/// One product: everything that hangs on it.
struct Product
{
    std::string_view id; ///< in files and on the command line
    std::string_view title; ///< in the window
    std::string_view follows; ///< the versions whose behaviour it has
    std::string_view source; ///< where that behaviour was read or measured
    std::span<const ProductAlgorithm> algorithms; ///< the first is the default
    int largestWeight = 1000;
    int fall = 1; ///< failed checks in a row that mark a server down, where nothing is set
    int rise = 1;
    bool hasCookie = true;
    bool hasCookieScope = false; ///< path and max-age of the cookie can be set
    bool hasIndirect = false; ///< knows indirect and nocache
    bool hasRedispatch = false;
    int statusWithoutReplica = 503; ///< when nothing takes fresh requests
    const Rule* picked = nullptr; ///< for a fresh request
    std::unique_ptr<StickyPolicy> (*sticky)(const StickySpec&, const ReplicaSet&) = nullptr;
    OnFailure (*failed)(const BalancerSpec&, Fault, int attempt) = nullptr;
};

/// All products; a new one is a file of its own and a row here.
std::span<const Product* const> products();
/// Null where there is none of this id.
const Product* findProduct(std::string_view id);

/// The algorithm of this name in the product's configuration, the default for an empty name;
/// null where it has none.
const ProductAlgorithm* findAlgorithm(const Product& product, std::string_view name);

/// The sticky policy `none`: reads nothing, writes nothing.
std::unique_ptr<StickyPolicy> makeNoStickiness(const Product& product);

/// The parts of a Set-Cookie field behind the value, in the order in which Go writes them.
std::string attributesInGoOrder(const StickySpec& spec);

extern const Product traefik;
extern const Product haproxy;
extern const Product plain;

} // namespace stickyscope
