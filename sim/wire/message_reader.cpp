// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Boost.Beast's parser stands behind this file alone: its headers are slow to compile.
#include "sim/wire/message_reader.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace stickyscope::wire {

namespace {

namespace beast = boost::beast::http;

constexpr std::uint64_t largestBody = std::uint64_t {10} << 20U;
constexpr std::uint32_t largestResponseHead = 64U << 10U;
constexpr std::uint32_t largestRequestHead = 32U << 10U;

// Beast forgives both; who forwards or counts messages must not.
std::string doubtAbout(std::string_view head)
{
    for (auto line = head.find("\r\n"); line != std::string_view::npos;
         line = head.find("\r\n", line + 2)) {
        const std::string_view next = head.substr(line + 2);
        if (next.starts_with(' ') || next.starts_with('\t'))
            return "a header field is folded over two lines";
    }
    return {};
}

template <typename Message>
std::string doubtAboutFraming(const Message& message)
{
    const auto encodings = message.count(beast::field::transfer_encoding);
    if (encodings == 0)
        return {};
    if (encodings > 1
        || !http::equalIgnoringCase(
            http::trimmed({message[beast::field::transfer_encoding].data(),
                           message[beast::field::transfer_encoding].size()}),
            "chunked"))
        return "a Transfer-Encoding other than chunked";
    return message.count(beast::field::content_length) > 0
        ? "Transfer-Encoding beside Content-Length"
        : "";
}

template <typename Message>
http::Fields fieldsOf(const Message& message)
{
    http::Fields fields;
    for (const auto& field : message)
        fields.add({field.name_string().data(), field.name_string().size()},
                   {field.value().data(), field.value().size()});
    return fields;
}

// Feeds as much of the buffer as the parser takes; it stops at the end of the message.
template <typename Parser>
boost::system::error_code put(Parser& parser, std::string& buffer)
{
    boost::system::error_code error;
    while (!buffer.empty() && !parser.is_done()) {
        // The head first, and alone: room for the body is made by what the head says.
        if (parser.is_header_done()) {
            if (parser.content_length().value_or(0) > largestBody)
                return beast::error::body_limit;
            parser.eager(true);
        }
        const std::size_t used = parser.put(boost::asio::buffer(buffer), error);
        buffer.erase(0, used);
        if (error || used == 0)
            break;
    }
    return error;
}

template <typename Head>
std::string fieldsText(const Head& head)
{
    std::string text;
    for (const http::Field& field : head.fields)
        text += field.name + ": " + field.value + "\r\n";
    return text;
}

} // namespace

struct ResponseReader::Parser
{
    beast::response_parser<beast::string_body> beast;
};

struct RequestReader::Parser
{
    beast::request_parser<beast::string_body> beast;
};

ResponseReader::ResponseReader(bool toHead)
    : m_parser(std::make_unique<Parser>())
    , m_toHead(toHead)
{
    m_parser->beast.header_limit(largestResponseHead);
    m_parser->beast.body_limit(largestBody);
    m_parser->beast.skip(toHead);
}

ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;
ResponseReader::~ResponseReader() = default;

ReadState ResponseReader::malformed(std::string why)
{
    m_error = std::move(why);
    return ReadState::malformed;
}

ReadState ResponseReader::feed(std::string_view octets)
{
    m_buffer += octets;
    if (!m_begun && m_buffer.size() >= 9) {
        // RFC 9113 3.4: a server's first frame is SETTINGS, type 4, on stream 0.
        m_http2 = m_buffer[3] == 4 && m_buffer.compare(5, 4, std::string(4, '\0')) == 0;
        if (m_http2)
            return malformed("it speaks HTTP/2 only");
    }
    m_begun = m_begun || !m_buffer.empty();
    return advance();
}

