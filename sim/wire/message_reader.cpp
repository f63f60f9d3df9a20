// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/message_reader.h"

#include "sim/wire/message_stream.h"

#include <utility>

namespace stickyscope::wire {

namespace {

constexpr std::uint64_t largestBody = std::uint64_t {10} << 20U;

void addFields(std::string& text, const http::Fields& fields)
{
    for (const http::Field& field : fields)
        text.append(field.name).append(": ").append(field.value).append("\r\n");
}

} // namespace

ResponseReader::ResponseReader(bool toHead)
    : m_stream(std::make_unique<ResponseStream>())
{
    m_stream->answersHead(toHead);
}

ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

ReadState ResponseReader::malformed(std::string_view why)
{
    m_error = why;
    return ReadState::malformed;
}

void ResponseReader::restart(bool toHead)
{
    if (!m_between)
        m_stream = std::make_unique<ResponseStream>();
    m_stream->answersHead(toHead);
    m_body.clear();
    m_leftover.clear();
    m_error.clear();
    m_between = true;
    m_begun = m_keepsAlive = m_http2 = m_hasHead = false;
}

void ResponseReader::giveBack(http::ResponseHead head, std::string body)
{
    if (!m_between)
        return;
    m_stream->giveBack(std::move(head));
    m_body = std::move(body);
    m_body.clear();
}

ReadState ResponseReader::feed(std::string_view octets)
{
    m_between = false;
    m_stream->put(octets);
    if (!m_begun && m_stream->waiting() >= 9) {
        // RFC 9113 3.4: a server's first frame is SETTINGS, type 4, on stream 0.
        const std::string_view first = m_stream->rest();
        m_http2 = first[3] == 4 && first.substr(5, 4) == std::string_view("\0\0\0\0", 4);
        if (m_http2)
            return malformed("it speaks HTTP/2 only");
    }
    m_begun = m_begun || m_stream->waiting() > 0;
    while (true) {
        switch (m_stream->next()) {
        case Part::needsMore:
            return ReadState::needsMore;
        case Part::malformed:
            return malformed(m_stream->why());
        case Part::head:
            m_hasHead = true;
            break;
        case Part::body:
            m_body += m_stream->piece();
            if (m_body.size() > largestBody)
                return malformed("its body is larger than 10 MiB");
            break;
        case Part::end:
            // An interim response (100, 103): the real one follows.
            if (m_stream->head().status < 200 && m_stream->head().status != 101) {
                m_hasHead = false;
                break;
            }
            take();
            m_between = true;
            return ReadState::complete;
        }
    }
}

ReadState ResponseReader::end()
{
    if (!m_stream->endsWithConnection()) {
        m_head = m_hasHead ? m_stream->takeHead() : http::ResponseHead {};
        return malformed("the connection closed in the middle of the answer");
    }
    take();
    return ReadState::complete;
}

void ResponseReader::take()
{
    m_keepsAlive = m_stream->keepsAlive();
    m_head = m_stream->takeHead();
    m_leftover = m_stream->takeRest();
}

RequestReader::RequestReader(const MessageLimits& limits)
    : m_stream(std::make_unique<RequestStream>(limits))
{
}

RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

ReadState RequestReader::feed(std::string_view octets)
{
    m_stream->put(octets);
    m_begun = m_begun || !octets.empty();
    while (true) {
        switch (m_stream->next()) {
        case Part::needsMore:
            return ReadState::needsMore;
        case Part::malformed:
            m_refusal = m_stream->refusal();
            return ReadState::malformed;
        case Part::head:
            m_inBody = true;
            m_http10 = m_stream->isHttp10();
            break;
        case Part::body:
            m_body += m_stream->piece();
            break;
        case Part::end:
            m_keepsAlive = m_stream->keepsAlive();
            m_head = m_stream->takeHead();
            m_leftover = m_stream->takeRest();
            return ReadState::complete;
        }
    }
}

void serialize(const http::RequestHead& head, std::string_view body, std::string& text)
{
    text.clear();
    text.append(head.method).append(" ").append(head.target).append(" HTTP/1.1\r\n");
    addFields(text, head.fields);
    const bool lengthNeeded =
        !body.empty() || head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (lengthNeeded && !head.fields.find("Content-Length"))
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
}

} // namespace stickyscope::wire
