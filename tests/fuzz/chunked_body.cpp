// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Chunks of a body. The first octet says in what steps they come: the same body is read however
// they come, it is never longer than what came, and written in one chunk it is read again.
#include "sim/wire/chunked_body.h"

#include "tests/fuzz/fuzz.h"

#include <array>
#include <cstdio>
#include <string>

using namespace stickyscope;
using Step = wire::ChunkedBody::Step;

namespace {

struct Read
{
    std::string body;
    std::size_t used = 0;
    Step step = Step::needsMore; ///< the last one

    bool operator==(const Read&) const = default;
};

Read readAll(std::string_view octets, std::size_t step)
{
    const wire::MessageLimits limits;
    wire::ChunkedBody chunks;
    Read read;
    std::string rest;
    fuzz::inSteps(octets, step, [&](std::string_view piece) {
        rest += piece;
        do {
            read.step = chunks.next(rest, limits);
            fuzz::require(chunks.used() <= rest.size());
            read.body += read.step == Step::piece ? chunks.piece() : "";
            read.used += read.step == Step::malformed ? 0 : chunks.used();
            rest.erase(0, chunks.used());
        } while (read.step == Step::piece);
        return read.step == Step::needsMore;
    });
    if (read.step == Step::malformed)
        read.used = 0; // how much was looked at depends on the steps
    return read;
}

std::string inOneChunk(const std::string& body)
{
    std::array<char, 32> size {};
    std::snprintf(size.data(), size.size(), "%zx\r\n", body.size());
    return body.empty() ? "0\r\n\r\n" : size.data() + body + "\r\n0\r\n\r\n";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::string_view text = fuzz::textOf(data + 1, size - 1);
    const Read whole = readAll(text, text.size());
    fuzz::require(whole == readAll(text, 1 + data[0]));
    fuzz::require(whole.body.size() <= text.size());
    if (whole.step == Step::end) {
        const std::string again = inOneChunk(whole.body);
        fuzz::require(readAll(again, again.size()) == Read {whole.body, again.size(), Step::end});
    }
    return 0;
}
