// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_frames.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cstring>
#include <utility>
#include <wslay/wslay.h>

namespace stickyscope::wire {

namespace {

using Kind = SocketEvent::Kind;

constexpr int protocolError = 1002;
constexpr int notUtf8 = 1007;
constexpr int tooBig = 1009;
constexpr int noCode = 1005;
constexpr std::size_t longestControl = 125;

bool isControl(int opcode)
{
    return opcode >= WSLAY_CONNECTION_CLOSE;
}

bool isKnown(int opcode)
{
    return opcode <= WSLAY_BINARY_FRAME
        || (opcode >= WSLAY_CONNECTION_CLOSE && opcode <= WSLAY_PONG);
}

// RFC 6455 7.4, and those registered since: 1012 to 1014 are what restarting and overloaded
// servers say.
bool mayBeSent(int code)
{
    const bool reserved = code == 1004 || code == noCode || code == 1006;
    return (code >= 1000 && code <= 1014 && !reserved) || (code >= 3000 && code <= 4999);
}

std::uint8_t opcodeOf(Kind kind)
{
    switch (kind) {
    case Kind::text:
        return WSLAY_TEXT_FRAME;
    case Kind::binary:
        return WSLAY_BINARY_FRAME;
    case Kind::ping:
        return WSLAY_PING;
    case Kind::pong:
        return WSLAY_PONG;
    default:
        return WSLAY_CONNECTION_CLOSE;
    }
}

} // namespace

std::string acceptFor(const std::string& key)
{
    const QByteArray text = QByteArray::fromStdString(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    return QCryptographicHash::hash(text, QCryptographicHash::Sha1).toBase64().toStdString();
}

// wslay reads and writes through these.
struct WebSocketFrames::Callbacks
{
    static ssize_t send(const std::uint8_t* data, std::size_t size, int, void* user)
    {
        static_cast<WebSocketFrames*>(user)->m_outgoing->append(reinterpret_cast<const char*>(data),
                                                                size);
        return static_cast<ssize_t>(size);
    }

    static ssize_t receive(std::uint8_t* buffer, std::size_t size, int, void* user)
    {
        auto* self = static_cast<WebSocketFrames*>(user);
        const std::size_t count = std::min(size, self->m_incoming.size() - self->m_taken);
        if (count == 0)
            return -1;
        std::copy_n(self->m_incoming.data() + self->m_taken, count, buffer);
        self->m_taken += count;
        return static_cast<ssize_t>(count);
    }

    static int mask(std::uint8_t* buffer, std::size_t size, void* user)
    {
        const std::uint32_t key = static_cast<WebSocketFrames*>(user)->m_mask();
        std::memcpy(buffer, &key, std::min(size, sizeof key));
        return 0;
    }
};

WebSocketFrames::WebSocketFrames(Mask mask, std::size_t most)
    : m_mask(std::move(mask))
    , m_most(most)
    , m_context(nullptr, &wslay_frame_context_free)
{
    const wslay_frame_callbacks callbacks {&Callbacks::send, &Callbacks::receive, &Callbacks::mask};
    wslay_frame_context* context = nullptr;
    wslay_frame_context_init(&context, &callbacks, this);
    m_context.reset(context);
}

WebSocketFrames::~WebSocketFrames() = default;

void WebSocketFrames::put(std::string_view octets)
{
    if (m_over)
        return;
    m_incoming.erase(0, std::exchange(m_taken, 0));
    m_incoming += octets;
}

std::optional<SocketEvent> WebSocketFrames::next()
{
    while (!m_over) {
        wslay_frame_iocb frame {};
        const ssize_t count = wslay_frame_recv(m_context.get(), &frame);
        if (count == WSLAY_ERR_WANT_READ)
            return {};
        if (count < 0)
            return fault(protocolError,
                         "a length that is not in its shortest form, or a control "
                         "frame of more than 125 octets or in fragments");
        std::optional<SocketEvent> event;
        if (!std::exchange(m_within, true))
            event = beginFrame(frame);
        if (!event)
            event = takePayload({reinterpret_cast<const char*>(frame.data), frame.data_length});
        if (!event && m_left == 0)
            event = endFrame();
        if (event)
            return event;
    }
    return {};
}

std::optional<SocketEvent> WebSocketFrames::beginFrame(const wslay_frame_iocb& frame)
{
    m_frame = frame.opcode;
    m_last = frame.fin != 0;
    m_left = frame.payload_length;
    if (frame.rsv != 0)
        return fault(protocolError, "a reserved bit is set");
    if (!isKnown(m_frame))
        return fault(protocolError, "a reserved opcode");
    if ((frame.mask != 0) == static_cast<bool>(m_mask))
        return fault(protocolError,
                     m_mask ? "a server's frame is masked" : "a client's frame is not masked");
    if (isControl(m_frame))
        return {};
    if ((m_frame == WSLAY_CONTINUATION_FRAME) != (m_opcode != 0))
        return fault(protocolError,
                     m_opcode != 0 ? "a message begins within another one"
                                   : "a fragment that continues nothing");
    if (m_opcode == 0)
        m_opcode = m_frame;
    if (m_left > m_most - m_message.size())
        return fault(tooBig, "the message is too large");
    return {};
}

std::optional<SocketEvent> WebSocketFrames::takePayload(std::string_view piece)
{
    m_left -= piece.size();
    if (isControl(m_frame)) {
        m_control += piece;
        return {};
    }
    m_message += piece;
    if (m_opcode == WSLAY_TEXT_FRAME && !m_text.take(piece))
        return fault(notUtf8, "a text that is not UTF-8");
    return {};
}

std::optional<SocketEvent> WebSocketFrames::endFrame()
{
    m_within = false;
    if (isControl(m_frame)) {
        std::string payload = std::exchange(m_control, {});
        if (m_frame == WSLAY_CONNECTION_CLOSE)
            return closeFrom(payload);
        return SocketEvent {.kind = m_frame == WSLAY_PING ? Kind::ping : Kind::pong,
                            .text = std::move(payload)};
    }
    if (!m_last)
        return {};
    const bool text = std::exchange(m_opcode, 0) == WSLAY_TEXT_FRAME;
    if (text && !m_text.whole())
        return fault(notUtf8, "a text that ends within a character");
    return SocketEvent {.kind = text ? Kind::text : Kind::binary,
                        .text = std::exchange(m_message, {})};
}

SocketEvent WebSocketFrames::closeFrom(std::string_view payload)
{
    if (payload.empty()) {
        m_over = true;
        return {.kind = Kind::close, .code = noCode};
    }
    if (payload.size() == 1)
        return fault(protocolError, "a close with half a code");
    const int code =
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    if (!mayBeSent(code))
        return fault(protocolError, "a close with a code that cannot be sent");
    Utf8Check reason;
    if (!reason.take(payload.substr(2)) || !reason.whole())
        return fault(notUtf8, "a close with a reason that is not UTF-8");
    m_over = true;
    return {.kind = Kind::close, .text = std::string(payload.substr(2)), .code = code};
}

SocketEvent WebSocketFrames::fault(int code, const char* why)
{
    m_over = true;
    return {.kind = Kind::fault, .text = why, .code = code};
}

std::string WebSocketFrames::frame(SocketEvent::Kind kind, std::string_view payload)
{
    const std::uint8_t opcode = opcodeOf(kind);
    if (isControl(opcode))
        payload = payload.substr(0, longestControl);
    std::string octets;
    m_outgoing = &octets;
    wslay_frame_iocb frame {};
    frame.fin = 1;
    frame.opcode = opcode;
    frame.mask = m_mask ? 1 : 0;
    frame.payload_length = payload.size();
    frame.data = reinterpret_cast<const std::uint8_t*>(payload.data());
    frame.data_length = payload.size();
    wslay_frame_send(m_context.get(), &frame);
    m_outgoing = nullptr;
    return octets;
}

std::string WebSocketFrames::close(int code, std::string_view reason)
{
    std::string payload;
    if (code != noCode) {
        payload = {static_cast<char>(code >> 8 & 0xFF), static_cast<char>(code & 0xFF)};
        payload += reason;
    }
    return frame(Kind::close, payload);
}

} // namespace stickyscope::wire
