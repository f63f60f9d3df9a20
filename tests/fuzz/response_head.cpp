// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Responses from outside. The first octet says in what steps they come: the same is read however
// they come, and the reader of whole responses agrees with the stream about what is malformed.
#include "sim/wire/message_reader.h"
#include "tests/fuzz/messages.h"

using namespace stickyscope;

namespace {

wire::ReadState readWhole(std::string_view text, std::size_t step)
{
    wire::ResponseReader reader;
    auto state = wire::ReadState::needsMore;
    fuzz::inSteps(text, step, [&](std::string_view piece) {
        state = reader.feed(piece);
        return state == wire::ReadState::needsMore;
    });
    return state;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view text = fuzz::textOf(data + 1, size - 1);
    const std::string whole = fuzz::transcriptOf<wire::ResponseStream>(text, text.size());
    fuzz::require(whole == fuzz::transcriptOf<wire::ResponseStream>(text, 1 + data[0]));
    if (readWhole(text, text.size()) == wire::ReadState::complete)
        fuzz::require(whole.find("\nend") != std::string::npos);
    readWhole(text, 1 + data[0]);
    return 0;
}
