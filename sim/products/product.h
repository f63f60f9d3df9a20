// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/model/scenario.h"
#include "sim/products/product_rows.h"
#include "sim/products/sticky_policy.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stickyscope {

/// How a replica let a request down.
enum class Fault : std::uint8_t
{
    refused, ///< no connection: stopped, or its queue is full
    reset, ///< the connection broke before the answer
    timedOut, ///< no answer came within Product::answerTimeout
};

/// One failed attempt of a request.
struct Attempt
{
    Fault fault = Fault::refused;
    int number = 0; ///< 0 is the first
    Bound bound = Bound::no; ///< it came to its replica by its cookie
    Duration since {}; ///< the request came to the balancer
    std::size_t replicas = 1; ///< that take fresh requests, this one's apart where it now does not
    int known = 1; ///< all replicas
    bool hashed = false; ///< it came to its replica by its cookie's hash
    bool retried = false; ///< it has failed before, and was tried again
    bool insists = false; ///< see Recall::insists
    bool foundNone = false; ///< no replica took it
};

/// What a product does next with a request whose replica failed.
struct OnFailure
{
    enum class Action : std::uint8_t
    {
        sameAgain,
        another, ///< the algorithm picks, and avoids the one that failed
        anew, ///< the cookie is asked once more, and then the algorithm, as if it had just come
        giveUp
    };

    Action action = Action::giveUp;
    Duration wait {}; ///< before the next attempt, or the answer
    int status = 502; ///< the balancer's own answer, when it gives up; 0: no answer at all
    const Rule* rule = nullptr;
};

/// Passive checks: failures that clients met mark a replica down for a while.
struct PassiveCheck
{
    int failures = 0; ///< in a row within `within`; 0: there are no passive checks
    Duration within {}; ///< zero: whenever
    Duration out {}; ///< how long the replica is left out
    bool wholeSeconds = false; ///< time is counted in whole seconds, and must have passed by one
    bool whenAsked = false; ///< then only a request that could go there takes it back
    bool frontWhoeverAsks = false; ///< but any one does so that finds none before it that is in
    bool afresh = false; ///< taken back, it needs as many failures once more to be left out
    int largestShare = 100; ///< of all replicas, in hundredths, that may be left out at once
    int errors = 0; ///< in a row: failures, and answers of 500 and above; 0: they do not count
    bool gatewayErrors = false; ///< an answer of 502, 503 or 504 is a failure too
    bool allBackAtOnce = false; ///< where all are left out, the next request takes all of them back
    bool notTheOnlyOne = false; ///< where there is but one replica, it is never left out
};

/// What the balancer answers itself, and why.
struct Refusal
{
    const Rule* rule = nullptr;
    int status = 503;
};

/// What is turned away before any server is looked at, and which retries are not made. Nothing is
/// where nothing is set.
struct CircuitBreaking
{
    int mostRequests = 0; ///< at once; 0: any number
    double errorRatio = 1; ///< of 502 and 504 within 10 s, above which it opens; 1: never
    Duration staysOpen {};
    Duration recovers {}; ///< from then on until all are let through
    int mostRetries = 0; ///< of all requests, those at once that are tried again; 0: any number
    Refusal tooMany {};
    Refusal open {};
    Refusal tooManyRetries {};
};

/// How many requests each server may have at once, and what becomes of one beyond.
struct ServerLimit
{
    std::optional<int> most {}; ///< absent: any number
    /// Connections of all servers together, idle ones too: none is closed but where a request
    /// failed. A server that has none gets one all the same. 0: any number.
    int connections = 0;
    int mostRequests = 0; ///< of all servers together, those apart that wait; 0: any number
    /// It waits: a bound one for its server, a fresh one for any. Else a server that is full is
    /// passed over as if it were down.
    bool queues = false;
    int longestQueue = 0; ///< of one server; 0: any length
    int longestQueues = 0; ///< of all servers together; likewise
    bool elsewhere = false; ///< where that queue is too long, or its server is down; else 503
    /// To the algorithm it is with its server already, which has failed where it waits in vain.
    bool taken = false;
    Duration patience {}; ///< how long it waits; zero: for as long as it takes
    int statusInVain = 503; ///< then
    const Rule* waitedThere = nullptr;
    const Rule* waitedForAny = nullptr;
    const Rule* waitedInVain = nullptr;
    const Rule* queueFull = nullptr; ///< 503
    const Rule* tooMany = nullptr; ///< beyond mostRequests: 503
};

