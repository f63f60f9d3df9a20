// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::wire {

/// The frames of one end of a WebSocket (RFC 6455 5) without its socket: what came goes in,
/// messages and what is to be sent come out. Messages of at most 1 MiB; a longer one is answered
/// with 1009, what breaks the protocol with 1002, text that is no UTF-8 with 1007.
class WebSocketFrames
{
public:
    enum class End : std::uint8_t
    {
        client, ///< whose frames are masked
        server
    };
    struct Message
    {
        std::string text;
        bool binary = false;

        bool operator==(const Message&) const = default;
    };

    static constexpr std::uint64_t largestMessage = std::uint64_t {1} << 20U;

    explicit WebSocketFrames(End end);
    WebSocketFrames(const WebSocketFrames&) = delete;
    WebSocketFrames& operator=(const WebSocketFrames&) = delete;
    ~WebSocketFrames();

    /// False where nothing more can be made of it: the connection is to be cut.
    bool take(std::string_view octets);
    /// Those that are complete, each once.
    std::vector<Message> takeMessages();

    void send(const std::string& text, bool binary = false);
    void ping();
    void close(int code);
    /// What goes to the other end now, its pings' answers and the close of a broken one among it.
    std::string takeOutgoing();

    /// Nothing more is read or written, once what was taken is sent.
    bool isOver() const;
    /// How the other end said goodbye: 1005 without a code, 1006 where it has not (7.1.5).
    int closeCode() const { return m_closeCode; }
    const std::string& closeReason() const { return m_closeReason; }

private:
    struct Context;

    std::unique_ptr<Context> m_context;
    std::string_view m_incoming; ///< while take() runs
    std::string m_outgoing;
    std::vector<Message> m_messages;
    int m_closeCode = 1006;
    std::string m_closeReason;
};

/// The Sec-WebSocket-Accept that answers a handshake's key (4.2.2).
std::string webSocketAccept(std::string_view key);

} // namespace stickyscope::wire
