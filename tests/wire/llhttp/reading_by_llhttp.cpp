// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/wire/llhttp/reading.h"

#include <llhttp/llhttp.h>

namespace stickyscope::test {

namespace {

// A parser with what it has told so far.
struct Parser : llhttp_t
{
    Reading reading;
    std::string name;
    std::string value;
    std::string text; ///< of the target or the reason
    bool head = false;
    bool complete = false;
};

Parser& of(llhttp_t* parser)
{
    return *static_cast<Parser*>(parser);
}

template <std::string Parser::*part>
int append(llhttp_t* parser, const char* at, std::size_t length)
{
    (of(parser).*part).append(at, length);
    return 0;
}

int appendBody(llhttp_t* parser, const char* at, std::size_t length)
{
    of(parser).reading.body.append(at, length);
    return 0;
}

int endField(llhttp_t* parser)
{
    // Those behind the last chunk are no part of the head.
    if (!of(parser).head)
        of(parser).reading.fields.add(of(parser).name, http::trimmed(of(parser).value));
    of(parser).name.clear();
    of(parser).value.clear();
    return 0;
}

int endHead(llhttp_t* parser)
{
    Parser& self = of(parser);
    self.head = true;
    self.reading.start = parser->type == HTTP_REQUEST
        ? llhttp_method_name(static_cast<llhttp_method_t>(parser->method)) + (" " + self.text)
        : std::to_string(parser->status_code) + " " + self.text;
    self.reading.keepsAlive = llhttp_should_keep_alive(parser) != 0;
    self.reading.untilClose = llhttp_message_needs_eof(parser) != 0;
    return 0;
}

int endMessage(llhttp_t* parser)
{
    of(parser).complete = true;
    return HPE_PAUSED;
}

llhttp_settings_t settings()
{
    llhttp_settings_t all;
    llhttp_settings_init(&all);
    all.on_url = append<&Parser::text>;
    all.on_status = append<&Parser::text>;
    all.on_header_field = append<&Parser::name>;
    all.on_header_value = append<&Parser::value>;
    all.on_header_value_complete = endField;
    all.on_headers_complete = endHead;
    all.on_body = appendBody;
    all.on_message_complete = endMessage;
    return all;
}

} // namespace

Reading readByLlhttp(std::string_view text, bool request)
{
    static const llhttp_settings_t callbacks = settings();
    Parser parser;
    llhttp_init(&parser, request ? HTTP_REQUEST : HTTP_RESPONSE, &callbacks);
    const llhttp_errno_t error = llhttp_execute(&parser, text.data(), text.size());
    Reading& reading = parser.reading;
    const bool bad = error != HPE_OK && error != HPE_PAUSED && error != HPE_PAUSED_UPGRADE;
    if (parser.complete) {
        reading.end = Reading::End::complete;
        reading.used = static_cast<std::size_t>(llhttp_get_error_pos(&parser) - text.data());
    } else if (parser.head) {
        reading.end = bad ? Reading::End::broken : Reading::End::unfinished;
    } else {
        reading.end = bad ? Reading::End::refused : Reading::End::more;
    }
    if (bad)
        reading.why =
            std::string(llhttp_errno_name(error)) + ": " + (parser.reason ? parser.reason : "");
    return reading;
}

} // namespace stickyscope::test
