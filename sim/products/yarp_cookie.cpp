// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/yarp_cookie.h"

#include "sim/http/head.h"
#include "sim/products/digests.h"

#include <algorithm>
#include <cctype>

namespace stickyscope {

namespace {

std::string inCapitals(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char octet) { return static_cast<char>(std::toupper(octet)); });
    return text;
}

// .NET's strings; names of replicas are ASCII.
std::string utf16(std::string_view text)
{
    std::string octets;
    for (const char octet : text)
        octets.append({octet, '\0'});
    return octets;
}

} // namespace

std::string yarpHashValue(std::string_view id)
{
    return hexOf(xxHash64(utf16(inCapitals(std::string(id)))), 16);
}

std::string yarpArrValue(std::string_view id)
{
    return inCapitals(sha256Hex(utf16(http::lowered(id))));
}

} // namespace stickyscope
