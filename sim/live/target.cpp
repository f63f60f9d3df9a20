// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/target.h"

#include "sim/live/curl_command.h"

namespace stickyscope::live {

Outcome<Target> parseTarget(std::string_view text)
{
    text = http::trimmed(text);
    const std::string_view program = text.substr(0, text.find_first_of(" \t"));
    if (program == "curl" || program.ends_with("/curl"))
        return parseCurlCommand(text);
    std::string why;
    const auto url = http::parseUrl(text, &why);
    if (!url)
        return Outcome<Target>::failure(why);
    Target target;
    target.endpoint.url = *url;
    target.request.target = url->target();
    if (!url->userInfo.empty())
        target.request.fields.add("Authorization", basicAuthorization(url->userInfo));
    target.endpoint.url.userInfo.clear();
    return target;
}

std::string basicAuthorization(std::string_view user)
{
    static constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string encoded;
    for (std::size_t place = 0; place < user.size(); place += 3) {
        unsigned long bits = 0;
        const std::size_t count = std::min<std::size_t>(3, user.size() - place);
        for (std::size_t octet = 0; octet < 3; ++octet)
            bits = (bits << 8U)
                | (octet < count ? static_cast<unsigned char>(user[place + octet]) : 0U);
        for (std::size_t digit = 0; digit < 4; ++digit)
            encoded += digit <= count ? letters[(bits >> (18U - 6U * digit)) & 0x3fU] : '=';
    }
    return "Basic " + encoded;
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
