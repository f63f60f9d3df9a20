// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/curl_command.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace stickyscope::live {

namespace {

struct CurlError
{
    std::string text;
};

[[noreturn]] void fail(std::string text)
{
    throw CurlError {std::move(text)};
}

// The words of a command line, as a POSIX shell splits them.
class Words
{
public:
    explicit Words(std::string_view text)
        : m_text(text)
    {
    }

    std::vector<std::string> all()
    {
        while (m_place < m_text.size())
            take(m_text[m_place++]);
        if (m_begun)
            m_words.push_back(m_word);
        return m_words;
    }

private:
    void take(char letter)
    {
        switch (letter) {
        case ' ':
        case '\t':
        case '\n':
        case '\r':
            if (m_begun)
                m_words.push_back(std::exchange(m_word, {}));
            m_begun = false;
            return;
        case '\'':
            return quoted('\'');
        case '"':
            return quoted('"');
        case '\\':
            return escaped();
        case '$':
            if (m_place < m_text.size() && m_text[m_place] == '\'') {
                ++m_place;
                return ansiQuoted();
            }
            break;
        case '|':
        case ';':
        case '&':
        case '<':
        case '>':
        case '`':
            fail(std::string("the shell's '") + letter
                 + "' outside quotes is not understood; paste one curl command alone");
        default:
            break;
        }
        add(letter);
    }

    void add(char letter)
    {
        m_word += letter;
        m_begun = true;
    }

    void escaped()
    {
        if (m_place >= m_text.size())
            return;
        const char letter = m_text[m_place++];
        if (letter != '\n')
            add(letter);
    }

    void quoted(char quote)
    {
        m_begun = true;
        while (m_place < m_text.size() && m_text[m_place] != quote) {
            char letter = m_text[m_place++];
            if (quote == '"' && letter == '\\' && m_place < m_text.size()
                && std::string_view("\"\\$`\n").find(m_text[m_place]) != std::string_view::npos)
                letter = m_text[m_place++];
            if (letter != '\n' || quote == '\'')
                m_word += letter;
        }
        close();
    }

    // Chrome and Firefox write $'...' where the text holds line breaks or quotes.
    void ansiQuoted()
    {
        static constexpr std::string_view from = "nrtabfv\\'\"e";
        static constexpr std::string_view to = "\n\r\t\a\b\f\v\\'\"\x1b";
        m_begun = true;
        while (m_place < m_text.size() && m_text[m_place] != '\'') {
            char letter = m_text[m_place++];
            if (letter == '\\' && m_place < m_text.size()) {
                letter = m_text[m_place++];
                if (letter == 'u' || letter == 'x') {
                    codePoint(letter == 'u' ? 4 : 2);
                    continue;
                }
                if (const auto known = from.find(letter); known != std::string_view::npos)
                    letter = to[known];
            }
            m_word += letter;
        }
        close();
    }

    void codePoint(std::size_t digits)
    {
        unsigned code = 0;
        const char* begin = m_text.data() + m_place;
        const char* end = begin + std::min(digits, m_text.size() - m_place);
        m_place += static_cast<std::size_t>(std::from_chars(begin, end, code, 16).ptr - begin);
        if (code < 0x80) {
            m_word += static_cast<char>(code);
        } else if (code < 0x800) {
            m_word += static_cast<char>(0xc0U | (code >> 6U));
            m_word += static_cast<char>(0x80U | (code & 0x3fU));
        } else {
            m_word += static_cast<char>(0xe0U | (code >> 12U));
            m_word += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
            m_word += static_cast<char>(0x80U | (code & 0x3fU));
        }
    }

    void close()
    {
        if (m_place >= m_text.size())
            fail("a quote is not closed");
        ++m_place;
    }

    std::string_view m_text;
    std::size_t m_place = 0;
    std::string m_word;
    bool m_begun = false;
    std::vector<std::string> m_words;
};

std::uint16_t portOf(std::string_view text, const std::string& option)
{
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc {} || end != text.data() + text.size() || port == 0 || port > 65535)
        fail(option + " has no port where one is needed: '" + std::string(text) + "'");
    return static_cast<std::uint16_t>(port);
}

