// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/balance/hashes.h"

// For its state on the stack.
#define XXH_STATIC_LINKING_ONLY

#include <algorithm>
#include <arpa/inet.h>
#include <bit>
#include <xxhash.h>

namespace stickyscope {

namespace {

constexpr std::array<std::uint32_t, 256> crcTable = [] {
    std::array<std::uint32_t, 256> table {};
    for (std::uint32_t octet = 0; octet < table.size(); ++octet) {
        std::uint32_t rest = octet;
        for (int bit = 0; bit < 8; ++bit)
            rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? 0xedb88320U : 0U);
        table[octet] = rest;
    }
    return table;
}();

} // namespace

std::uint32_t crc32(std::string_view text, std::uint32_t before)
{
    std::uint32_t rest = ~before;
    for (const char letter : text)
        rest = crcTable[(rest ^ static_cast<unsigned char>(letter)) & 0xffU] ^ (rest >> 8U);
    return ~rest;
}

std::uint64_t xxHash64(std::string_view text, std::uint64_t seed)
{
    return XXH64(text.data(), text.size(), seed);
}

std::uint64_t xxHash64(std::string_view first, std::string_view second)
{
    XXH64_state_t state;
    XXH64_reset(&state, 0);
    XXH64_update(&state, first.data(), first.size());
    XXH64_update(&state, second.data(), second.size());
    return XXH64_digest(&state);
}

std::uint32_t sdbm(std::string_view text)
{
    std::uint32_t hash = 0;
    for (const char letter : text)
        hash = static_cast<unsigned char>(letter) + (hash << 6U) + (hash << 16U) - hash;
    return hash;
}

std::uint32_t djb2(std::string_view text)
{
    std::uint32_t hash = 5381;
    for (const char letter : text)
        hash = (hash << 5U) + hash + static_cast<unsigned char>(letter);
    return hash;
}

std::uint32_t wt6(std::string_view text)
{
    std::uint32_t one = 0xa53c965a;
    std::uint32_t other = 0x5ca6953a;
    int turnOther = 6;
    int turnOne = 18;
    for (const char letter : text) {
        const std::uint32_t octet = static_cast<unsigned char>(letter);
        one = ~(one ^ octet);
        other = ~(other + octet);
        const std::uint32_t turned = std::rotl(other, turnOther);
        other = std::rotl(one, turnOne);
        one = turned;
        const std::uint32_t mixed = ((one >> 16U) ^ other) & 0xffffU;
        turnOther = static_cast<int>(mixed & 0x1fU);
        turnOne = static_cast<int>(mixed >> 11U);
    }
    return one ^ other;
}

std::optional<AddressBytes> addressBytes(std::string_view text)
{
    std::array<char, INET6_ADDRSTRLEN> terminated {};
    if (text.size() >= terminated.size())
        return std::nullopt;
    std::copy(text.begin(), text.end(), terminated.begin());
    AddressBytes address;
    if (inet_pton(AF_INET, terminated.data(), address.bytes.data()) == 1) {
        address.size = 4;
        return address;
    }
    if (inet_pton(AF_INET6, terminated.data(), address.bytes.data()) == 1) {
        address.size = 16;
        return address;
    }
    return std::nullopt;
}

} // namespace stickyscope
