// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/balance/balancing_policy.h"
#include "sim/model/scenario.h"
#include "sim/products/product_rows.h"
#include "sim/products/resilience.h"
#include "sim/products/sticky_policy.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

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
    /// How the product finds it; null: as hashedPart() says.
    std::optional<std::string_view> (*read)(const http::RequestHead&, std::string_view) = nullptr;
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
        choice,
        words ///< one or more of `choices`, each once, a blank between them; held as text
    };

    std::string_view key; ///< in files: the product's own word, in kebab-case
    Type type = Type::flag;
    std::string_view explanation; ///< a sentence or two
    /// The default as files write it ("3", "10s"), or in words where no value says it ("any
    /// number"). Of a flag nothing: it is false.
    std::string_view usual {};
    double least = 0; ///< whole, number; a time in seconds
    double most = 0;
    std::span<const std::string_view> choices {};
};

// Apart, so that these operators hide nobody else's: they are found by their arguments.
namespace cookie_key {

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

} // namespace cookie_key
using cookie_key::CookieKey;
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
    std::string_view opaqueAlgorithm = {}; ///< nor in that of this one, where others are known
    /// It takes any text for its cookie's name and its SameSite, and makes of it what it can.
    bool anyCookieText = false;
    std::size_t longestRoute = 0; ///< of a server's `route`, in characters; 0: any
    unsigned cookieKeys = 0; ///< CookieKey; 0: nothing of it can be set
    std::span<const Setting> cookieSettings; ///< further keys of `sticky`
    std::span<const Setting> settings; ///< further keys of `balancer`
    int statusWithoutReplica = 503; ///< when nothing takes fresh requests; 0: no answer at all
    const Rule* picked = nullptr; ///< for a fresh request
    /// For a balancer whose `sticky` is there.
    std::unique_ptr<StickyPolicy> (*sticky)(const BalancerSpec&, const ReplicaSet&) = nullptr;
    OnFailure (*failed)(const BalancerSpec&, const Attempt&) = nullptr;
    /// Whether a request that a replica may have acted upon is sent once more, by its method; null:
    /// where that does no harm (RFC 9110, 9.2.2).
    bool (*repeats)(const BalancerSpec&, std::string_view method) = nullptr;
    /// Whether a server's answer of this status is a failed attempt, after which failed() is asked,
    /// and not the client's while that tries again; null: none is.
    bool (*rejects)(const BalancerSpec&, int status) = nullptr;
    PassiveCheck (*passive)(const BalancerSpec&) = nullptr; ///< null: it has none
    CircuitBreaking (*circuit)(const BalancerSpec&) = nullptr; ///< null: it has none
    ServerLimit (*limit)(const BalancerSpec&) = nullptr; ///< null: it has none
    FailOpen (*failOpen)(const BalancerSpec&) = nullptr; ///< null: it never does
    /// What its hashing algorithms hash, where its cookie does not say; null: the address, always.
    HashKey (*hashKey)(const BalancerSpec&) = nullptr;
    SlowStart (*slowStart)(const BalancerSpec&) = nullptr; ///< null: it has none
    /// Whether of several backups the first that is up gets all that comes to them; null: never.
    bool (*oneBackup)(const BalancerSpec&) = nullptr;
    /// Whether a request is for the servers that are a canary's; null: it has none.
    CanaryChoice (*canary)(const BalancerSpec&, const http::RequestHead&) = nullptr;
    /// The id of the algorithm that the canary has for itself; empty: the same. Null: it never
    /// does.
    std::string_view (*canaryAlgorithm)(const BalancerSpec&) = nullptr;
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
    /// The version with which its own stickiness of this kind came, where most installations are
    /// older than that: "1.29.6"; else empty. Null: it has long had it.
    std::string_view (*stickySince)(const BalancerSpec&) = nullptr;
    /// Why there is no such balancer, as the product itself would refuse it; empty: there is one.
    /// In one line, that goes on behind its title. Null: whatever can be set goes together.
    std::string (*refuses)(const BalancerSpec&) = nullptr;
    /// Likewise, why it cannot have that other balancer as a server.
    std::string (*refusesServer)(const BalancerSpec&, const BalancerSpec&) = nullptr;
    /// The version that such a balancer has, where it can be chosen. Null: `follows` says it.
    std::string_view (*version)(const BalancerSpec&) = nullptr;
    Duration answerTimeout {}; ///< how long it waits for an answer; zero: for ever
    bool retriesTimeouts = false; ///< then failed() is asked; else it answers 504
    /// A client that ends its side while it waits ends its request, and gets this status; 0: no
    /// answer. Absent: it is answered as if nothing had been.
    std::optional<int> endsWithClient {};
    int malformed = 502; ///< its answer in the place of a server's that is no HTTP
    Fault halfHead = Fault::reset; ///< what it takes an answer for that stops in its head
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

/// The version in force, "2.6.2", or whatever else says whose behaviour it is.
std::string_view versionOf(const Product& product, const BalancerSpec& balancer);

/// The algorithm of this name in the product's configuration, the default for an empty name;
/// null where it has none.
const ProductAlgorithm* findAlgorithm(const Product& product, std::string_view name);
/// The setting of this key among these, or null.
const Setting* findSetting(std::span<const Setting> settings, std::string_view key);
/// Its default; never empty.
constexpr std::string_view usualOf(const Setting& setting)
{
    return setting.usual.empty() ? "false" : setting.usual;
}
/// Whether this word stands in a value of Setting::Type::words.
bool hasWord(std::string_view words, std::string_view word);
/// The words of such a value.
std::vector<std::string_view> wordsOf(std::string_view words);
/// Each setting of any product's `balancer` once, in the order of the table; likewise `sticky`.
std::vector<const Setting*> allSettings();
std::vector<const Setting*> allCookieSettings();
/// Gives the balancer another product, and takes away what that product does not have.
void changeProduct(BalancerSpec& balancer, const Product& product);

/// The sticky policy `none`: reads nothing, writes nothing, and says so by `rule`.
std::unique_ptr<StickyPolicy> makeNoStickiness(const Rule& rule);

} // namespace stickyscope