// Splits at colons, but not within the brackets of an IPv6 address, which it takes off.
std::vector<std::string> colonParts(std::string_view text)
{
    std::vector<std::string> parts(1);
    bool inside = false;
    for (const char letter : text) {
        if (letter == '[' || letter == ']')
            inside = letter == '[';
        else if (letter == ':' && !inside)
            parts.emplace_back();
        else
            parts.back() += letter;
    }
    return parts;
}

class Command
{
public:
    Target read(const std::vector<std::string>& words);

private:
    struct Option
    {
        std::string_view shortName;
        std::string_view longName;
        bool takesValue;
        std::function<void(Command&, const std::string&)> apply;
    };
    static const std::vector<Option>& options();
    static const Option* find(std::string_view name, bool isLong);

    void shortOptions(const std::vector<std::string>& words, std::size_t& place);
    void apply(const Option& option, const std::string& shown,
               const std::vector<std::string>& words, std::size_t& place);
    void header(const std::string& text);
    void data(const std::string& text, bool urlEncode);
    void cookie(const std::string& text);
    void resolve(const std::string& text);
    void connectTo(const std::string& text);
    void proxy(const std::string& text, bool socks);
    void user(const std::string& text);
    void finish();

    Target m_target;
    std::string m_url;
    std::string m_method;
    bool m_hasData = false;
    bool m_dataInQuery = false;
};

const std::vector<Command::Option>& Command::options()
{
    const auto ignore = [](Command&, const std::string&) {};
    static const std::vector<Option> all {
        {"X", "request", true, [](Command& c, const std::string& v) { c.m_method = v; }},
        {"H", "header", true, [](Command& c, const std::string& v) { c.header(v); }},
        {"d", "data", true, [](Command& c, const std::string& v) { c.data(v, false); }},
        {"", "data-ascii", true, [](Command& c, const std::string& v) { c.data(v, false); }},
        {"", "data-raw", true,
         [](Command& c, const std::string& v) {
             c.m_hasData = true;
             c.m_target.body += (c.m_target.body.empty() ? "" : "&") + v;
         }},
        {"", "data-binary", true, [](Command& c, const std::string& v) { c.data(v, false); }},
        {"", "data-urlencode", true, [](Command& c, const std::string& v) { c.data(v, true); }},
        {"", "json", true,
         [](Command& c, const std::string& v) {
             c.data(v, false);
             c.m_target.request.fields.set("Content-Type", "application/json");
             c.m_target.request.fields.set("Accept", "application/json");
         }},
        {"G", "get", false, [](Command& c, const std::string&) { c.m_dataInQuery = true; }},
        {"I", "head", false, [](Command& c, const std::string&) { c.m_method = "HEAD"; }},
        {"b", "cookie", true, [](Command& c, const std::string& v) { c.cookie(v); }},
        {"c", "cookie-jar", true,
         [](Command& c, const std::string& v) { c.m_target.cookieFileOut = v; }},
        {"A", "user-agent", true,
         [](Command& c, const std::string& v) { c.m_target.request.fields.set("User-Agent", v); }},
        {"e", "referer", true,
         [](Command& c, const std::string& v) { c.m_target.request.fields.set("Referer", v); }},
        {"u", "user", true, [](Command& c, const std::string& v) { c.user(v); }},
        {"", "oauth2-bearer", true,
         [](Command& c, const std::string& v) {
             c.m_target.request.fields.set("Authorization", "Bearer " + v);
         }},
        {"k", "insecure", false,
         [](Command& c, const std::string&) { c.m_target.endpoint.insecure = true; }},
        {"", "cacert", true,
         [](Command& c, const std::string& v) { c.m_target.endpoint.caFile = v; }},
        {"E", "cert", true,
         [](Command& c, const std::string& v) { c.m_target.endpoint.certificateFile = v; }},
        {"", "key", true,
         [](Command& c, const std::string& v) { c.m_target.endpoint.keyFile = v; }},
        {"", "resolve", true, [](Command& c, const std::string& v) { c.resolve(v); }},
        {"", "connect-to", true, [](Command& c, const std::string& v) { c.connectTo(v); }},
        {"x", "proxy", true, [](Command& c, const std::string& v) { c.proxy(v, false); }},
        {"", "socks5", true, [](Command& c, const std::string& v) { c.proxy(v, true); }},
        {"", "socks5-hostname", true, [](Command& c, const std::string& v) { c.proxy(v, true); }},
        {"", "url", true, [](Command& c, const std::string& v) { c.m_url = v; }},
        {"m", "max-time", true,
         [](Command& c, const std::string& v) {
             double seconds = 0;
             std::from_chars(v.data(), v.data() + v.size(), seconds);
             if (!(seconds > 0 && seconds < 3600))
                 fail("--max-time must be seconds, such as 5");
             c.m_target.endpoint.answerMilliseconds = static_cast<int>(seconds * 1000);
         }},
        {"", "connect-timeout", true,
         [](Command& c, const std::string& v) {
             double seconds = 0;
             std::from_chars(v.data(), v.data() + v.size(), seconds);
             if (!(seconds > 0 && seconds < 3600))
                 fail("--connect-timeout must be seconds, such as 5");
             c.m_target.endpoint.connectMilliseconds = static_cast<int>(seconds * 1000);
         }},
        // What changes only what curl prints, or what is so here anyway.
        {"v", "verbose", false, ignore},
        {"s", "silent", false, ignore},
        {"S", "show-error", false, ignore},
        {"i", "include", false, ignore},
        {"o", "output", true, ignore},
        {"w", "write-out", true, ignore},
        {"D", "dump-header", true, ignore},
        {"f", "fail", false, ignore},
        {"N", "no-buffer", false, ignore},
        {"", "compressed", false, ignore},
        {"", "http1.1", false, ignore},
        {"", "no-progress-meter", false, ignore},
        {"#", "progress-bar", false, ignore},
    };
    return all;
}