/// How a server that has just come up or joined gets less than its weight.
struct SlowStart
{
    Duration window {}; ///< from nothing to all of it; zero: it has all of it at once
    int least = 0; ///< hundredths of its weight that it has from the beginning
    bool afterPassive = false; ///< also one that passive checks had left out
    bool fromBeginning = false; ///< also all that are there when the balancer begins
};

/// What an algorithm makes of servers that are full, where requests wait.
enum class WhenFull : std::uint8_t
{
    passesOver,
    waitsThere, ///< it chooses all the same, and the request waits for that server
    waitsForAny ///< likewise, and it waits for any
};

/// An algorithm under the name that the product's own configuration gives it.
struct ProductAlgorithm
{
    std::string_view name;
    std::string_view id; ///< in the table of algorithms
    WhenFull whenFull = WhenFull::passesOver;
    WhenFull whenBackupFull = WhenFull::passesOver; ///< see Product::oneBackup
};

/// What of a request an algorithm hashes.
struct HashKey
{
    enum class Of : std::uint8_t
    {
        source, ///< the client's address
        header,
        query, ///< a parameter of the address asked for
        path,
        uri, ///< the path with its query
        cookie
    };

    Of of = Of::source;
    std::string name {}; ///< of the header, the parameter or the cookie
    bool firstOfList = false; ///< of a header what stands before its first comma
};

/// Something that a product lets people set, beyond what all products have. The key means the
/// same kind of value in every product that has it.
struct Setting
{
    enum class Type : std::uint8_t
    {
        flag,
        whole,
        number,
        time,
        text, ///< printable ASCII without ; and ,
        choice
    };

    std::string_view key; ///< in files: the product's own word, in kebab-case
    Type type = Type::flag;
    std::string_view explanation; ///< one sentence, with the default
    double least = 0; ///< whole, number; a time in seconds
    double most = 0;
    std::span<const std::string_view> choices {};
};

/// Of what all sticky cookies have, which a product lets people set.
enum class CookieKey : std::uint8_t
{
    name = 1,
    path = 2,
    domain = 4,
    secure = 8,
    httpOnly = 16,
    sameSite = 32,
    maxAge = 64,
};
constexpr unsigned operator|(CookieKey one, CookieKey other)
{
    return static_cast<unsigned>(one) | static_cast<unsigned>(other);
}
constexpr unsigned operator|(unsigned some, CookieKey other)
{
    return some | static_cast<unsigned>(other);
}
inline constexpr unsigned allCookieKeys = 127;

/// How large a request's head may be, and what is answered to a larger one.
struct HeadLimit
{
    std::size_t octets = 0; ///< 0: there is no limit that anybody meets
    bool ofOneField = false; ///< of the field Cookie alone; else of the whole head
    std::uint16_t status = 400;
    const Rule* rule = nullptr;
};

/// For what a product has whatever is set.
constexpr bool always(const BalancerSpec&)
{
    return true;
}

/// Something in which a product here is known not to be the real one, so that tests beside it take
/// no notice. Such a list is short.
struct Difference
{
    std::string_view id; ///< by which the tests name it
    std::string_view what; ///< one sentence
    std::string_view why; ///< likewise
};

