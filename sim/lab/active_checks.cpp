// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/active_checks.h"

#include "sim/lab/replica_pool.h"
#include "sim/wire/message_stream.h"
#include "sim/wire/stream.h"

#include <array>
#include <cerrno>

namespace stickyscope::lab {

namespace {

constexpr const char* refused = "takes no connection";
constexpr const char* cut = "closes the connection of the balancer's check";

} // namespace

/// One question to one replica.
class HealthProbe : public wire::Stream::Owner
{
public:
    HealthProbe(std::function<void(const std::string&)> result, std::chrono::milliseconds timeout)
        : m_result(std::move(result))
        , m_timeout(timeout)
    {
        m_late.setSingleShot(true);
        QObject::connect(&m_late, &QTimer::timeout, &m_late,
                         [this] { end("does not answer the balancer's check in time"); });
    }

    /// An empty request: a connection will do. One that is still under way is let be.
    void ask(const QHostAddress& host, std::uint16_t port, const std::string& request)
    {
        if (m_stream)
            return;
        m_in = std::make_unique<wire::ResponseStream>();
        m_request = request;
        m_asked = false;
        m_stream = host.isNull() ? nullptr : wire::PlainStream::connectTo(host, port);
        // Where no more files may be open here, nobody was asked.
        if (!m_stream && !host.isNull() && wire::isOutOfFiles(errno))
            return;
        if (!m_stream)
            return m_result(refused);
        m_stream->setOwner(this);
        m_late.start(m_timeout);
    }

private:
    void canWrite() override
    {
        m_stream->watchWriting(false);
        if (const int error = m_stream->connectError(); error != 0)
            return end(error == ECONNREFUSED ? "refuses connections" : refused);
        if (m_request.empty())
            return end({});
        m_stream->watchReading(true);
        // So few octets fit into a connection that is new.
        if (!std::exchange(m_asked, true)
            && m_stream->write(m_request) != static_cast<long>(m_request.size()))
            end(cut);
    }

    void canRead() override
    {
        std::array<char, 4096> room {};
        const long count = m_stream->read(room.data(), room.size());
        if (count == wire::Stream::nothing)
            return;
        if (count <= 0)
            return end(cut);
        m_in->put({room.data(), static_cast<std::size_t>(count)});
        switch (m_in->next()) {
        case wire::Part::head:
            return end(reasonAgainst(m_in->head().status));
        case wire::Part::malformed:
            return end("answers the balancer's check with what is no HTTP");
        default:
            return;
        }
    }

    static std::string reasonAgainst(int status)
    {
        const bool good = status >= 200 && status < 400;
        return good ? std::string() : "answers the balancer's check with " + std::to_string(status);
    }

    void end(const std::string& why)
    {
        m_late.stop();
        m_stream.reset();
        m_result(why);
    }

    std::function<void(const std::string&)> m_result;
    std::chrono::milliseconds m_timeout;
    QTimer m_late;
    std::unique_ptr<wire::PlainStream> m_stream;
    std::unique_ptr<wire::ResponseStream> m_in;
    std::string m_request;
    bool m_asked = false;
};

ActiveChecks::ActiveChecks(ActiveCheck check, Duration every, Result result)
    : m_check(std::move(check))
    , m_result(std::move(result))
{
    const auto interval = std::chrono::ceil<std::chrono::milliseconds>(every);
    m_every.setInterval(std::max(interval, std::chrono::milliseconds(1)));
    QObject::connect(&m_every, &QTimer::timeout, &m_every, [this] { askAll(); });
}

ActiveChecks::~ActiveChecks() = default;

void ActiveChecks::add(const ReplicaPool& replica, std::string host)
{
    const auto index = static_cast<ReplicaIndex>(m_targets.size());
    m_targets.push_back(
        {&replica, std::move(host),
         std::make_unique<HealthProbe>(
             [this, index](const std::string& why) { m_result(index, why); }, m_check.timeout)});
}

void ActiveChecks::remove(ReplicaIndex replica)
{
    m_targets[raw(replica)].probe.reset();
}

void ActiveChecks::begin()
{
    if (m_every.isActive())
        return;
    m_every.start();
    askAll();
}

void ActiveChecks::askAll()
{
    for (const Target& target : m_targets) {
        if (!target.probe)
            continue;
        const std::uint16_t port = m_check.port != 0 ? m_check.port : target.replica->port();
        target.probe->ask(target.replica->host(), port,
                          m_check.path.empty()
                              ? std::string()
                              : "GET " + m_check.path + " HTTP/1.1\r\nHost: " + target.host
                                  + "\r\nUser-Agent: Stickyscope/" STICKYSCOPE_VERSION
                                    "\r\nConnection: close\r\n\r\n");
    }
}

} // namespace stickyscope::lab