const Command::Option* Command::find(std::string_view name, bool isLong)
{
    const auto& all = options();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Option& option) {
        return !name.empty() && (isLong ? option.longName : option.shortName) == name;
    });
    return found == all.end() ? nullptr : &*found;
}

void Command::apply(const Option& option, const std::string& shown,
                    const std::vector<std::string>& words, std::size_t& place)
{
    if (!option.takesValue)
        return option.apply(*this, {});
    if (place + 1 >= words.size())
        fail("curl's " + shown + " lacks its value");
    option.apply(*this, words[++place]);
}

void Command::shortOptions(const std::vector<std::string>& words, std::size_t& place)
{
    const std::string& word = words[place];
    for (std::size_t letter = 1; letter < word.size(); ++letter) {
        const std::string shown = std::string("-") + word[letter];
        const Option* option = find(std::string_view(word).substr(letter, 1), false);
        if (!option)
            fail("curl's " + shown + " is not understood");
        if (option->takesValue && letter + 1 < word.size())
            return option->apply(*this, word.substr(letter + 1));
        apply(*option, shown, words, place);
    }
}

void Command::header(const std::string& text)
{
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        fail("curl's -H needs a 'Name: value', not '" + text + "'");
    const std::string name(http::trimmed(std::string_view(text).substr(0, colon)));
    const std::string value(http::trimmed(std::string_view(text).substr(colon + 1)));
    if (text.find_first_of("\r\n") != std::string::npos)
        fail("curl's -H holds a line break");
    // HTTP/2's own fields, which browsers copy along.
    if (name.empty() || http::equalIgnoringCase(name, "Connection")
        || http::equalIgnoringCase(name, "Content-Length")
        || http::equalIgnoringCase(name, "Accept-Encoding"))
        return;
    if (http::equalIgnoringCase(name, "Cookie"))
        return cookie(value);
    m_target.request.fields.add(name, value);
}

void Command::data(const std::string& text, bool urlEncode)
{
    if (text.starts_with('@')
        || (urlEncode && text.find('@') != std::string::npos
            && text.find('=') == std::string::npos))
        fail("curl's data from a file (@) is not understood; paste the text itself");
    std::string value = text;
    if (urlEncode) {
        const auto equals = text.find('=');
        const std::string name =
            equals == std::string::npos ? "" : text.substr(0, equals + (equals > 0 ? 1 : 0));
        static constexpr std::string_view digits = "0123456789ABCDEF";
        value = name;
        for (const unsigned char octet :
             text.substr(equals == std::string::npos ? 0 : equals + 1)) {
            if (std::isalnum(octet)
                || std::string_view("-._~").find(static_cast<char>(octet))
                    != std::string_view::npos) {
                value += static_cast<char>(octet);
            } else {
                value += '%';
                value += digits[octet >> 4U];
                value += digits[octet & 0xfU];
            }
        }
    }
    m_target.body += (m_hasData ? "&" : "") + value;
    m_hasData = true;
}

