// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/http_connection.h"
#include "tests/support/wait_until.h"

#include <doctest/doctest.h>
#include <optional>
#include <string>

namespace stickyscope::test {

/// Such as "http://127.0.0.1:8000".
inline wire::Endpoint endpointAt(const std::string& address)
{
    wire::Endpoint endpoint;
    endpoint.url = *http::parseUrl(address + "/");
    return endpoint;
}

/// A request that is under way, on a connection of its own.
class Asked
{
public:
    Asked(const wire::Endpoint& endpoint, const http::RequestHead& head,
          const std::string& body = {})
        : m_connection(endpoint, nullptr)
    {
        QObject::connect(&m_connection, &wire::HttpConnection::finished, &m_connection,
                         [this](const wire::Exchange& exchange) { m_result = exchange; });
        m_connection.send(head, body);
    }

    bool ended() const { return m_result.has_value(); }
    /// Waits for it.
    const wire::Exchange& end()
    {
        REQUIRE(waitUntil([this] { return ended(); }));
        return *m_result;
    }

private:
    wire::HttpConnection m_connection;
    std::optional<wire::Exchange> m_result;
};

/// A GET by a client that calls itself so.
inline http::RequestHead askedBy(const std::string& agent, const std::string& target,
                                 const std::string& cookie = {})
{
    http::RequestHead request {.method = "GET", .target = target};
    request.fields.add("Host", "127.0.0.1");
    request.fields.add("User-Agent", agent);
    if (!cookie.empty())
        request.fields.add("Cookie", cookie);
    return request;
}

/// The server of that address, by its name there.
inline wire::Exchange ask(const std::string& address, http::RequestHead request,
                          const std::string& trusted = {})
{
    request.fields.set("Host", address.substr(address.find("//") + 2));
    wire::Endpoint endpoint = endpointAt(address);
    endpoint.trusted = trusted;
    return Asked(endpoint, request).end();
}

} // namespace stickyscope::test
