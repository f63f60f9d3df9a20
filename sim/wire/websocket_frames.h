// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/utf8_check.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct wslay_frame_context;
struct wslay_frame_iocb;

namespace stickyscope::wire {

/// What the other end of a WebSocket has said.
struct SocketEvent
{
    enum class Kind
    {
        text,
        binary,
        ping,
        pong,
        close,
        fault ///< it broke the protocol: nothing of what follows is read
    };

    Kind kind = Kind::text;
    std::string text; ///< the message, a close's reason, or in words what is wrong
    int code = 0; ///< of a close, 1005 without one; of a fault the code to close with
};

/// Sec-WebSocket-Accept, which proves that the server has read this Sec-WebSocket-Key (RFC
/// 6455 4.2.2).
std::string acceptFor(const std::string& key);

/// The octets of one WebSocket (RFC 6455 5 to 8) apart from any connection: frames to messages and
/// back. Messages are put together, and judged before they are told of: masks, reserved bits and
/// opcodes, order of fragments, UTF-8, lengths, codes of closes. wslay's own messages will not do:
/// they take 1012 to 1014 for errors, half a code for none, and end without a word where a length
/// is wrong.
class WebSocketFrames
{
public:
    static constexpr std::size_t largestMessage = std::size_t {1} << 20U;
    /// Draws the key that masks one frame.
    using Mask = std::function<std::uint32_t()>;

    /// A server's end has no mask, and its client must have one; for a client's it is the other
    /// way round.
    /// `most`: octets of a message.
    explicit WebSocketFrames(Mask mask = nullptr, std::size_t most = largestMessage);
    ~WebSocketFrames();
    WebSocketFrames(const WebSocketFrames&) = delete;
    WebSocketFrames& operator=(const WebSocketFrames&) = delete;

    /// Octets that have come.
    void put(std::string_view octets);
    /// What they say next, if they are enough for it. A close and a fault are the last.
    std::optional<SocketEvent> next();

    /// The frame of a message; of a ping, pong or close, at most 125 octets of which are sent.
    std::string frame(SocketEvent::Kind kind, std::string_view payload);
    /// 1005 sends none.
    std::string close(int code, std::string_view reason = {});

private:
    struct Callbacks;

    std::optional<SocketEvent> beginFrame(const wslay_frame_iocb& frame);
    std::optional<SocketEvent> takePayload(std::string_view piece);
    std::optional<SocketEvent> endFrame();
    SocketEvent closeFrom(std::string_view payload);
    SocketEvent fault(int code, const char* why);

    Mask m_mask;
    std::size_t m_most; ///< of a message; beyond: code 1009
    std::unique_ptr<wslay_frame_context, void (*)(wslay_frame_context*)> m_context;
    std::string m_incoming;
    std::size_t m_taken = 0; ///< of m_incoming
    std::string* m_outgoing = nullptr; ///< where frame() writes
    std::string m_message; ///< so far
    int m_opcode = 0; ///< of the message; 0: none has begun
    Utf8Check m_text;
    std::string m_control;
    int m_frame = 0; ///< opcode of the frame that is being read
    bool m_last = false; ///< of its message
    bool m_within = false; ///< its header has been judged
    std::uint64_t m_left = 0; ///< octets of its payload
    bool m_over = false;
};

} // namespace stickyscope::wire
