// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/target.h"

#include "sim/live/curl_command.h"

namespace stickyscope::live {

Outcome<Target> parseTarget(std::string_view text)
{
    text = http::trimmed(text);
    if (text.starts_with("curl ") || text.starts_with("curl\t"))
        return parseCurlCommand(text);
    std::string why;
    const auto url = http::parseUrl(text, &why);
    if (!url)
        return Outcome<Target>::failure(why);
    Target target;
    target.endpoint.url = *url;
    target.request.target = url->target();
    return target;
}

http::RequestHead requestFor(const Target& target, const std::string& cookies,
                             const std::string& requestId)
{
    http::RequestHead head = target.request;
    http::Fields fields;
    const std::string* host = head.fields.find("Host");
    fields.add("Host", host ? *host : target.endpoint.url.authority());
    for (const http::Field& field : head.fields) {
        if (!http::equalIgnoringCase(field.name, "Host"))
            fields.add(field.name, field.value);
    }
    if (!fields.find("User-Agent"))
        fields.add("User-Agent", "Stickyscope/" STICKYSCOPE_VERSION);
    if (!fields.find("Accept"))
        fields.add("Accept", "*/*");
    std::string all = target.cookies;
    if (!cookies.empty())
        all += (all.empty() ? "" : "; ") + cookies;
    if (!all.empty())
        fields.add("Cookie", all);
    if (target.requestId && !requestId.empty())
        fields.add("X-Request-Id", requestId);
    head.fields = std::move(fields);
    return head;
}

} // namespace stickyscope::live
