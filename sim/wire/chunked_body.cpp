// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/chunked_body.h"

#include "sim/wire/head_syntax.h"

#include <algorithm>
#include <charconv>

namespace stickyscope::wire {

namespace {

constexpr std::size_t mostDigits = 16;

bool isHexDigit(char letter)
{
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f')
        || (letter >= 'A' && letter <= 'F');
}

} // namespace

ChunkedBody::Step ChunkedBody::refuse(std::string_view why)
{
    m_why = why;
    return Step::malformed;
}

bool ChunkedBody::sizeLine(std::string_view line, const MessageLimits& limits)
{
    const auto* const end = std::find_if_not(line.begin(), line.end(), isHexDigit);
    const auto digits = static_cast<std::size_t>(end - line.begin());
    if (digits == 0 || digits > mostDigits)
        return false;
    std::from_chars(line.data(), line.data() + digits, m_left, 16);
    const std::string_view extension = line.substr(digits);
    m_extensions += extension.size();
    return m_left <= limits.chunk && m_extensions <= limits.chunkExtensions
        && isChunkExtension(extension);
}

ChunkedBody::Step ChunkedBody::next(std::string_view rest, const MessageLimits& limits)
{
    m_used = 0;
    m_piece = {};
    while (true) {
        const std::string_view text = rest.substr(m_used);
        if (m_state == State::data && m_left > 0) {
            m_piece = text.substr(0, std::min<std::uint64_t>(m_left, text.size()));
            m_used += m_piece.size();
            m_left -= m_piece.size();
            return m_piece.empty() ? Step::needsMore : Step::piece;
        }
        if (m_state == State::data)
            m_state = State::dataEnd;
        std::string_view line;
        Step step = takeLine(text, line, limits);
        if (step == Step::piece)
            step = understand(line, limits);
        if (step != Step::piece)
            return step;
    }
}

// Step::piece where there is one.
ChunkedBody::Step ChunkedBody::takeLine(std::string_view text, std::string_view& line,
                                        const MessageLimits& limits)
{
    std::size_t longest = 0;
    if (m_state == State::size)
        longest = mostDigits + limits.chunkExtensions;
    else if (m_state == State::trailer)
        longest = limits.trailer;
    const auto lineEnd = text.find('\n');
    if (std::min(lineEnd, text.size()) > longest + 1)
        return refuse(m_state == State::dataEnd ? "a chunk is longer than it says"
                                                : "a chunk's head or the trailer is too long");
    if (lineEnd == std::string_view::npos)
        return Step::needsMore;
    if (lineEnd == 0 || text[lineEnd - 1] != '\r')
        return refuse("a line among the chunks does not end with CR LF");
    line = text.substr(0, lineEnd - 1);
    m_used += lineEnd + 1;
    return Step::piece;
}

// Step::piece where it goes on.
ChunkedBody::Step ChunkedBody::understand(std::string_view line, const MessageLimits& limits)
{
    if (m_state == State::dataEnd) {
        m_state = State::size;
        return Step::piece;
    }
    if (m_state == State::size) {
        if (!sizeLine(line, limits))
            return refuse("a chunk of no proper size");
        m_state = m_left == 0 ? State::trailer : State::data;
        return Step::piece;
    }
    if (line.empty()) {
        const std::size_t used = m_used;
        *this = {};
        m_used = used;
        return Step::end;
    }
    m_trailer += line.size() + 2;
    if (m_trailer > limits.trailer)
        return refuse("the trailer is too long");
    return isFieldLine(line) ? Step::piece : refuse("a trailer field that is none");
}

} // namespace stickyscope::wire
