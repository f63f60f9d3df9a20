// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/custom_value.h"

#include "sim/products/digests.h"
#include "sim/products/f5_cookie.h"

namespace stickyscope {

namespace {

std::string hashedText(const Settings& given, const ReplicaView& replica)
{
    const std::string of = given.text("value-of", "address");
    return of == "name" ? replica.routeOrName()
        : of == "url"   ? replica.url
                        : std::string(replica.address());
}

// Empty where `kind` is no hash.
std::string digest(const std::string& kind, const std::string& secret, const std::string& text)
{
    if (kind == "md5")
        return md5Hex(text);
    if (kind == "sha1")
        return sha1Hex(text);
    if (kind == "sha256")
        return sha256Hex(text);
    if (kind == "hmac")
        return hmacSha256Hex(secret, text);
    if (kind == "xxhash")
        return hexOf(xxHash64(text), 16);
    return kind == "fnv" ? fnv1Hex(text) : std::string();
}

} // namespace

std::string customValue(const Settings& given, const ReplicaView& replica, std::size_t place)
{
    const std::string kind = given.text("value", "name");
    if (kind == "name")
        return replica.routeOrName();
    if (kind == "address")
        return std::string(replica.address());
    if (kind == "url")
        return replica.url;
    if (kind == "index")
        return std::to_string(place);
    if (kind == "base64")
        return base64(hashedText(given, replica));
    if (kind == "f5")
        return writeF5Cookie(replica.address());
    return digest(kind, given.text("secret"), hashedText(given, replica))
        .substr(0, static_cast<std::size_t>(given.whole("digits", 64)));
}

} // namespace stickyscope
