// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/regular_expression.h"

#include <array>
#include <map>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace stickyscope {

namespace {

PCRE2_SPTR units(std::string_view text)
{
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

} // namespace

struct RegularExpression::Code
{
    explicit Code(pcre2_code* compiled)
        : code(compiled)
        , context(pcre2_match_context_create(nullptr))
    {
        // A scenario's pattern must not hold a run up.
        constexpr std::uint32_t steps = 100'000;
        if (context)
            pcre2_set_match_limit(context, steps);
    }
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
    ~Code()
    {
        pcre2_match_context_free(context);
        pcre2_code_free(code);
    }

    pcre2_code* code;
    pcre2_match_context* context;
};

RegularExpression::RegularExpression(std::string_view pattern)
{
    int error = 0;
    PCRE2_SIZE place = 0;
    pcre2_code* code = pcre2_compile(units(pattern), pattern.size(), 0, &error, &place, nullptr);
    if (code) {
        m_code = std::make_shared<const Code>(code);
        return;
    }
    std::array<PCRE2_UCHAR, 256> message {};
    pcre2_get_error_message(error, message.data(), message.size());
    m_fault = reinterpret_cast<const char*>(message.data());
    m_fault.append(", behind '").append(pattern.substr(0, place)).append("'");
}

bool RegularExpression::finds(std::string_view text) const
{
    if (!m_code)
        return false;
    pcre2_match_data* found = pcre2_match_data_create_from_pattern(m_code->code, nullptr);
    const int count =
        pcre2_match(m_code->code, units(text), text.size(), 0, 0, found, m_code->context);
    pcre2_match_data_free(found);
    return count >= 0;
}

bool findsPattern(const std::string& pattern, std::string_view text)
{
    // An experiment has a few patterns; a window plays many experiments.
    constexpr std::size_t most = 16;
    thread_local std::map<std::string, RegularExpression> known;
    if (known.size() > most)
        known.clear();
    return known.try_emplace(pattern, pattern).first->second.finds(text);
}

} // namespace stickyscope
