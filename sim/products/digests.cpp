// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <openssl/evp.h>

namespace stickyscope {

namespace {

std::string digestHex(const EVP_MD* algorithm, std::string_view text)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr);
    std::string result;
    for (unsigned place = 0; place < size; ++place) {
        result += digits[digest.at(place) >> 4U];
        result += digits[digest.at(place) & 0xfU];
    }
    return result;
}

} // namespace

std::string sha256Hex(std::string_view text)
{
    return digestHex(EVP_sha256(), text);
}

std::string sha1Hex(std::string_view text)
{
    return digestHex(EVP_sha1(), text);
}

std::string fnv1Hex(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037U;
    for (const unsigned char octet : text) {
        hash *= 1099511628211U;
        hash ^= octet;
    }
    std::array<char, 16> digits {};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
    return {digits.data(), end};
}

} // namespace stickyscope
