// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of a WebSocket from outside, at either end. The first octet says which end reads and in
// what steps they come: the same is read however they come, nothing after a goodbye or a fault, and
// what is said back can be read by the other end.
#include "sim/wire/websocket_frames.h"
#include "tests/fuzz/fuzz.h"

#include <tuple>
#include <vector>

using namespace stickyscope;
using wire::SocketEvent;
using wire::WebSocketFrames;

namespace {

using Said = std::vector<std::tuple<SocketEvent::Kind, std::string, int>>;

WebSocketFrames::Mask maskOf(bool client)
{
    return client ? WebSocketFrames::Mask([] { return 0x5a17c3e9U; }) : nullptr;
}

bool isLast(const SocketEvent& event)
{
    return event.kind == SocketEvent::Kind::close || event.kind == SocketEvent::Kind::fault;
}

// What is said back, as the other end reads it.
void echo(WebSocketFrames& frames, WebSocketFrames& peer, const SocketEvent& event)
{
    peer.put(isLast(event) ? frames.close(event.code, event.text)
                           : frames.frame(event.kind, event.text));
    const auto back = peer.next();
    fuzz::require(back.has_value() && back->kind != SocketEvent::Kind::fault);
    if (!isLast(event))
        fuzz::require(back->kind == event.kind && back->text == event.text);
}

Said readAll(std::string_view octets, std::size_t step, bool client)
{
    WebSocketFrames frames(maskOf(client));
    WebSocketFrames peer(maskOf(!client));
    Said said;
    bool over = false;
    fuzz::inSteps(octets, step, [&](std::string_view piece) {
        frames.put(piece);
        while (const auto event = frames.next()) {
            fuzz::require(!over && event->text.size() <= WebSocketFrames::largestMessage);
            echo(frames, peer, *event);
            said.emplace_back(event->kind, event->text, event->code);
            over = isLast(*event);
        }
        return !over;
    });
    return said;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const bool client = data[0] % 2 != 0;
    const std::size_t step = 1 + data[0] / 2 % 16;
    const std::string_view octets(reinterpret_cast<const char*>(data) + 1, size - 1);
    fuzz::require(readAll(octets, octets.size(), client) == readAll(octets, step, client));
    return 0;
}
