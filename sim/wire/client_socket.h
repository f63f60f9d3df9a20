// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"
#include "sim/wire/endpoint.h"

#include <memory>
#include <string>
#include <string_view>

class QSslSocket;

namespace stickyscope::wire {

/// The socket under an HttpConnection: connects to one address after the other until one takes it,
/// is used, and may connect again after it was closed. Belongs to one thread, whose event loop
/// runs. Its owner may close it from within its calls, but not destroy it.
class ClientSocket
{
public:
    class Owner
    {
    public:
        virtual ~Owner() = default;
        virtual void socketEncrypts() = 0; ///< it has connected; TLS begins
        virtual void socketReady() = 0; ///< it is connected, and encrypted where it is to be
        virtual void socketHasNews() = 0; ///< read() has some
        /// The peer has finished or, `reset`, broken the connection; nothing is left to be read.
        virtual void socketEnded(bool reset, const std::string& why) = 0;
        /// This address takes no connection; another one may.
        virtual void socketRefused(Failure failure, const std::string& why) = 0;
        /// It is the wrong peer: no other address of it is tried.
        virtual void socketFailed(Failure failure, const std::string& why) = 0;
    };

    virtual ~ClientSocket() = default;

    virtual void connectTo(const QHostAddress& address, std::uint16_t port) = 0;
    /// To the endpoint's destination through its proxy, which resolves the name.
    virtual void connectThroughProxy() = 0;
    virtual bool isOpen() const = 0; ///< after socketReady()
    virtual void write(std::string_view octets) = 0;
    /// What has come, until the next call.
    virtual std::string_view read() = 0;
    virtual void finish() = 0; ///< closes it when all is sent
    virtual void abort() = 0; ///< closes it at once
    virtual std::string peerAddress() const = 0;
    /// What WebSockets go on with; null where it is none of Qt's.
    virtual QSslSocket* qtSocket() { return nullptr; }
};

/// TCP in the clear, straight to the system: it costs a third of Qt's.
std::unique_ptr<ClientSocket> makePlainSocket(const Endpoint& endpoint, ClientSocket::Owner& owner);
/// By Qt, with TLS and proxies.
std::unique_ptr<ClientSocket> makeQtSocket(const Endpoint& endpoint, ClientSocket::Owner& owner);

} // namespace stickyscope::wire
