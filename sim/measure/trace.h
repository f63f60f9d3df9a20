// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/model/text_table.h"

#include <memory>
#include <string>
#include <vector>

struct evp_md_ctx_st;

namespace stickyscope {

/// A SHA-256 over everything that happened, in the encoding that docs/observations.md describes:
/// two runs with the same digest were the same.
class Trace
{
public:
    Trace();
    Trace(Trace&&) noexcept;
    Trace& operator=(Trace&&) noexcept;
    Trace(const Trace& other);
    Trace& operator=(const Trace&) = delete;
    ~Trace();

    void add(std::span<const Observation> observations, const TextTable& texts);
    /// 64 hexadecimal digits, of all added so far.
    std::string digest() const;

private:
    void addText(TextId id, const TextTable& texts);

    struct Free
    {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
    std::vector<bool> m_seen;
    std::string m_buffer;
};

} // namespace stickyscope
