// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/cookie_formats.h"

#include "sim/products/cookie_readings.h"

#include <algorithm>
#include <regex>

namespace stickyscope {

namespace {

using namespace cookie_readings;

// What base64 makes of digits, dots and colons.
constexpr const char* base64Address = "\"?([L-O][CDSTijyz][AEIMQUYcgko4][uw-z0-6])+([L-O][AQgw]==|["
                                      "L-O][CDSTijyz][AEIMQUYcgko4]=)?\"?";

constexpr const char* base64Mesh = "\"?[A-Za-z0-9+/]{8,}={0,2}\"?";

constexpr std::string_view namesClient =
    "Names the client, and is hashed to a server: it does not say which.";
constexpr std::string_view secretly = "Only the balancer can read it.";
constexpr std::string_view ofAddress =
    "The MD5 of the server's address, of sticky-module-ng's with a key or without.";
constexpr std::string_view nginxOrModule = "nginx or sticky-module-ng";
constexpr std::string_view moduleNg = "nginx with sticky-module-ng";
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
    {"Google Cloud Load Balancing", "GCLB|GCILB", ".*", secretly},
    {"Google Cloud Service Mesh", "GSSA", base64Mesh, "The endpoint's address, readable by all.",
     alone, meshAddress, envoyValues},
    {"Google Cloud Service Mesh", "GSSA", ".*", "The endpoint's address, in another form."},
    {"F5 BIG-IP", "BIGipServer.*", "!.*", "Encrypted: only BIG-IP can read it."},
    {"F5 BIG-IP", "BIGipServer.*", ".*", twoNumbers, sure, f5Server, f5Values},
    {"Cloud Foundry", "__VCAP_ID__", ".*", "The number of the application's instance."},
    {"YARP", yarpNames, "[0-9a-f]{16}|[0-9A-F]{64}",
     "A hash of the destination's id, which stands in its configuration.", named | alone, nullptr,
     yarpValues},
    {"YARP", yarpNames, ".*", secretly, alone},
    {"Contour", "X-Contour-Session-Affinity", ".*", namesClient, alone, nullptr, nullptr,
     "contour"},
    {"Traefik", "_[0-9a-f]{5}", "[0-9a-f]{16}",
     "The first 16 digits of the SHA-256 of the server's address.", byName, nullptr, traefikValues},
    {"Caddy", "lb", "[0-9a-f]{64}", keyedHash, keyed, nullptr, caddyValues},
    {"ingress-nginx (balanced)", ".*", "[0-9]+\\.[0-9]+\\.[0-9]+(\\.[0-9]+)?\\|[0-9a-f]{32}",
     "A random key that is hashed to a pod, and the backend's own: it does not say which pod.",
     sure, nullptr, nullptr, "ingress-nginx"},
    {"ingress-nginx (persistent)", ".*", "[0-9a-f]{32}\\|[0-9a-f]{32}",
     "The MD5 of the pod's address and a salt, and the backend's own."},
    {"HAProxy (maxidle or maxlife)", ".*", "[^|]+\\|[A-Za-z0-9+/]{5}(\\|[A-Za-z0-9+/]{5})?",
     "The server's name, when it was last used, and when it was first set.", named, haproxyDates},
    {"Apache", "ROUTEID", "[^./]*\\..+", "The route of a member, behind the first dot.", named,
     afterDot},
    {"Apache (stickysessionsep Off)", "ROUTEID", "[^.]+", "The route of a member.", named | byName,
     whole},
    {"Apache or mod_jk", "JSESSIONID", "[^./]+\\..+",
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
    {"The hash policy of Envoy or Istio", ".*", "\"[0-9a-f]{16}\"", namesClient, sure, nullptr,
     nullptr, "envoy"},
    {nginxOrModule, "route|srv_id", "[0-9a-f]{32}", ofAddress, keyed, nullptr, md5Values},
    {"F5 BIG-IP", ".*",
     "[0-9]{6,10}\\.[0-9]{1,5}\\.0000|vi[0-9a-f]{32}\\.[0-9]{1,5}|rd[0-9]{1,5}o[0-9a-f]{32}o[0-9]{"
     "1,5}",
     twoNumbers, sure, f5Server, f5Values},
    {"Traefik before 2.5", ".*", "https?://[^ ;/]+", "The server's address itself.", weak, nullptr,
     urlValues},
    {"HAProxy (prefix)", ".*", "[^~]+~.*",
     "The server's name before the tilde, the application's own value behind it.", weak | named,
     beforeTilde},
    {nginxOrModule, ".*", "[0-9a-f]{32}", ofAddress, weak | keyed, nullptr, md5Values},
    {moduleNg, ".*", "[0-9a-f]{40}", "The SHA-1 of the server's address, with a key or without.",
     weak | keyed, nullptr, sha1Values},
    {moduleNg, ".*", "([^ ;,/@:]+|\\[[0-9a-f:.]+\\]):[0-9]{1,5}", "The server's address itself.",
     weak, whole},
    {moduleNg, "route", "[0-9]{1,4}", "The server's place in the list, from 0.", weak | byName,
     nullptr, placeValues},
    {"Kong", ".*", "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
     namesClient, weak, nullptr, nullptr, "kong"},
    // Without its quotes, as some jars send it back.
    {"The hash policy of Envoy or Istio", ".*", "[0-9a-f]{16}", namesClient, weak, nullptr, nullptr,
     "envoy"},
    {"Caddy", ".*", "[0-9a-f]{64}", keyedHash, weak | keyed, nullptr, caddyValues},
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
        const bool fitsName = name.empty()
            ? format.value != anything && !format.is(CookieFormat::byName)
            : fits(patterns()[row].name, name);
        const bool said =
            std::any_of(fitting.begin(), fitting.end(), [&](const CookieFormat* other) {
                return other->balancer == format.balancer;
            });
        if (!fitsName || said || !fits(patterns()[row].value, value))
            continue;
        // What a name does not tell, or tells of one alone, a value must bear out.
        const bool must = format.name == anything || format.is(CookieFormat::alone);
        if (must && format.decode && format.decode(value).empty())
            continue;
        if (format.is(CookieFormat::alone) && !name.empty())
            return {&format};
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
        const Lines values = format.valuesOf(server, key);
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
