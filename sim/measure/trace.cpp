// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/measure/trace.h"

#include <array>
#include <openssl/evp.h>

namespace stickyscope {

namespace {

template <typename Number>
void put(std::string& buffer, Number number)
{
    auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t octet = 0; octet < sizeof(Number); ++octet) {
        buffer += static_cast<char>(bits & 0xffU);
        bits >>= 8U;
    }
}

} // namespace

void Trace::Free::operator()(evp_md_ctx_st* context) const
{
    EVP_MD_CTX_free(context);
}

Trace::Trace()
    : m_context(EVP_MD_CTX_new())
{
    EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr);
}

Trace::Trace(const Trace& other)
    : m_context(EVP_MD_CTX_new())
    , m_seen(other.m_seen)
{
    EVP_MD_CTX_copy_ex(m_context.get(), other.m_context.get());
}

Trace::Trace(Trace&&) noexcept = default;
Trace& Trace::operator=(Trace&&) noexcept = default;
Trace::~Trace() = default;

void Trace::addText(TextId id, const TextTable& texts)
{
    put(m_buffer, raw(id));
    if (raw(id) >= m_seen.size())
        m_seen.resize(raw(id) + 1);
    if (m_seen[raw(id)])
        return;
    m_seen[raw(id)] = true;
    const std::string& text = texts.text(id);
    put(m_buffer, static_cast<std::uint32_t>(text.size()));
    m_buffer += text;
}

void Trace::add(std::span<const Observation> observations, const TextTable& texts)
{
    m_buffer.clear();
    for (const Observation& one : observations) {
        put(m_buffer, one.at.time_since_epoch().count());
        put(m_buffer, one.value.count());
        put(m_buffer, one.ordinal);
        put(m_buffer, raw(one.client));
        put(m_buffer, raw(one.replica));
        put(m_buffer, raw(one.pointsTo));
        put(m_buffer, one.status);
        for (const auto octet :
             {static_cast<std::uint8_t>(one.kind), raw(one.lane),
              static_cast<std::uint8_t>(one.cookieIn), static_cast<std::uint8_t>(one.cookieOut),
              static_cast<std::uint8_t>(one.ledger), static_cast<std::uint8_t>(one.session),
              static_cast<std::uint8_t>(one.failure)})
            put(m_buffer, octet);
        addText(one.cookie, texts);
        addText(one.rule, texts);
    }
    EVP_DigestUpdate(m_context.get(), m_buffer.data(), m_buffer.size());
}

std::string Trace::digest() const
{
    static constexpr std::string_view digits = "0123456789abcdef";
    const Trace copy(*this);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes {};
    unsigned size = 0;
    EVP_DigestFinal_ex(copy.m_context.get(), bytes.data(), &size);
    std::string text;
    for (unsigned place = 0; place < size; ++place) {
        text += digits[bytes.at(place) >> 4U];
        text += digits[bytes.at(place) & 0xfU];
    }
    return text;
}

} // namespace stickyscope