/// One product: everything that hangs on it.
struct Product
{
    std::string_view id; ///< in files and on the command line
    std::string_view title; ///< in the window
    std::string_view follows; ///< the versions whose behaviour it has
    std::string_view source; ///< where that behaviour was read or measured
    std::string_view documentsOnly; ///< what of it nobody has measured; empty for nothing
    std::span<const Difference> differences; ///< of its own; see differencesOf()
    std::span<const ProductAlgorithm> algorithms; ///< the first is the default
    bool isProduct = true; ///< else there is nothing that it could be measured against
    int largestWeight = 1000;
    int fall = 1; ///< failed checks in a row that mark a server down, where nothing is set
    int rise = 1;
    bool hasBackups = false; ///< servers that wait until no other is up
    bool hasSpares = false; ///< servers that stand in for others, one for one
    bool hasRedirects = false; ///< servers that leave their bound requests to another one
    bool hasZones = false; ///< it prefers servers of its own zone
    bool looksAgain = false; ///< where no server takes a request, failed() is asked as well
    bool cookieOfEachAttempt = false; ///< a retried request's answer carries all of them
    bool opaqueValue = false; ///< nobody knows what stands in its cookie: the model's is made up
    unsigned cookieKeys = 0; ///< CookieKey; 0: nothing of it can be set
    std::span<const Setting> cookieSettings; ///< further keys of `sticky`
    std::span<const Setting> settings; ///< further keys of `balancer`
    int statusWithoutReplica = 503; ///< when nothing takes fresh requests; 0: no answer at all
    const Rule* picked = nullptr; ///< for a fresh request
    /// For a balancer whose `sticky` is there.
    std::unique_ptr<StickyPolicy> (*sticky)(const BalancerSpec&, const ReplicaSet&) = nullptr;
    OnFailure (*failed)(const BalancerSpec&, const Attempt&) = nullptr;
    PassiveCheck (*passive)(const BalancerSpec&) = nullptr; ///< null: it has none
    CircuitBreaking (*circuit)(const BalancerSpec&) = nullptr; ///< null: it has none
    ServerLimit (*limit)(const BalancerSpec&) = nullptr; ///< null: it has none
    /// What its hashing algorithms hash, where its cookie does not say; null: the address, always.
    HashKey (*hashKey)(const BalancerSpec&) = nullptr;
    SlowStart (*slowStart)(const BalancerSpec&) = nullptr; ///< null: it has none
    /// Whether of several backups the first that is up gets all that comes to them; null: never.
    bool (*oneBackup)(const BalancerSpec&) = nullptr;
    /// Why a pick among these servers never ends, so that everybody waits who comes with it or
    /// after it, until the balancer's configuration is read again. Null where it does; null:
    /// always.
    const Rule* (*picksForever)(const BalancerSpec&, const ReplicaSet&) = nullptr;
    /// The id of the algorithm that stickiness brings with it, whatever is set; empty for none.
    /// Null: it never does.
    std::string_view (*stickyAlgorithm)(const BalancerSpec&) = nullptr;
    /// Whether its algorithm goes on where it was after a reload that changes nothing of it; null:
    /// it begins anew.
    bool (*reloadKeepsPicks)(const BalancerSpec&) = nullptr;
    Duration answerTimeout {}; ///< how long it waits for an answer; zero: for ever
    bool retriesTimeouts = false; ///< then failed() is asked; else it answers 504
    HeadLimit head {};

    bool hasCookie() const { return sticky != nullptr; }
    bool has(CookieKey key) const { return (cookieKeys & static_cast<unsigned>(key)) != 0; }
};

/// All products; a new one is a file of its own and a row here.
std::span<const Product* const> products();
/// Null where there is none of this id.
const Product* findProduct(std::string_view id);

/// Its own differences from the real one, and those of all products.
std::vector<Difference> differencesOf(const Product& product);

/// The algorithm of this name in the product's configuration, the default for an empty name;
/// null where it has none.
const ProductAlgorithm* findAlgorithm(const Product& product, std::string_view name);
/// The setting of this key among these, or null.
const Setting* findSetting(std::span<const Setting> settings, std::string_view key);
/// Each setting of any product's `balancer` once, in the order of the table; likewise `sticky`.
std::vector<const Setting*> allSettings();
std::vector<const Setting*> allCookieSettings();
/// Gives the balancer another product, and takes away what that product does not have.
void changeProduct(BalancerSpec& balancer, const Product& product);

/// The sticky policy `none`: reads nothing, writes nothing, and says so by `rule`.
std::unique_ptr<StickyPolicy> makeNoStickiness(const Rule& rule);

} // namespace stickyscope
