// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/proxy.h"

#include "sim/http/authorization.h"

namespace stickyscope::wire {

QNetworkProxy tunnelFor(const Endpoint& endpoint)
{
    const http::Url& proxy = *endpoint.proxy;
    const auto colon = proxy.userInfo.find(':');
    const std::string password =
        colon == std::string::npos ? std::string() : proxy.userInfo.substr(colon + 1);
    return {endpoint.proxyIsSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy,
            QString::fromStdString(proxy.host), proxy.port,
            QString::fromStdString(proxy.userInfo.substr(0, colon)),
            QString::fromStdString(password)};
}

http::RequestHead headForProxy(const http::RequestHead& head, const Endpoint& endpoint)
{
    http::RequestHead whole = head;
    whole.target = "http://" + endpoint.url.authority() + head.target;
    if (!endpoint.proxy->userInfo.empty())
        whole.fields.set("Proxy-Authorization", http::basicAuthorization(endpoint.proxy->userInfo));
    return whole;
}

} // namespace stickyscope::wire
