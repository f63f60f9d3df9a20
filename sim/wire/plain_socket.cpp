// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/client_socket.h"
#include "sim/wire/stream.h"

#include <array>
#include <cerrno>
#include <system_error>

namespace stickyscope::wire {

namespace {

class PlainSocket final : public ClientSocket, private Stream::Owner
{
public:
    PlainSocket(const QHostAddress& from, ClientSocket::Owner& owner)
        : m_from(from)
        , m_owner(owner)
    {
    }

    void connectTo(const QHostAddress& address, std::uint16_t port) override
    {
        abort();
        m_address = address.toString().toStdString();
        m_stream = PlainStream::connectTo(address, port, m_from);
        if (!m_stream)
            return refused(errno);
        m_stream->setOwner(this);
    }

    // Whoever has a tunnel or SOCKS made uses Qt's.
    void connectThroughProxy() override { }

    bool isOpen() const override { return m_open; }

    void write(std::string_view octets) override
    {
        m_unsent.append(octets);
        flush();
    }

    std::string_view read() override { return std::exchange(m_news, {}); }

    void finish() override { abort(); }

    void abort() override
    {
        m_open = false;
        m_stream.reset();
        m_unsent.clear();
    }

    std::string peerAddress() const override { return m_address; }

private:
    void refused(int error)
    {
        abort();
        m_owner.socketRefused(error == ECONNREFUSED ? Failure::connectionRefused : Failure::other,
                              std::generic_category().message(error));
    }

    // What the peer said before it broke may still be there: reading tells.
    void flush()
    {
        const long sent = m_stream->write(m_unsent);
        if (sent == Stream::broken)
            m_unsent.clear();
        else
            m_unsent.erase(0, static_cast<std::size_t>(sent));
        if (const bool watch = !m_unsent.empty(); watch != m_watches)
            m_stream->watchWriting(m_watches = watch);
    }

    void canRead() override
    {
        static thread_local std::array<char, std::size_t {64} << 10U> room;
        const long count = m_stream->read(room.data(), room.size());
        if (count == Stream::nothing)
            return;
        if (count > 0) {
            m_news = {room.data(), static_cast<std::size_t>(count)};
            return m_owner.socketHasNews();
        }
        const std::string why =
            count == Stream::broken ? std::generic_category().message(errno) : std::string();
        abort();
        m_owner.socketEnded(count == Stream::broken, why);
    }

    void canWrite() override
    {
        if (m_open)
            return flush();
        if (const int error = m_stream->connectError(); error != 0)
            return refused(error);
        m_open = true;
        m_watches = false;
        m_stream->watchWriting(false);
        m_stream->watchReading(true);
        m_owner.socketReady();
    }

    QHostAddress m_from;
    ClientSocket::Owner& m_owner;
    std::unique_ptr<PlainStream> m_stream;
    std::string m_unsent;
    std::string m_address;
    std::string_view m_news;
    bool m_open = false;
    bool m_watches = false; ///< for room to write
};

} // namespace

std::unique_ptr<ClientSocket> makePlainSocket(const Endpoint& endpoint, ClientSocket::Owner& owner)
{
    return std::make_unique<PlainSocket>(endpoint.from, owner);
}

} // namespace stickyscope::wire
