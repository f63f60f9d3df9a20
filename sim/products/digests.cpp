// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/digests.h"

#include <array>
#include <cstdint>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>

namespace stickyscope {

namespace {

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;
constexpr std::string_view digits = "0123456789abcdef";

std::string hexOf(const Digest& digest, unsigned size)
{
    std::string result;
    for (unsigned place = 0; place < size; ++place) {
        result += digits[digest.at(place) >> 4U];
        result += digits[digest.at(place) & 0xfU];
    }
    return result;
}

std::string digestHex(const EVP_MD* algorithm, std::string_view text)
{
    Digest digest {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, algorithm, nullptr);
    return hexOf(digest, size);
}

std::string hmacHex(const EVP_MD* algorithm, std::string_view key, std::string_view text)
{
    Digest digest {};
    unsigned size = 0;
    HMAC(algorithm, key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
    return hexOf(digest, size);
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

std::string md5Hex(std::string_view text)
{
    return digestHex(EVP_md5(), text);
}

std::string hmacSha256Hex(std::string_view key, std::string_view text)
{
    return hmacHex(EVP_sha256(), key, text);
}

std::string hmacSha1Hex(std::string_view key, std::string_view text)
{
    return hmacHex(EVP_sha1(), key, text);
}

std::string hmacMd5Hex(std::string_view key, std::string_view text)
{
    return hmacHex(EVP_md5(), key, text);
}

std::string fnv1Hex(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037U;
    for (const unsigned char octet : text) {
        hash *= 1099511628211U;
        hash ^= octet;
    }
    return hexOf(hash, 1);
}

std::uint64_t xxHash64(std::string_view text)
{
    return XXH64(text.data(), text.size(), 0);
}

std::string hexOf(std::uint64_t number, std::size_t width)
{
    std::string text;
    for (; number > 0 || text.size() < width; number >>= 4U)
        text.insert(text.begin(), digits[number & 0xfU]);
    return text;
}

std::string base64(std::string_view octets)
{
    std::string text(4 * ((octets.size() + 2) / 3) + 1, '\0');
    const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                        reinterpret_cast<const unsigned char*>(octets.data()),
                                        static_cast<int>(octets.size()));
    text.resize(static_cast<std::size_t>(written));
    return text;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0 || text.empty())
        return std::nullopt;
    std::string octets(text.size() / 4 * 3, '\0');
    const int written = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                        reinterpret_cast<const unsigned char*>(text.data()),
                                        static_cast<int>(text.size()));
    if (written < 0)
        return std::nullopt;
    // OpenSSL counts the padding as octets, and trims white space, which is none of ours.
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    octets.resize(static_cast<std::size_t>(written) - padding);
    if (base64(octets) != text)
        return std::nullopt;
    return octets;
}

} // namespace stickyscope
