// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/balancer_statistics.h"

#include "sim/live/statistics_poll.h"

#include <doctest/doctest.h>

using namespace stickyscope::live;

namespace {

std::uint64_t requestsOf(const BalancerStatistics& statistics, const std::string& server)
{
    for (const BalancerStatistics::Server& one : statistics.servers) {
        if (one.name == server)
            return one.requests;
    }
    FAIL("no server ", server);
    return 0;
}

} // namespace

TEST_CASE("HAProxy's CSV is read by its names of columns; frontends and backends are left out")
{
    const auto read = readStatistics("# pxname,svname,qcur,stot,status,type,\n"
                                     "web,FRONTEND,,90,OPEN,0,\n"
                                     "app,server-1,0,30,UP,2,\n"
                                     "app,server-2,0,31,UP,2,\n"
                                     "other,server-2,0,4,UP,2,\n"
                                     "app,BACKEND,0,61,UP,1,\n");
    REQUIRE(read);
    CHECK(read->servers.size() == 2);
    CHECK(requestsOf(*read, "server-1") == 30);
    CHECK(requestsOf(*read, "server-2") == 35);
    CHECK(read->requests == 65);
}

TEST_CASE("Envoy's clusters are read as text and as JSON")
{
    const auto text = readStatistics("app::observability_name::app\n"
                                     "app::127.0.0.1:8001::cx_active::1\n"
                                     "app::127.0.0.1:8001::rq_total::12\n"
                                     "app::127.0.0.1:8002::rq_total::5\n");
    REQUIRE(text);
    CHECK(requestsOf(*text, "127.0.0.1:8001") == 12);
    CHECK(text->requests == 17);
    const auto json = readStatistics(
        R"({"cluster_statuses": [{"name": "app"}, {"host_statuses": [{"address": {"socket_address":)"
        R"( {"address": "127.0.0.1", "port_value": 8001}}, "stats": [{"name": "cx_total"},)"
        R"( {"name": "rq_total", "value": "12"}]}]}]})");
    REQUIRE(json);
    CHECK(requestsOf(*json, "127.0.0.1:8001") == 12);
    CHECK(readStatistics(R"({"cluster_statuses": 7})")->servers.empty());
    CHECK(readStatistics(R"({"cluster_statuses": [{"host_statuses": [{"address": 1}]}]})")
              ->servers.empty());
}

TEST_CASE("Apache's balancer-manager, nginx's stub_status and Prometheus metrics are read")
{
    const auto apache = readStatistics(
        "<?xml version=\"1.0\"?><httpd:manager xmlns:httpd=\"http://httpd.apache.org\">"
        "<httpd:balancer><httpd:worker><httpd:name>http://127.0.0.1:8001</httpd:name>"
        "<httpd:elected>9</httpd:elected></httpd:worker></httpd:balancer></httpd:manager>");
    REQUIRE(apache);
    CHECK(requestsOf(*apache, "127.0.0.1:8001") == 9);
    const auto nginx = readStatistics("Active connections: 2 \nserver accepts handled requests\n"
                                      " 7 7 31 \nReading: 0 Writing: 1 Waiting: 1 \n");
    REQUIRE(nginx);
    CHECK(nginx->requests == 31);
    CHECK(nginx->countsItself);
    const auto traefik = readStatistics(
        "# TYPE traefik_service_requests_total counter\n"
        "traefik_service_requests_total{code=\"200\",method=\"GET\",service=\"app@file\"} 40\n"
        "traefik_service_requests_total{code=\"502\",method=\"GET\",service=\"app@file\"} 1.2e+01\n"
        "traefik_service_requests_bytes_total{service=\"app@file\"} 9\n");
    REQUIRE(traefik);
    CHECK(requestsOf(*traefik, "app@file") == 52);
    const auto caddy =
        readStatistics("caddy_http_requests_total{handler=\"reverse_proxy\",server=\"srv0\"} 8\n"
                       "caddy_http_requests_total{handler=\"subroute\",server=\"srv0\"} 7\n"
                       "caddy_http_requests_total{handler=\"subroute\",server=\"srv1\"} 2\n");
    REQUIRE(caddy);
    CHECK(caddy->requests == 10);
    CHECK(caddy->servers.empty());
}

TEST_CASE("What is none of them is refused in one line that says what is known")
{
    for (const char* text : {"", "<html>", "Active", "{}", "# HELP x\nx 1\n"}) {
        const auto read = readStatistics(text);
        REQUIRE_FALSE(read);
        CHECK(read.error().find("/stats;csv") != std::string::npos);
        CHECK(read.error().find('\n') == std::string::npos);
    }
}

TEST_CASE("Statistics are asked for on this machine or at the service's host, by GET alone")
{
    const Target service = *parseTarget("http://app.example/");
    CHECK(statisticsSource("http://localhost:8404/stats;csv", service));
    CHECK(statisticsSource("http://app.example:9000/metrics", service));
    CHECK(statisticsSource("http://other.example/metrics", service).error().find("other.example")
          != std::string::npos);
    CHECK_FALSE(statisticsSource("curl -X POST http://localhost:8404/", service));
    CHECK_FALSE(statisticsSource("nonsense://", service));
    CHECK(statisticsSource("/run/haproxy/admin.sock", service)->socket
          == "/run/haproxy/admin.sock");
    CHECK(statisticsSource("/" + std::string(200, 'x'), service).error().find("107")
          != std::string::npos);
}
