// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_formats.h"

#include "sim/http/cookie.h"
#include "sim/products/digests.h"
#include "sim/products/envoy_cookie.h"
#include "sim/products/f5_cookie.h"
#include "sim/products/haproxy_cookie.h"
#include "sim/products/nginx_cookie.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <regex>

namespace stickyscope {

namespace {

using Lines = std::vector<std::string>;

std::string_view unquoted(std::string_view value)
{
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        return value.substr(1, value.size() - 2);
    return value;
}

std::optional<std::uint32_t> readNumber(std::string_view text, int base = 10)
{
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc {} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

Lines traefikValues(std::string_view address, std::string_view)
{
    Lines values;
    for (const char* scheme : {"http://", "https://", "h2c://"}) {
        const std::string url = scheme + std::string(address);
        values.push_back(sha256Hex(url).substr(0, 16));
        values.push_back(fnv1Hex(url));
        values.push_back(fnv1Hex(fnv1Hex(url)));
    }
    return values;
}

Lines traefikOrHaproxyValues(std::string_view address, std::string_view key)
{
    Lines values = traefikValues(address, key);
    values.push_back(haproxyDynamicValue(key, address));
    return values;
}

Lines urlValues(std::string_view address, std::string_view)
{
    return {"http://" + std::string(address), "https://" + std::string(address)};
}

Lines haproxyDates(std::string_view value)
{
    const auto bar = value.find('|');
    Lines lines {"server: " + std::string(value.substr(0, bar))};
    const std::string_view stamps = value.substr(bar + 1);
    if (const auto last = readHaproxyStamp(stamps))
        lines.push_back("last used: " + http::httpDate(*last) + " (to 4 s)");
    const auto next = std::min(stamps.find('|'), stamps.size() - 1);
    if (const auto first = readHaproxyStamp(stamps.substr(next + 1)))
        lines.push_back("first set: " + http::httpDate(*first) + " (to 4 s)");
    return lines;
}

Lines envoySession(std::string_view value)
{
    const auto session = readEnvoySession(unquoted(value));
    if (!session)
        return {};
    Lines lines {"server: " + session->address};
    lines.push_back(session->expires ? "good until: " + http::httpDate(*session->expires)
                                     : "good for as long as the client keeps it");
    return lines;
}

// Before it had a time in it.
Lines envoyAddress(std::string_view value)
{
    const auto address = fromBase64(unquoted(value));
    return address ? Lines {"server: " + *address} : Lines {};
}

Lines envoyValues(std::string_view address, std::string_view)
{
    return {writeEnvoySession({std::string(address), std::nullopt}), base64(address)};
}

Lines caddyValues(std::string_view address, std::string_view secret)
{
    return {hmacSha256Hex(secret, address)};
}

Lines nginxValues(std::string_view address, std::string_view)
{
    return {md5Hex(address)};
}

// Bytes 0 to 3: the nginx that set it; 4 to 7: when (ngx_http_userid_filter_module.c).
Lines nginxUser(std::string_view value)
{
    const auto id = nginxUserId("uid", value);
    if (!id)
        return {};
    const auto octet = [&](std::size_t place) {
        // The words of $uid_got are little endian.
        const std::size_t at = 4 + 8 * (place / 4) + 2 * (3 - place % 4);
        return readNumber(std::string_view(*id).substr(at, 2), 16).value_or(0);
    };
    std::string address = std::to_string(octet(0));
    for (std::size_t place = 1; place < 4; ++place)
        address += "." + std::to_string(octet(place));
    std::uint32_t moment = 0;
    for (std::size_t place = 4; place < 8; ++place)
        moment = (moment << 8U) | octet(place);
    return {"names the client, not a server",
            "set by the nginx at " + address + ", "
                + http::httpDate(WallSeconds(std::chrono::seconds(moment)))};
}

Lines whole(std::string_view value)
{
    return {"server: " + std::string(value)};
}

Lines afterDot(std::string_view value)
{
    return {"route: " + std::string(value.substr(value.find('.') + 1))};
}

Lines beforeTilde(std::string_view value)
{
    const auto tilde = value.find('~');
    return {"server: " + std::string(value.substr(0, tilde)),
            "the application's own value: " + std::string(value.substr(tilde + 1))};
}

Lines f5Server(std::string_view value)
{
    const auto server = readF5Cookie(value);
    return server ? Lines {"server: " + *server} : Lines {};
}

Lines f5Values(std::string_view address, std::string_view)
{
    const std::string value = writeF5Cookie(address);
    return value.empty() ? Lines {} : Lines {value};
}

// What base64 makes of digits, dots and colons.
constexpr const char* base64Address = "\"?([L-O][CDSTijyz][AEIMQUYcgko4][uw-z0-6])+([L-O][AQgw]==|["
                                      "L-O][CDSTijyz][AEIMQUYcgko4]=)?\"?";

constexpr std::string_view secretly = "Only the balancer can read it.";
constexpr std::string_view ofAddress = "The MD5 of the server's address.";
constexpr std::string_view keyedHash = "The keyed hash (HMAC-SHA-256) of the server's address.";
constexpr std::string_view twoNumbers = "The server's address and port, as numbers.";
constexpr const char* yarpNames = "\\.(Yarp|(Yarp|Microsoft)\\.ReverseProxy)\\.Affinity";

using enum CookieFormat::Mark;

// Rows whose name says enough come first, then those of the value; weak ones last.
constexpr CookieFormat table[] = {
    {"AWS Application Load Balancer", "AWSALB(CORS|APP.*|TG.*)?", ".*",
     "Encrypted, and new with every answer: only the balancer can read it."},
    {"AWS Classic Load Balancer", "AWSELB(CORS)?", ".*", secretly},
    {"Azure Application Gateway", "ApplicationGatewayAffinity(CORS)?", ".*", secretly},
    {"Azure App Service", "ARRAffinity(SameSite)?", ".*", secretly},
    {"Cloudflare", "__cflb", ".*", secretly},
    {"Google Cloud Load Balancing", "GCLB|GCILB|GSSA", ".*", secretly},
    {"F5 BIG-IP", "BIGipServer.*", ".*", twoNumbers, sure, f5Server, f5Values},
    {"Cloud Foundry", "__VCAP_ID__", ".*", "The number of the application's instance."},
    {"YARP", yarpNames, "[0-9a-f]{16}|[0-9A-F]{64}",
     "A hash of the destination's id, which stands in its configuration."},
    {"YARP", yarpNames, ".*", secretly},
    {"Contour", "X-Contour-Session-Affinity", ".*",
     "Names the client, and is hashed to a server: it does not say which.", sure, nullptr, nullptr,
     "contour"},
    {"Traefik", "_[0-9a-f]{5}", "[0-9a-f]{16}",
     "The first 16 digits of the SHA-256 of the server's address.", sure, nullptr, traefikValues},
    {"Caddy", "lb", "[0-9a-f]{64}", keyedHash, keyed, nullptr, caddyValues},
    {"ingress-nginx (balanced)", ".*", "[0-9]+\\.[0-9]+\\.[0-9]+(\\.[0-9]+)?\\|[0-9a-f]{32}",
     "A random key that is hashed to a pod, and the backend's own: it does not say which pod.",
     sure, nullptr, nullptr, "ingress-nginx"},
    {"ingress-nginx (persistent)", ".*", "[0-9a-f]{32}\\|[0-9a-f]{32}",
     "The MD5 of the pod's address and a salt, and the backend's own."},
    {"HAProxy (maxidle or maxlife)", ".*", "[^|]+\\|[A-Za-z0-9+/]{5}(\\|[A-Za-z0-9+/]{5})?",
     "The server's name, when it was last used, and when it was first set.", named, haproxyDates},
    {"Apache", "ROUTEID", "[^.]*\\..+", "The route of a member, behind the first dot.", named,
     afterDot},
    {"Apache or mod_jk", "JSESSIONID", "[^.]+\\..+",
     "The application's session, and behind the first dot the route of a member.", named, afterDot},
    {"ingress-nginx", "INGRESSCOOKIE", ".*", "In a form of its own."},
    {"Envoy", ".*", "\"?C[ghi][A-Za-z0-9+/]{10,}={0,2}\"?",
     "The server's address, and when it is no longer good, readable by all.", sure, envoySession,
     envoyValues},
    {"Envoy (before it wrote times)", ".*", base64Address, "The server's address, readable by all.",
     sure, envoyAddress, envoyValues},
    {"Traefik, or HAProxy with dynamic cookies", ".*", "[0-9a-f]{16}",
     "A hash of the server's address: Traefik's of the whole URL, or HAProxy's with a key.", keyed,
     nullptr, traefikOrHaproxyValues},
    {"HAProxy", "SRV|SERVERID", ".*", "The server's name in haproxy.cfg.", named, whole},
    {"nginx", "route|srv_id", "[0-9a-f]{32}", ofAddress, sure, nullptr, nginxValues},
    {"F5 BIG-IP", ".*", "[0-9]{6,10}\\.[0-9]{1,5}\\.0000|vi[0-9a-f]{32}\\.[0-9]{1,5}", twoNumbers,
     sure, f5Server, f5Values},
    {"Traefik before 2.5", ".*", "https?://[^ ;/]+", "The server's address itself.", weak, nullptr,
     urlValues},
    {"HAProxy (prefix)", ".*", "[^~]+~.*",
     "The server's name before the tilde, the application's own value behind it.", weak | named,
     beforeTilde},
    {"nginx (sticky cookie)", ".*", "[0-9a-f]{32}", ofAddress, weak, nullptr, nginxValues},
    {"Caddy (another name)", ".*", "[0-9a-f]{64}", keyedHash, weak | keyed, nullptr, caddyValues},
    {"nginx (userid)", ".*", "[A-Za-z0-9+/]{22}==", "The client's own number.", weak, nginxUser,
     nullptr, "nginx"},
};

bool fits(const std::regex& pattern, std::string_view text)
{
    return std::regex_match(text.begin(), text.end(), pattern);
}

struct Patterns
{
    std::regex name;
    std::regex value;
};

// Compiled once: a pattern takes longer to compile than to match.
const std::vector<Patterns>& patterns()
{
    static const std::vector<Patterns> compiled = [] {
        std::vector<Patterns> all;
        all.reserve(std::size(table));
        for (const CookieFormat& format : table)
            all.push_back({std::regex(format.name), std::regex(format.value)});
        return all;
    }();
    return compiled;
}

} // namespace

std::vector<const CookieFormat*> cookieFormatsOf(std::string_view name, std::string_view value)
{
    std::vector<const CookieFormat*> fitting;
    // No balancer's are longer, and std::regex recurses with every character.
    constexpr std::size_t longestName = 256;
    constexpr std::size_t longestValue = 1024;
    if (name.size() > longestName || value.size() > longestValue)
        return fitting;
    const std::string_view anything = ".*";
    for (std::size_t row = 0; row < std::size(table); ++row) {
        const CookieFormat& format = table[row];
        const bool fitsName =
            name.empty() ? format.value != anything : fits(patterns()[row].name, name);
        const bool said =
            std::any_of(fitting.begin(), fitting.end(), [&](const CookieFormat* other) {
                return other->balancer == format.balancer;
            });
        if (fitsName && !said && fits(patterns()[row].value, value))
            fitting.push_back(&format);
    }
    // Without a name, those count most whose values say enough by themselves.
    if (name.empty())
        std::stable_partition(fitting.begin(), fitting.end(),
                              [&](const CookieFormat* format) { return format->name == anything; });
    return fitting;
}

bool couldName(const CookieFormat& format, std::string_view value, const CookieServer& server,
               std::string_view key)
{
    if (format.valuesOf) {
        const Lines values = format.valuesOf(server.address, key);
        if (std::find(values.begin(), values.end(), unquoted(value)) != values.end())
            return true;
    }
    const std::string& is = format.is(CookieFormat::named) ? server.name : server.address;
    if (!format.decode || is.empty())
        return false;
    const Lines lines = format.decode(value);
    return std::any_of(lines.begin(), lines.end(), [&is](const std::string& line) {
        return line == "server: " + is || line == "route: " + is;
    });
}

} // namespace stickyscope
