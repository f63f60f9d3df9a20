// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/curl_command.h"

#include "sim/live/curl_request.h"
#include "sim/live/shell_words.h"

#include <algorithm>

namespace stickyscope::live {

namespace {

struct Row
{
    std::string_view shortName;
    std::string_view longName;
    bool takesValue;
    void (*apply)(CurlRequest&, const std::string&);
};

void ignore(CurlRequest&, const std::string&) { }

// A new option is a row here.
const std::vector<Row>& rows()
{
    static const std::vector<Row> all {
        {"X", "request", true, [](CurlRequest& c, const std::string& v) { c.setMethod(v); }},
        {"H", "header", true, [](CurlRequest& c, const std::string& v) { c.header(v); }},
        {"d", "data", true, [](CurlRequest& c, const std::string& v) { c.data(v, false); }},
        {"", "data-ascii", true, [](CurlRequest& c, const std::string& v) { c.data(v, false); }},
        {"", "data-raw", true, [](CurlRequest& c, const std::string& v) { c.rawData(v); }},
        {"", "data-binary", true, [](CurlRequest& c, const std::string& v) { c.data(v, false); }},
        {"", "data-urlencode", true, [](CurlRequest& c, const std::string& v) { c.data(v, true); }},
        {"", "json", true,
         [](CurlRequest& c, const std::string& v) {
             c.data(v, false);
             c.setField("Content-Type", "application/json");
             c.setField("Accept", "application/json");
         }},
        {"G", "get", false, [](CurlRequest& c, const std::string&) { c.dataInQuery(); }},
        {"I", "head", false, [](CurlRequest& c, const std::string&) { c.setMethod("HEAD"); }},
        {"b", "cookie", true, [](CurlRequest& c, const std::string& v) { c.cookie(v); }},
        {"c", "cookie-jar", true, [](CurlRequest& c, const std::string& v) { c.cookieFileOut(v); }},
        {"A", "user-agent", true,
         [](CurlRequest& c, const std::string& v) { c.setField("User-Agent", v); }},
        {"e", "referer", true,
         [](CurlRequest& c, const std::string& v) { c.setField("Referer", v); }},
        {"u", "user", true, [](CurlRequest& c, const std::string& v) { c.user(v); }},
        {"", "oauth2-bearer", true,
         [](CurlRequest& c, const std::string& v) { c.setField("Authorization", "Bearer " + v); }},
        {"k", "insecure", false,
         [](CurlRequest& c, const std::string&) { c.endpoint().insecure = true; }},
        {"", "cacert", true, [](CurlRequest& c, const std::string& v) { c.endpoint().caFile = v; }},
        {"E", "cert", true,
         [](CurlRequest& c, const std::string& v) { c.endpoint().certificateFile = v; }},
        {"", "key", true, [](CurlRequest& c, const std::string& v) { c.endpoint().keyFile = v; }},
        {"", "resolve", true, [](CurlRequest& c, const std::string& v) { c.resolve(v); }},
        {"", "connect-to", true, [](CurlRequest& c, const std::string& v) { c.connectTo(v); }},
        {"x", "proxy", true, [](CurlRequest& c, const std::string& v) { c.proxy(v, false); }},
        {"U", "proxy-user", true, [](CurlRequest& c, const std::string& v) { c.proxyUser(v); }},
        {"", "socks5", true, [](CurlRequest& c, const std::string& v) { c.proxy(v, true); }},
        {"", "socks5-hostname", true,
         [](CurlRequest& c, const std::string& v) { c.proxy(v, true); }},
        {"", "url", true, [](CurlRequest& c, const std::string& v) { c.setUrl(v); }},
        {"m", "max-time", true,
         [](CurlRequest& c, const std::string& v) {
             c.endpoint().answerMilliseconds = curlSeconds(v, "--max-time");
         }},
        {"", "connect-timeout", true,
         [](CurlRequest& c, const std::string& v) {
             c.endpoint().connectMilliseconds = curlSeconds(v, "--connect-timeout");
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

const Row* find(std::string_view name, bool isLong)
{
    const auto& all = rows();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Row& row) {
        return !name.empty() && (isLong ? row.longName : row.shortName) == name;
    });
    return found == all.end() ? nullptr : &*found;
}

// Reads words into options.
class Scanner
{
public:
    explicit Scanner(const std::vector<std::string>& words)
        : m_words(words)
    {
    }

    std::vector<CurlOption> all()
    {
        bool onlyAddresses = false;
        for (m_place = 1; m_place < m_words.size(); ++m_place) {
            const std::string& word = m_words[m_place];
            if (!onlyAddresses && word == "--")
                onlyAddresses = true;
            else if (!onlyAddresses && word.starts_with("--"))
                longOption(word);
            else if (!onlyAddresses && word.size() > 1 && word.starts_with('-'))
                shortOptions(word);
            else
                m_options.push_back({"url", word});
        }
        return m_options;
    }

private:
    void longOption(const std::string& word)
    {
        const Row* row = find(std::string_view(word).substr(2), true);
        if (!row)
            failCurl("curl's " + word + " is not understood");
        add(*row, word);
    }

    void shortOptions(const std::string& word)
    {
        for (std::size_t letter = 1; letter < word.size(); ++letter) {
            const std::string shown = std::string("-") + word[letter];
            const Row* row = find(std::string_view(word).substr(letter, 1), false);
            if (!row)
                failCurl("curl's " + shown + " is not understood");
            if (row->takesValue && letter + 1 < word.size()) {
                m_options.push_back({std::string(row->longName), word.substr(letter + 1)});
                return;
            }
            add(*row, shown);
        }
    }

    void add(const Row& row, const std::string& shown)
    {
        if (row.takesValue && m_place + 1 >= m_words.size())
            failCurl("curl's " + shown + " lacks its value");
        m_options.push_back(
            {std::string(row.longName), row.takesValue ? m_words[++m_place] : std::string()});
    }

    const std::vector<std::string>& m_words;
    std::size_t m_place = 1;
    std::vector<CurlOption> m_options;
};

std::string quoted(const std::string& word)
{
    static constexpr std::string_view plain = "-._~:/?=%+@,";
    const bool safe =
        !word.empty() && std::all_of(word.begin(), word.end(), [](unsigned char letter) {
            return (letter < 0x80 && std::isalnum(letter))
                || plain.find(static_cast<char>(letter)) != std::string_view::npos;
        });
    if (safe && word.find('?') == std::string::npos)
        return word;
    std::string text = "'";
    for (const char letter : word)
        text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return text + "'";
}

} // namespace

Outcome<std::vector<CurlOption>> curlOptions(std::string_view text)
{
    using Result = Outcome<std::vector<CurlOption>>;
    constexpr std::size_t longest = 1U << 20U;
    if (text.size() > longest)
        return Result::failure("the command is longer than 1 MiB");
    const auto words = shellWords(text);
    if (!words)
        return Result::failure(words.error());
    try {
        return Scanner(*words).all();
    } catch (const CurlError& error) {
        return Result::failure(error.text);
    }
}

Outcome<Target> targetOf(const std::vector<CurlOption>& options)
{
    try {
        CurlRequest request;
        for (const CurlOption& option : options) {
            const Row* row = find(option.name, true);
            if (!row)
                failCurl("curl's --" + option.name + " is not understood");
            row->apply(request, option.value);
        }
        return request.finish();
    } catch (const CurlError& error) {
        return Outcome<Target>::failure(error.text);
    }
}

Outcome<Target> parseCurlCommand(std::string_view text)
{
    const auto options = curlOptions(text);
    return options ? targetOf(*options) : Outcome<Target>::failure(options.error());
}

std::string curlCommand(const std::vector<CurlOption>& options)
{
    std::string text = "curl";
    for (const CurlOption& option : options) {
        const Row* row = find(option.name, true);
        // An address that looks like an option is said to be one.
        if (option.name != "url" || option.value.starts_with('-'))
            text += " --" + option.name;
        if (option.name == "url" || (row && row->takesValue))
            text += " " + quoted(option.value);
    }
    return text;
}

} // namespace stickyscope::live
