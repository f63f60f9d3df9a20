// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of a WebSocket from outside, at either end. The first octet says which end reads and in
// what steps they come: the same messages and goodbyes are read however they come, and the answers
// to them can be read by the other end. But for one thing: wslay looks at each piece of a goodbye
// without its first two octets, so a reason that is no UTF-8 may be refused (1006) or not.
#include "sim/wire/websocket_frames.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;
using wire::WebSocketFrames;

namespace {

struct Read
{
    std::vector<WebSocketFrames::Message> messages;
    int code = 0;
    std::string reason;

    bool saidGoodbye() const { return code != 1006; }
};

bool agree(const Read& one, const Read& other)
{
    return one.messages == other.messages
        && (!one.saidGoodbye() || !other.saidGoodbye()
            || (one.code == other.code && one.reason == other.reason));
}

Read readAll(std::string_view octets, std::size_t step, WebSocketFrames::End end)
{
    const bool server = end == WebSocketFrames::End::server;
    WebSocketFrames frames(end);
    WebSocketFrames peer(server ? WebSocketFrames::End::client : WebSocketFrames::End::server);
    Read read;
    fuzz::inSteps(octets, step, [&](std::string_view piece) {
        const bool good = frames.take(piece); // else the connection is cut
        for (WebSocketFrames::Message& message : frames.takeMessages()) {
            fuzz::require(message.text.size() <= WebSocketFrames::largestMessage);
            frames.send(message.text, message.binary);
            read.messages.push_back(std::move(message));
        }
        fuzz::require(peer.take(frames.takeOutgoing()));
        return good && !frames.isOver();
    });
    read.code = frames.closeCode();
    read.reason = frames.closeReason();
    // The echoes: those that were sent before a goodbye.
    const auto echoes = peer.takeMessages();
    fuzz::require(echoes.size() <= read.messages.size()
                  && std::equal(echoes.begin(), echoes.end(), read.messages.begin()));
    return read;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view text = fuzz::textOf(data + 1, size - 1);
    const auto end = data[0] % 2 == 0 ? WebSocketFrames::End::server : WebSocketFrames::End::client;
    fuzz::require(agree(readAll(text, text.size(), end), readAll(text, 1 + data[0] / 2, end)));
    return 0;
}