void Command::cookie(const std::string& text)
{
    // curl: with '=' it is cookies, without it a file.
    if (text.find('=') == std::string::npos)
        m_target.cookieFileIn = text;
    else
        m_target.cookies += (m_target.cookies.empty() ? "" : "; ") + text;
}

void Command::resolve(const std::string& text)
{
    const auto parts = colonParts(text.starts_with('+') ? text.substr(1) : text);
    if (parts.size() != 3)
        fail("curl's --resolve must be HOST:PORT:ADDRESS, not '" + text + "'");
    m_target.endpoint.redirections.push_back({http::lowered(parts[0] == "*" ? "" : parts[0]),
                                              portOf(parts[1], "--resolve"),
                                              parts[2].substr(0, parts[2].find(',')), 0});
}

void Command::connectTo(const std::string& text)
{
    const auto parts = colonParts(text);
    if (parts.size() != 4)
        fail("curl's --connect-to must be HOST1:PORT1:HOST2:PORT2, not '" + text + "'");
    const auto port = [](const std::string& part) {
        return part.empty() ? std::uint16_t {0} : portOf(part, "--connect-to");
    };
    m_target.endpoint.redirections.push_back(
        {http::lowered(parts[0]), port(parts[1]), parts[2], port(parts[3])});
}

void Command::proxy(const std::string& text, bool socks)
{
    const auto scheme = text.find("://");
    const std::string kind = scheme == std::string::npos ? (socks ? "socks5" : "http")
                                                         : http::lowered(text.substr(0, scheme));
    if (kind != "http" && kind != "socks5" && kind != "socks5h")
        fail("curl's -x with " + kind + ":// is not understood; http:// and socks5:// are");
    auto url =
        http::parseUrl("http://" + (scheme == std::string::npos ? text : text.substr(scheme + 3)));
    if (!url)
        fail("curl's -x must be an address, not '" + text + "'");
    if (url->port == 80 && text.find(":80") == std::string::npos)
        url->port = 1080; // curl's default for proxies
    m_target.endpoint.proxy = *url;
    m_target.endpoint.proxyIsSocks = kind != "http";
}

void Command::user(const std::string& text)
{
    m_target.request.fields.set("Authorization", basicAuthorization(text));
}

void Command::finish()
{
    std::string why;
    const auto url = http::parseUrl(m_url, &why);
    if (!url)
        fail(m_url.empty() ? "the curl command has no address" : why);
    m_target.endpoint.url = *url;
    m_target.request.target = url->target();
    if (m_dataInQuery && m_hasData) {
        m_target.request.target += (url->query.empty() ? "?" : "&") + m_target.body;
        m_target.body.clear();
        m_hasData = false;
    }
    if (!url->userInfo.empty())
        user(url->userInfo);
    m_target.endpoint.url.userInfo.clear();
    m_target.request.method = !m_method.empty() ? m_method : m_hasData ? "POST" : "GET";
    if (m_hasData && !m_target.request.fields.find("Content-Type"))
        m_target.request.fields.add("Content-Type", "application/x-www-form-urlencoded");
}

Target Command::read(const std::vector<std::string>& words)
{
    bool onlyAddresses = false;
    for (std::size_t place = 1; place < words.size(); ++place) {
        const std::string& word = words[place];
        if (!onlyAddresses && word == "--") {
            onlyAddresses = true;
        } else if (!onlyAddresses && word.starts_with("--")) {
            const Option* option = find(std::string_view(word).substr(2), true);
            if (!option)
                fail("curl's " + word + " is not understood");
            apply(*option, word, words, place);
        } else if (!onlyAddresses && word.size() > 1 && word.starts_with('-')) {
            shortOptions(words, place);
        } else if (m_url.empty()) {
            m_url = word;
        } else {
            fail("the curl command has a second address: " + word);
        }
    }
    finish();
    return m_target;
}

} // namespace

Outcome<Target> parseCurlCommand(std::string_view text)
{
    try {
        constexpr std::size_t longest = 1U << 20U;
        if (text.size() > longest)
            fail("the command is longer than 1 MiB");
        return Command().read(Words(text).all());
    } catch (const CurlError& error) {
        return Outcome<Target>::failure(error.text);
    }
}

} // namespace stickyscope::live
