// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/message_stream.h"
#include "tests/wire/llhttp/reading.h"

namespace stickyscope::test {

namespace {

using wire::Part;

std::string startOf(const wire::RequestStream& stream)
{
    return stream.head().method + " " + stream.head().target;
}

std::string startOf(const wire::ResponseStream& stream)
{
    return std::to_string(stream.head().status) + " " + stream.head().reason;
}

template <typename Stream>
Reading readWith(std::string_view text)
{
    Stream stream;
    stream.put(text);
    Reading reading;
    auto part = stream.next();
    if (part != Part::head) {
        reading.end = part == Part::needsMore ? Reading::End::more : Reading::End::refused;
        reading.why = stream.why();
        return reading;
    }
    reading.start = startOf(stream);
    reading.fields = stream.head().fields;
    reading.keepsAlive = stream.keepsAlive();
    reading.untilClose = stream.framing() == wire::Framing::untilClose;
    for (part = stream.next(); part == Part::body; part = stream.next())
        reading.body += stream.piece();
    reading.why = stream.why();
    reading.end = Reading::End::broken;
    if (part == Part::needsMore)
        reading.end = Reading::End::unfinished;
    if (part == Part::end) {
        reading.end = Reading::End::complete;
        reading.used = text.size() - stream.waiting();
    }
    return reading;
}

} // namespace

Reading readByUs(std::string_view text, bool request)
{
    return request ? readWith<wire::RequestStream>(text) : readWith<wire::ResponseStream>(text);
}

} // namespace stickyscope::test