ReadState ResponseReader::advance()
{
    while (true) {
        if (!m_headChecked) {
            const auto end = m_buffer.find("\r\n\r\n");
            if (end == std::string::npos) {
                if (m_buffer.size() > largestResponseHead)
                    return malformed("its head is larger than 64 KiB");
                const std::string_view protocol = "HTTP/";
                const auto compared = std::min(m_buffer.size(), protocol.size());
                if (std::string_view(m_buffer).substr(0, compared) != protocol.substr(0, compared))
                    return malformed("it does not begin with HTTP/");
                return ReadState::needsMore;
            }
            if (auto doubt = doubtAbout(std::string_view(m_buffer).substr(0, end)); !doubt.empty())
                return malformed(std::move(doubt));
            m_headChecked = true;
        }
        const auto error = put(m_parser->beast, m_buffer);
        if (error && error != beast::error::need_more)
            return malformed(error.message());
        if (m_parser->beast.is_header_done()) {
            if (auto doubt = doubtAboutFraming(m_parser->beast.get()); !doubt.empty())
                return malformed(std::move(doubt));
        }
        if (!m_parser->beast.is_done())
            return ReadState::needsMore;
        const unsigned status = m_parser->beast.get().result_int();
        if (status >= 200 || status == 101) {
            take();
            return ReadState::complete;
        }
        // An interim response (100, 103): the real one follows.
        std::string rest = std::move(m_buffer);
        *this = ResponseReader(m_toHead);
        m_buffer = std::move(rest);
        m_begun = true;
    }
}

ReadState ResponseReader::end()
{
    boost::system::error_code error;
    if (m_parser->beast.is_header_done())
        m_parser->beast.put_eof(error);
    if (!m_parser->beast.is_done() || error)
        return malformed("the connection closed in the middle of the answer");
    take();
    return ReadState::complete;
}

void ResponseReader::take()
{
    const auto& message = m_parser->beast.get();
    m_head.status = static_cast<int>(message.result_int());
    m_head.reason = std::string(message.reason().data(), message.reason().size());
    m_head.fields = fieldsOf(message);
    m_body = message.body();
    m_keepsAlive = m_parser->beast.keep_alive();
}

RequestReader::RequestReader()
    : m_parser(std::make_unique<Parser>())
{
    m_parser->beast.header_limit(largestRequestHead);
    m_parser->beast.body_limit(largestBody);
}

RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;
RequestReader::~RequestReader() = default;

ReadState RequestReader::feed(std::string_view octets)
{
    m_buffer += octets;
    if (!m_headChecked) {
        const auto end = m_buffer.find("\r\n\r\n");
        if (end == std::string::npos) {
            m_refusal = 431;
            return m_buffer.size() > largestRequestHead ? ReadState::malformed
                                                        : ReadState::needsMore;
        }
        m_refusal = 400;
        if (!doubtAbout(std::string_view(m_buffer).substr(0, end)).empty())
            return ReadState::malformed;
        m_headChecked = true;
    }
    const auto error = put(m_parser->beast, m_buffer);
    if (error && error != beast::error::need_more) {
        m_refusal = error == beast::error::header_limit ? 431
            : error == beast::error::body_limit         ? 413
                                                        : 400;
        return ReadState::malformed;
    }
    if (m_parser->beast.is_header_done() && !doubtAboutFraming(m_parser->beast.get()).empty())
        return ReadState::malformed;
    if (!m_parser->beast.is_done())
        return ReadState::needsMore;
    const auto& message = m_parser->beast.get();
    m_head.method = std::string(message.method_string().data(), message.method_string().size());
    m_head.target = std::string(message.target().data(), message.target().size());
    m_head.fields = fieldsOf(message);
    m_body = message.body();
    m_keepsAlive = m_parser->beast.keep_alive();
    return ReadState::complete;
}

std::string serialize(const http::RequestHead& head, std::string_view body)
{
    std::string text = head.method + " " + head.target + " HTTP/1.1\r\n" + fieldsText(head);
    const bool lengthNeeded =
        !body.empty() || head.method == "POST" || head.method == "PUT" || head.method == "PATCH";
    if (lengthNeeded && !head.fields.find("Content-Length"))
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + std::string(body);
}

std::string serialize(const http::ResponseHead& head, std::string_view body)
{
    std::string text =
        "HTTP/1.1 " + std::to_string(head.status) + " " + head.reason + "\r\n" + fieldsText(head);
    if (head.status >= 200 && head.status != 204 && head.status != 304)
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return text + "\r\n" + std::string(body);
}

} // namespace stickyscope::wire
