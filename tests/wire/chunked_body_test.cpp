// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/chunked_body.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace stickyscope::wire;

namespace {

// All pieces, or the reason in angle brackets; "..." where more is needed. `step` octets at a time.
std::string bodyOf(const std::string& text, std::size_t step, std::string* rest = nullptr)
{
    const MessageLimits limits;
    ChunkedBody chunks;
    std::string body;
    std::string waiting;
    for (std::size_t place = 0; place < text.size(); place += step) {
        waiting += text.substr(place, step);
        for (bool more = true; more;) {
            const auto what = chunks.next(waiting, limits);
            body += chunks.piece();
            waiting.erase(0, chunks.used());
            if (what == ChunkedBody::Step::malformed)
                return "<" + std::string(chunks.why()) + ">";
            if (what == ChunkedBody::Step::end) {
                if (rest)
                    *rest = waiting;
                return body;
            }
            more = what == ChunkedBody::Step::piece;
        }
    }
    return body + "...";
}

} // namespace

TEST_CASE("Chunks are read alike however their octets come, and nothing behind them is touched")
{
    const std::string text = "5\r\nhello\r\n00000A;name=\"value\";x\r\n, 12345678\r\n0\r\n"
                             "Trailer: of no use\r\nOther:\r\n\r\nGET";
    std::string rest;
    CHECK(bodyOf(text, text.size(), &rest) == "hello, 12345678");
    CHECK(rest == "GET");
    for (const std::size_t step : {1, 2, 3, 7})
        CHECK(bodyOf(text, step) == "hello, 12345678");
    CHECK(bodyOf("0\r\n\r\n", 1).empty());
}

TEST_CASE("Cut at any octet, a chunked body never looks whole")
{
    const std::string text = "5;e\r\nhello\r\n0\r\nT: t\r\n\r\n";
    for (std::size_t length = 1; length < text.size(); ++length) {
        CAPTURE(length);
        CHECK(bodyOf(text.substr(0, length), 1).ends_with("..."));
    }
}

TEST_CASE("What two readers may take for different chunks is refused")
{
    const std::vector<std::string> wrong {
        "\r\n",
        "x\r\n",
        "0x1\r\na",
        " 1\r\na",
        "1 \r\na",
        "+1\r\na",
        "-1\r\na",
        "1\na\r\n",
        "1\r\nab\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\r\na",
        "1\r\na\r0\r\n",
        "1;\x01\r\na",
        "1;a\nb\r\na",
        "1 ;a\r\na",
        "1;\r\na",
        "1; a\r\na",
        "1;a=\r\na",
        "1;a= b\r\na",
        "1;a=b c\r\na",
        "1;a=\"b\r\na",
        "1;a=\"b\"c\r\na",
        "1;a=\"b\\\"c\"\r\na",
        "1,a\r\na",
        "80000000\r\n",
        "0\r\nnone\r\n",
        "0\n\n",
        "0\r\n\n",
        "0\r\na b: c\r\n",
        "0\r\n: c\r\n",
        "0\r\n folded\r\n",
        "00000000000000001\r\na",
        "0\r\nT: " + std::string(8200, 't'),
        "1;" + std::string(4200, 'e'),
    };
    for (const std::string& text : wrong) {
        CAPTURE(text.substr(0, 40));
        CHECK(bodyOf(text, 1).front() == '<');
        CHECK(bodyOf(text, text.size()).front() == '<');
    }
}
