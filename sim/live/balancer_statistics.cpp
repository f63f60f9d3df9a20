// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/balancer_statistics.h"

#include <QXmlStreamReader>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

namespace stickyscope::live {

namespace {

using Servers = std::vector<BalancerStatistics::Server>;

std::uint64_t numberIn(std::string_view text)
{
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::vector<std::string_view> split(std::string_view text, std::string_view by)
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(by, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + by.size();
    }
    return parts;
}

BalancerStatistics sumOf(std::string source, Servers servers)
{
    BalancerStatistics result {.source = std::move(source), .servers = std::move(servers)};
    for (const auto& server : result.servers)
        result.requests += server.requests;
    return result;
}

void count(Servers& servers, std::string_view name, std::uint64_t requests)
{
    const auto known = std::find_if(servers.begin(), servers.end(),
                                    [name](const auto& one) { return one.name == name; });
    if (known == servers.end())
        servers.push_back({std::string(name), requests});
    else
        known->requests += requests;
}

// HAProxy's management guide 9.1: a line of names, then one for each frontend, server and backend;
// of type 2 are servers. In HTTP mode each request is one of a server's sessions.
bool isHaproxy(std::string_view text)
{
    return text.starts_with("# pxname,svname,");
}

BalancerStatistics readHaproxy(std::string_view text)
{
    const auto lines = split(text, "\n");
    const auto names = split(lines.front(), ",");
    const auto column = [&names](std::string_view name) {
        return static_cast<std::size_t>(std::find(names.begin(), names.end(), name)
                                        - names.begin());
    };
    const std::size_t sessions = column("stot");
    const std::size_t type = column("type");
    Servers servers;
    for (const std::string_view line : lines) {
        const auto fields = split(line, ",");
        if (fields.size() > std::max(sessions, type) && fields[type] == "2")
            count(servers, fields[1], numberIn(fields[sessions]));
    }
    return sumOf("HAProxy's statistics", std::move(servers));
}

// Envoy's /clusters: cluster::host:port::rq_total::7.
bool isEnvoyText(std::string_view text)
{
    return text.find("::rq_total::") != std::string_view::npos;
}

BalancerStatistics readEnvoyText(std::string_view text)
{
    Servers servers;
    for (const std::string_view line : split(text, "\n")) {
        const auto parts = split(line, "::");
        if (parts.size() == 4 && parts[2] == "rq_total")
            count(servers, parts[1], numberIn(parts[3]));
    }
    return sumOf("Envoy's clusters", std::move(servers));
}

// The same with ?format=json.
bool isEnvoyJson(std::string_view text)
{
    return text.find("\"cluster_statuses\"") != std::string_view::npos;
}

void countEnvoyHost(Servers& servers, const nlohmann::json& host)
{
    const auto& at = host.at("address").at("socket_address");
    const std::string name =
        at.at("address").get<std::string>() + ":" + std::to_string(at.at("port_value").get<int>());
    for (const auto& figure : host.at("stats")) {
        // 64-bit numbers are texts in protobuf's JSON; a 0 is left out.
        if (figure.value("name", "") == "rq_total")
            count(servers, name, numberIn(figure.value("value", "0")));
    }
}

BalancerStatistics readEnvoyJson(std::string_view text)
{
    Servers servers;
    try {
        const auto document = nlohmann::json::parse(text);
        for (const auto& cluster : document.at("cluster_statuses")) {
            for (const auto& host : cluster.value("host_statuses", nlohmann::json::array()))
                countEnvoyHost(servers, host);
        }
    } catch (const nlohmann::json::exception&) {
        // Not as Envoy writes it: what was understood before is all there is.
    }
    return sumOf("Envoy's clusters", std::move(servers));
}

// Apache's balancer-manager?xml=1: <httpd:worker> with <httpd:name> and <httpd:elected>.
bool isApache(std::string_view text)
{
    return text.find("<httpd:worker") != std::string_view::npos;
}

BalancerStatistics readApache(std::string_view text)
{
    Servers servers;
    std::string name;
    QXmlStreamReader xml(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name"))
            name = xml.readElementText().toStdString();
        else if (!name.empty() && xml.name() == QLatin1String("elected"))
            count(servers, name.substr(name.rfind('/') + 1), xml.readElementText().toULongLong());
    }
    return sumOf("Apache's balancer-manager", std::move(servers));
}

// nginx's stub_status: the third number below "server accepts handled requests" is all requests.
bool isNginx(std::string_view text)
{
    return text.starts_with("Active connections:");
}

BalancerStatistics readNginx(std::string_view text)
{
    constexpr std::string_view heading = "requests";
    const std::size_t at = text.find(heading);
    std::vector<std::uint64_t> numbers;
    for (std::size_t begin = at == std::string_view::npos ? text.size() : at + heading.size();
         begin < text.size() && numbers.size() < 3;) {
        const std::size_t digit = text.find_first_of("0123456789", begin);
        if (digit == std::string_view::npos)
            break;
        numbers.push_back(numberIn(text.substr(digit)));
        begin = std::min(text.find_first_not_of("0123456789", digit), text.size());
    }
    return {.source = "nginx's stub_status",
            .requests = numbers.size() == 3 ? numbers[2] : 0,
            .countsItself = true};
}

/// A metric that counts requests, and the label by which it tells servers apart.
struct Metric
{
    std::string_view name;
    std::string_view server; ///< empty: it does not
    /// A label, of whose every value several lines count the same requests, one handler after the
    /// other: of these the largest number counts. Empty: each line counts others.
    std::string_view again;
    std::string_view source;
};

constexpr std::array<Metric, 4> metrics {{
    {"haproxy_server_sessions_total", "server", "", "HAProxy's metrics"},
    {"traefik_service_requests_total", "service", "", "Traefik's metrics, by service"},
    {"envoy_cluster_upstream_rq_total", "envoy_cluster_name", "", "Envoy's metrics, by cluster"},
    {"caddy_http_requests_total", "", "server", "Caddy's metrics"},
}};

const Metric* metricIn(std::string_view text)
{
    const auto found = std::find_if(metrics.begin(), metrics.end(), [text](const Metric& metric) {
        return text.find(std::string("\n").append(metric.name).append("{"))
            != std::string_view::npos
            || text.starts_with(std::string(metric.name).append("{"));
    });
    return found == metrics.end() ? nullptr : &*found;
}

bool isPrometheus(std::string_view text)
{
    return metricIn(text) != nullptr;
}

std::string_view labelIn(std::string_view labels, std::string_view name)
{
    const std::string begins = std::string(name).append("=\"");
    for (std::size_t at = labels.find(begins); at != std::string_view::npos;
         at = labels.find(begins, at + 1)) {
        if (at > 0 && labels[at - 1] != ',' && labels[at - 1] != '{')
            continue;
        const std::size_t from = at + begins.size();
        return labels.substr(from, labels.find('"', from) - from);
    }
    return {};
}

BalancerStatistics readPrometheus(std::string_view text)
{
    const Metric& metric = *metricIn(text);
    BalancerStatistics result {.source = std::string(metric.source)};
    std::map<std::string, std::uint64_t> onceMore;
    for (const std::string_view line : split(text, "\n")) {
        const std::size_t end = line.find("} ");
        if (!line.starts_with(metric.name) || line.substr(metric.name.size(), 1) != "{"
            || end == std::string_view::npos)
            continue;
        const std::string_view labels = line.substr(metric.name.size(), end - metric.name.size());
        // Numbers may be written as 1.2e+06.
        const double number = std::strtod(std::string(line.substr(end + 2)).c_str(), nullptr);
        const auto requests =
            static_cast<std::uint64_t>(std::llround(std::clamp(number, 0.0, 9e15)));
        if (!metric.server.empty())
            count(result.servers, labelIn(labels, metric.server), requests);
        std::uint64_t& largest = onceMore[std::string(labelIn(labels, metric.again))];
        result.requests += metric.again.empty() ? requests : requests - std::min(requests, largest);
        largest = std::max(largest, requests);
    }
    return result;
}

struct Format
{
    bool (*is)(std::string_view);
    BalancerStatistics (*read)(std::string_view);
};

constexpr std::array<Format, 6> formats {{
    {isHaproxy, readHaproxy},
    {isEnvoyText, readEnvoyText},
    {isEnvoyJson, readEnvoyJson},
    {isApache, readApache},
    {isNginx, readNginx},
    {isPrometheus, readPrometheus},
}};

} // namespace

Outcome<BalancerStatistics> readStatistics(std::string_view text)
{
    for (const Format& format : formats) {
        if (format.is(text))
            return format.read(text);
    }
    return Outcome<BalancerStatistics>::failure(
        "it is none of these: HAProxy's /stats;csv, Envoy's /clusters, Apache's "
        "balancer-manager?xml=1, nginx's stub_status, or Prometheus metrics of HAProxy, Traefik, "
        "Envoy or Caddy");
}

} // namespace stickyscope::live
