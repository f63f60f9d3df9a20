// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/target.h"

#include <string>

namespace stickyscope::live {

/// One line for the user. Thrown while a curl command is read, and caught by parseCurlCommand().
struct CurlError
{
    std::string text;
};

[[noreturn]] inline void failCurl(std::string text)
{
    throw CurlError {std::move(text)};
}

/// The target that curl's options make, one call an option, as curl's manual page says.
class CurlRequest
{
public:
    void setUrl(const std::string& text);
    void setMethod(const std::string& text) { m_method = text; }
    void header(const std::string& text);
    void setField(const std::string& name, const std::string& value);
    /// -d: joined by '&'; "@file" is refused. `urlEncode`: --data-urlencode.
    void data(const std::string& text, bool urlEncode);
    void rawData(const std::string& text);
    /// -G: the data goes into the query.
    void dataInQuery() { m_dataInQuery = true; }
    /// -b: cookies where there is a '=', else a file.
    void cookie(const std::string& text);
    void cookieFileOut(const std::string& path) { m_target.cookieFileOut = path; }
    void resolve(const std::string& text);
    void connectTo(const std::string& text);
    void proxy(const std::string& text, bool socks);
    void proxyUser(const std::string& text) { m_proxyUser = text; }
    void user(const std::string& text);
    wire::Endpoint& endpoint() { return m_target.endpoint; }

    Target finish();

private:
    Target m_target;
    std::string m_url;
    std::string m_method;
    std::string m_proxyUser;
    bool m_hasData = false;
    bool m_dataInQuery = false;
};

/// Milliseconds of a number of seconds such as "2.5".
int curlSeconds(const std::string& text, const std::string& option);

} // namespace stickyscope::live
