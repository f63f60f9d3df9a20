// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Boost.Beast's parser stands behind this file alone: its headers are slow to compile.
#include "sim/wire/message_stream.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <limits>
#include <optional>

namespace stickyscope::wire {

namespace {

namespace beast = boost::beast::http;
using Error = boost::system::error_code;

std::string_view view(boost::beast::string_view text)
{
    return {text.data(), text.size()};
}

// What both kinds of message have in common: it tells heads to where they belong. Bodies are not
// shown to it.
template <bool isRequest>
class Callbacks : public beast::basic_parser<isRequest>
{
public:
    Callbacks(http::RequestHead& request, http::ResponseHead& response)
        : m_request(request)
        , m_response(response)
    {
    }

protected:
    void on_request_impl(beast::verb, boost::beast::string_view method,
                         boost::beast::string_view target, int, Error&) override
    {
        m_request.method = view(method);
        m_request.target = view(target);
        m_request.fields.clear();
    }
    void on_response_impl(int code, boost::beast::string_view reason, int, Error&) override
    {
        m_response.status = code;
        m_response.reason = view(reason);
        m_response.fields.clear();
    }
    void on_field_impl(beast::field, boost::beast::string_view name,
                       boost::beast::string_view value, Error&) override
    {
        (isRequest ? m_request.fields : m_response.fields).add(view(name), view(value));
    }
    void on_header_impl(Error&) override { }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Error&) override { }
    std::size_t on_body_impl(boost::beast::string_view, Error&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, Error&) override { }
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view, Error&) override
    {
        return 0;
    }
    void on_finish_impl(Error&) override { }

private:
    http::RequestHead& m_request;
    http::ResponseHead& m_response;
};

// RFC 9112 3.2.2: whoever gets an address in absolute form goes by that; 3.2.4: OPTIONS of one
// without a path is about the server as a whole.
void toOriginForm(http::RequestHead& head)
{
    if (head.target.front() == '/' || head.target == "*")
        return;
    const auto authority = head.target.find("://") + 3;
    const auto path = std::min(head.target.find_first_of("/?", authority), head.target.size());
    head.fields.set("Host", std::string_view(head.target).substr(authority, path - authority));
    if (head.method == "OPTIONS" && path == head.target.size()) {
        head.target = "*";
        return;
    }
    head.target.erase(0, path);
    if (!head.target.starts_with('/'))
        head.target.insert(0, 1, '/');
}

} // namespace

struct MessageStream::Parser
{
    std::optional<Callbacks<true>> request;
    std::optional<Callbacks<false>> response;
};

MessageStream::MessageStream(HeadCheck::Kind kind, const MessageLimits& limits)
    : m_kind(kind)
    , m_limits(limits)
    , m_check(kind, m_limits)
    , m_parser(std::make_unique<Parser>())
{
}

MessageStream::~MessageStream() = default;

void MessageStream::put(std::string_view octets)
{
    if (m_offset > 0) {
        m_octets.erase(0, m_offset);
        m_offset = 0;
    }
    m_octets += octets;
}

std::string MessageStream::takeRest()
{
    std::string rest = m_octets.substr(m_offset);
    m_octets.clear();
    m_offset = 0;
    return rest;
}

Part MessageStream::refuse(int status, std::string_view why)
{
    m_status = status;
    m_why = why;
    return Part::malformed;
}

Part MessageStream::next()
{
    m_piece = {};
    if (!m_why.empty())
        return Part::malformed;
    if (m_ended) {
        m_ended = false;
        m_inBody = false;
        m_begun = false;
        m_lineSkipped = false;
        m_bodyRead = 0;
        m_check = HeadCheck(m_kind, m_limits);
        return Part::end;
    }
    return m_inBody ? readBody() : readHead();
}

Part MessageStream::readHead()
{
    // RFC 9112 2.2: an empty line before a request is forgiven, as old clients sent one.
    if (!m_begun && !m_lineSkipped && m_kind == HeadCheck::Kind::request) {
        if (rest() == "\r")
            return Part::needsMore;
        m_lineSkipped = rest().starts_with("\r\n");
        m_offset += m_lineSkipped ? 2 : 0;
    }
    if (waiting() == 0)
        return Part::needsMore;
    m_begun = true;
    switch (m_check.look(rest())) {
    case HeadCheck::State::incomplete:
        return Part::needsMore;
    case HeadCheck::State::refused:
        return refuse(m_check.status(), m_check.why());
    case HeadCheck::State::complete:
        break;
    }
    const boost::asio::const_buffer head(m_octets.data() + m_offset, m_check.size());
    Error error;
    const auto read = [&](auto& parser) {
        parser.emplace(m_request, m_response);
        parser->header_limit(static_cast<std::uint32_t>(m_check.size() + 1));
        // Boost 1.74 takes none for nothing at all.
        parser->body_limit(~std::uint64_t {0});
        if (m_kind == HeadCheck::Kind::response)
            parser->skip(m_bodiless);
        m_offset += parser->put(head, error);
        if (error || !parser->is_header_done())
            return false;
        m_keepsAlive = parser->keep_alive();
        return true;
    };
    const bool good =
        m_kind == HeadCheck::Kind::request ? read(m_parser->request) : read(m_parser->response);
    if (!good)
        return refuse(400, error ? error.message() : "its head is cut");
    m_inBody = true;
    m_framing = framingOfBody();
    m_ended = m_framing == Framing::none;
    if (m_kind == HeadCheck::Kind::request)
        toOriginForm(m_request);
    return Part::head;
}

// RFC 9112 6.3.
Framing MessageStream::framingOfBody() const
{
    const bool request = m_kind == HeadCheck::Kind::request;
    const int status = m_response.status;
    const bool never = !request && (m_bodiless || status < 200 || status == 204 || status == 304);
    if (never)
        return Framing::none;
    if (m_check.isChunked())
        return Framing::chunked;
    if (m_check.hasContentLength())
        return m_check.contentLength() == 0 ? Framing::none : Framing::length;
    return request ? Framing::none : Framing::untilClose;
}

Part MessageStream::readBody()
{
    if (m_framing == Framing::chunked)
        return readChunks();
    if (waiting() == 0)
        return Part::needsMore;
    const std::uint64_t most = m_framing == Framing::length
        ? m_check.contentLength() - m_bodyRead
        : std::numeric_limits<std::uint64_t>::max();
    m_piece = rest().substr(0, std::min<std::uint64_t>(most, waiting()));
    m_offset += m_piece.size();
    m_bodyRead += m_piece.size();
    m_ended = m_framing == Framing::length && m_bodyRead == m_check.contentLength();
    return Part::body;
}

Part MessageStream::readChunks()
{
    const auto step = m_chunks.next(rest(), m_limits);
    m_offset += m_chunks.used();
    switch (step) {
    case ChunkedBody::Step::needsMore:
        return Part::needsMore;
    case ChunkedBody::Step::malformed:
        return refuse(400, m_chunks.why());
    case ChunkedBody::Step::end:
        m_ended = true;
        return next();
    case ChunkedBody::Step::piece:
        break;
    }
    m_piece = m_chunks.piece();
    m_bodyRead += m_piece.size();
    if (m_kind == HeadCheck::Kind::request && m_bodyRead > m_limits.requestBody)
        return refuse(413, "its body is too large");
    return Part::body;
}

} // namespace stickyscope::wire
