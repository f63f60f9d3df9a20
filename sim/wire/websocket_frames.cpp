// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/websocket_frames.h"

#include <algorithm>
#include <array>
#include <new>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <utility>
#include <wslay/wslay.h>

namespace stickyscope::wire {

namespace {

std::string_view textOf(const wslay_event_on_msg_recv_arg& message)
{
    return {reinterpret_cast<const char*>(message.msg), message.msg_length};
}

} // namespace

// wslay, which reads and writes through these.
struct WebSocketFrames::Context
{
    wslay_event_context* frames = nullptr;

    ~Context() { wslay_event_context_free(frames); }

    static ssize_t receive(wslay_event_context* context, std::uint8_t* buffer, std::size_t size,
                           int, void* user)
    {
        std::string_view& incoming = static_cast<WebSocketFrames*>(user)->m_incoming;
        const std::size_t count = std::min(size, incoming.size());
        if (count == 0) {
            wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
            return -1;
        }
        std::copy_n(incoming.begin(), count, buffer);
        incoming.remove_prefix(count);
        return static_cast<ssize_t>(count);
    }

    static ssize_t send(wslay_event_context*, const std::uint8_t* data, std::size_t size, int,
                        void* user)
    {
        static_cast<WebSocketFrames*>(user)->m_outgoing.append(reinterpret_cast<const char*>(data),
                                                               size);
        return static_cast<ssize_t>(size);
    }

    static int mask(wslay_event_context*, std::uint8_t* buffer, std::size_t size, void*)
    {
        return RAND_bytes(buffer, static_cast<int>(size)) == 1 ? 0 : -1;
    }

    static void message(wslay_event_context*, const wslay_event_on_msg_recv_arg* arg, void* user)
    {
        auto* self = static_cast<WebSocketFrames*>(user);
        if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
            self->m_closeCode = arg->status_code == 0 ? 1005 : arg->status_code;
            self->m_closeReason = textOf(*arg).substr(std::min<std::size_t>(2, arg->msg_length));
        } else if (wslay_is_ctrl_frame(arg->opcode) == 0) {
            self->m_messages.push_back(
                {std::string(textOf(*arg)), arg->opcode == WSLAY_BINARY_FRAME});
        }
    }
};

WebSocketFrames::WebSocketFrames(End end)
    : m_context(std::make_unique<Context>())
{
    wslay_event_callbacks callbacks {};
    callbacks.recv_callback = &Context::receive;
    callbacks.send_callback = &Context::send;
    callbacks.genmask_callback = &Context::mask;
    callbacks.on_msg_recv_callback = &Context::message;
    const auto begin =
        end == End::client ? &wslay_event_context_client_init : &wslay_event_context_server_init;
    if (begin(&m_context->frames, &callbacks, this) != 0)
        throw std::bad_alloc();
    wslay_event_config_set_max_recv_msg_length(m_context->frames, largestMessage);
}

WebSocketFrames::~WebSocketFrames() = default;

bool WebSocketFrames::take(std::string_view octets)
{
    m_incoming = octets;
    const bool good = wslay_event_recv(m_context->frames) == 0;
    m_incoming = {};
    return good;
}

std::vector<WebSocketFrames::Message> WebSocketFrames::takeMessages()
{
    return std::exchange(m_messages, {});
}

void WebSocketFrames::send(const std::string& text, bool binary)
{
    const wslay_event_msg frame {
        static_cast<std::uint8_t>(binary ? WSLAY_BINARY_FRAME : WSLAY_TEXT_FRAME),
        reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    wslay_event_queue_msg(m_context->frames, &frame);
}

void WebSocketFrames::ping()
{
    const wslay_event_msg frame {WSLAY_PING, nullptr, 0};
    wslay_event_queue_msg(m_context->frames, &frame);
}

void WebSocketFrames::close(int code)
{
    wslay_event_queue_close(m_context->frames, static_cast<std::uint16_t>(code), nullptr, 0);
}

std::string WebSocketFrames::takeOutgoing()
{
    // It fails where there is no memory alone: send() above takes everything.
    if (wslay_event_send(m_context->frames) != 0)
        throw std::bad_alloc();
    return std::exchange(m_outgoing, {});
}

bool WebSocketFrames::isOver() const
{
    return wslay_event_want_read(m_context->frames) == 0
        && wslay_event_want_write(m_context->frames) == 0;
}

std::string webSocketAccept(std::string_view key)
{
    const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest {};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::array<unsigned char, 4 * EVP_MAX_MD_SIZE / 3 + 4> encoded {};
    const int length = EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(size));
    return {encoded.begin(), encoded.begin() + length};
}

} // namespace stickyscope::wire
