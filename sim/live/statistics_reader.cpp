// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/statistics_reader.h"

#include "sim/live/target_class.h"
#include "sim/wire/http_connection.h"

#include <QLocalSocket>
#include <QTimer>

#include <utility>

namespace stickyscope::live {

namespace {

using Text = Outcome<std::string>;

class PageReader final : public StatisticsReader
{
public:
    explicit PageReader(Target page)
        : m_page(std::move(page))
        , m_connection(m_page.endpoint, nullptr)
    {
        connect(&m_connection, &wire::HttpConnection::finished, this, &PageReader::take);
    }

    void read() override { m_connection.send(requestFor(m_page, {}, {}), m_page.body); }

private:
    void take(const wire::Exchange& exchange)
    {
        if (exchange.failure != Failure::none)
            emit finished(Text::failure(exchange.why));
        else if (exchange.head.status != 200)
            emit finished(Text::failure("answered with " + std::to_string(exchange.head.status)));
        else
            emit finished(exchange.body);
    }

    Target m_page;
    wire::HttpConnection m_connection;
};

// HAProxy's management guide, 9.3: it closes the line behind its answer.
class SocketReader final : public StatisticsReader
{
public:
    explicit SocketReader(const std::string& path)
        : m_path(QString::fromStdString(path))
    {
        m_patience.setSingleShot(true);
        connect(&m_patience, &QTimer::timeout, this, [this] { end("it did not answer in time"); });
        connect(&m_line, &QLocalSocket::connected, this, [this] { m_line.write("show stat\n"); });
        connect(&m_line, &QLocalSocket::readyRead, this, &SocketReader::hear);
        connect(&m_line, &QLocalSocket::errorOccurred, this, &SocketReader::fail);
        connect(&m_line, &QLocalSocket::disconnected, this, [this] { hear(), end({}); });
    }

    void read() override
    {
        m_said.clear();
        m_open = true;
        m_patience.start(longestWait);
        m_line.connectToServer(m_path);
    }

private:
    static constexpr std::chrono::seconds longestWait {5};
    static constexpr std::size_t mostSaid = std::size_t {16} << 20U;

    void hear()
    {
        m_said += m_line.readAll().toStdString();
        if (m_said.size() > mostSaid)
            end("it says more than 16 MiB");
    }

    void fail(QLocalSocket::LocalSocketError error)
    {
        // An answer ends so.
        if (error != QLocalSocket::PeerClosedError)
            end(m_line.errorString().toStdString());
    }

    // An empty `trouble`: all has come.
    void end(const std::string& trouble)
    {
        if (!std::exchange(m_open, false))
            return;
        m_patience.stop();
        m_line.abort();
        emit finished(trouble.empty() ? Text(m_said) : Text::failure(trouble));
    }

    QString m_path;
    QLocalSocket m_line;
    QTimer m_patience;
    std::string m_said;
    bool m_open = false;
};

Outcome<StatisticsSource> pageAt(std::string_view address, const Target& service)
{
    using Source = Outcome<StatisticsSource>;
    auto target = parseTarget(address);
    if (!target)
        return Source::failure(target.error());
    if (target->request.method != "GET")
        return Source::failure("statistics are asked for by GET, not " + target->request.method);
    if (const std::string fault = faultIn(*target); !fault.empty())
        return Source::failure(fault);
    const std::string host = hostToPermit(*target);
    if (!host.empty() && host != hostToPermit(service))
        return Source::failure(
            "statistics must be on this machine or at the service's host, not at " + host);
    target->endpoint.guard = service.endpoint.guard;
    // Apache's balancer-manager looks at no query that another page leads to.
    if (!target->request.fields.find("Referer"))
        target->request.fields.add("Referer", target->endpoint.url.text());
    return StatisticsSource {.page = *target};
}

} // namespace

Outcome<StatisticsSource> statisticsSource(std::string_view address, const Target& service)
{
    constexpr std::size_t longestPath = 107; // sun_path, unix(7)
    if (!address.starts_with('/'))
        return pageAt(address, service);
    if (address.size() > longestPath)
        return Outcome<StatisticsSource>::failure("the path of a socket has at most "
                                                  + std::to_string(longestPath) + " octets");
    return StatisticsSource {.socket = std::string(address)};
}

std::unique_ptr<StatisticsReader> StatisticsReader::from(const StatisticsSource& source)
{
    if (source.socket.empty())
        return std::make_unique<PageReader>(source.page);
    return std::make_unique<SocketReader>(source.socket);
}

} // namespace stickyscope::live
