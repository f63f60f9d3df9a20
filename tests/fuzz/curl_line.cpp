// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pasted curl command lines. What was understood can be written as a line, and then means the same;
// nothing in it becomes a second header field or a second request.
#include "sim/live/curl_command.h"
#include "tests/fuzz/fuzz.h"

using namespace stickyscope;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text = fuzz::textOf(data, size);
    if (const auto options = live::curlOptions(text)) {
        const auto again = live::curlOptions(live::curlCommand(*options));
        fuzz::require(again && *again == *options);
    }
    if (const auto target = live::parseTarget(text); target && live::faultIn(*target).empty()) {
        const http::RequestHead head = live::requestFor(*target, {}, "id");
        for (const http::Field& field : head.fields)
            fuzz::require(field.value.find_first_of("\r\n") == std::string::npos
                          && field.name.find_first_of("\r\n: ") == std::string::npos);
        fuzz::require((head.method + head.target).find_first_of("\r\n ") == std::string::npos);
    }
    return 0;
}
