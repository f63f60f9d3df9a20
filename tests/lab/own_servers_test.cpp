// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/own_servers.h"

#include "sim/lab/lab_world.h"
#include "sim/lab/replica_server.h"
#include "sim/wire/message_reader.h"
#include "sim/wire/websocket_client.h"
#include "tests/lab/asking.h"
#include "tests/support/scenarios.h"
#include "tests/support/wait_until.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <doctest/doctest.h>
#include <memory>

using namespace stickyscope;

namespace {

/// A server that knows nothing of us, and remembers what it was asked.
class Plain
{
public:
    Plain()
    {
        m_server.listen(QHostAddress::LocalHost, 0);
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                const QByteArray asked = socket->readAll();
                requests += asked.count("GET ");
                all += asked;
                socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            });
        });
    }

    std::string address() const { return "localhost:" + std::to_string(m_server.serverPort()); }

    qsizetype requests = 0;
    QByteArray all;

private:
    QTcpServer m_server;
};

Scenario usual()
{
    return *test::shipped("three-replicas.sticky.yaml");
}

} // namespace

TEST_CASE("Addresses of somebody's own servers become replicas; the first path is what is asked")
{
    const auto own = lab::beforeOwnServers(
        usual(), "http://localhost:8001/hostname?x=1, localhost:8002;127.0.0.1:8003/other");
    REQUIRE(own);
    REQUIRE(own->replicas.size() == 3);
    CHECK(own->replicas[1].name == "localhost:8002");
    CHECK(own->replicas[1].address == "localhost:8002");
    CHECK(own->clients.front().path == "/hostname?x=1");
    CHECK(own->balancer == usual().balancer);
}

TEST_CASE("An IPv6 address of somebody's own server keeps its brackets")
{
    const auto own = lab::beforeOwnServers(usual(), "http://[::1]:8001/hostname, [::1]:8002");
    REQUIRE(own);
    REQUIRE(own->replicas.size() == 2);
    CHECK(own->replicas[0].name == "[::1]:8001");
    CHECK(own->replicas[1].address == "[::1]:8002");
    CHECK(lab::whyNoLab(std::make_shared<const Scenario>(*own), {.theirs = true}).empty());
}

TEST_CASE("What is no address on this machine is refused in one line")
{
    for (const auto& row : std::vector<std::pair<const char*, const char*>> {
             {"", "no address"},
             {" , ", "no address"},
             {"https://localhost:1/", "is no http address"},
             {"http://", "is no http address"},
             {"http://app.example:80/", "app.example:80/' is not on this computer"},
             {"10.0.0.1:80", "is not on this computer"},
             {"http://ada:geheim@app.example/?token=x", "'http://***@app.example/?token=***' is"},
             {"ada:geheim@app.example", "'***@app.example' is not on this computer"},
             {"https://ada:geheim@localhost:1/", "'https://***@localhost:1/' is no http address"},
             {"localhost:1, http://localhost:1/x", "localhost:1 stands there twice"}}) {
        CAPTURE(row.first);
        const auto own = lab::beforeOwnServers(usual(), row.first);
        REQUIRE_FALSE(own);
        CHECK(own.error().find(row.second) != std::string::npos);
    }
}

TEST_CASE("Our balancer stands before somebody's own servers, who learn nothing of us")
{
    Plain one;
    Plain two;
    auto own = lab::beforeOwnServers(usual(), one.address() + "/hello," + two.address());
    REQUIRE(own);
    own->lanes = offAndOn();
    // Drawn: in step, six clients look sticky to two servers without any cookie.
    own->clients.front().thinkTime = {.shape = Distribution::Shape::exponential,
                                      .mean = std::chrono::milliseconds(50)};
    own->duration = std::chrono::hours(1);
    auto lab = lab::makeLab(std::make_shared<const Scenario>(*own), {.theirs = true});
    REQUIRE_MESSAGE(lab, lab.error());
    CHECK(lab->addresses[0].replicas[0] == "http://" + one.address());
    // A server of one's own is not ours to stop.
    lab->experiment.apply(
        {.kind = Intervention::Kind::stopReplica, .replica = static_cast<ReplicaIndex>(0)});
    REQUIRE(waitUntil(
        [&] {
            lab->experiment.advance(std::chrono::milliseconds(10));
            const auto lanes = lab->experiment.result().lanes;
            return lanes[0].followUps > 20 && lanes[1].followUps > 20 && lanes[0].reconciliation
                && lanes[0].reconciliation->joined > 20;
        },
        std::chrono::seconds(20)));
    const auto result = lab->experiment.result();
    CHECK(*result.lanes[0].stickiness < 0.9);
    CHECK(*result.lanes[1].stickiness == 1);
    CHECK(result.lanes[1].ledgerKind == LedgerKind::decided);
    CHECK(result.lanes[1].replicas[0].requests > 0);
    CHECK_FALSE(result.lanes[0].broken);
    REQUIRE(result.lanes[0].reconciliation);
    const Reconciliation& counts = *result.lanes[0].reconciliation;
    CHECK(*counts.joined > 10);
    for (const ReconciledReplica& replica : counts.replicas) {
        CHECK(*replica.clients > 0);
        CHECK(*replica.balancer >= *replica.clients);
        CHECK_FALSE(replica.replica);
    }
    for (const std::string& difference : counts.differences)
        CHECK(difference.find("still under way") != std::string::npos);
    CHECK(one.requests > 10);
    CHECK(one.all.contains("GET /hello HTTP/1.1"));
    CHECK_FALSE(one.all.toLower().contains("x-stickyscope"));
}

TEST_CASE("A WebSocket to somebody's own server is seen open, and ends with its connection")
{
    lab::ReplicaServer server("theirs", nullptr);
    REQUIRE(server.listen(QHostAddress::LocalHost, 0).empty());
    auto own =
        lab::beforeOwnServers(usual(), "127.0.0.1:" + std::to_string(server.port()) + "/streaming");
    REQUIRE(own);
    own->lanes = offAndOn();
    own->clients = {
        {.name = "idle", .kind = ClientKind::curl, .thinkTime = {.mean = std::chrono::hours(1)}}};
    own->duration = std::chrono::hours(1);
    auto lab =
        lab::makeLab(std::make_shared<const Scenario>(*own), {.pictures = true, .theirs = true});
    REQUIRE_MESSAGE(lab, lab.error());
    const auto open = [&](std::uint32_t count) {
        return waitUntil(
            [&] {
                lab->experiment.advance(std::chrono::milliseconds(10));
                return lab->experiment.snapshot()->lanes[0].replicas[0].openConnections == count;
            },
            std::chrono::seconds(20));
    };
    wire::WebSocketClient client(test::endpointAt(lab->addresses[0].balancer), nullptr);
    client.open(test::askedBy("node", "/streaming"));
    REQUIRE(waitUntil([&] { return client.isOpen(); }));
    CHECK(open(1));
    client.close();
    CHECK(open(0));
    CHECK(lab->experiment.result().lanes[0].closes.contains(1005));
}

TEST_CASE("A program does not tell which of somebody's servers answered: that is said")
{
    auto own = lab::beforeOwnServers(usual(), "localhost:1");
    REQUIRE(own);
    const auto scenario = std::make_shared<const Scenario>(*own);
    CHECK(lab::makeLab(scenario, {.program = "", .theirs = true}).error().find("our balancer")
          != std::string::npos);
    own->replicas.front().address = "10.1.1.1:80";
    CHECK(lab::makeLab(std::make_shared<const Scenario>(*own), {.theirs = true})
              .error()
              .find("must be on this machine, not 10.1.1.1:80")
          != std::string::npos);
}

TEST_CASE("What only servers of ours can do is refused before somebody's own, in one line")
{
    const auto own = lab::beforeOwnServers(usual(), "localhost:1");
    REQUIRE(own);
    const auto refusal = [&](const std::function<void(Scenario&)>& change) {
        Scenario scenario = *own;
        change(scenario);
        return lab::makeLab(std::make_shared<const Scenario>(scenario), {.theirs = true}).error();
    };
    const std::string ours = "for the model and for our own servers, not for yours";
    CHECK(refusal([](Scenario& one) { one.clients[0].logout = LogoutSpec {}; }).find(ours)
          != std::string::npos);
    CHECK(refusal([](Scenario& one) { one.clients[0].upgradeAfter = 1; }).find(ours)
          != std::string::npos);
    CHECK(refusal([](Scenario& one) { one.sessionCookie = "sid"; }).find(ours)
          != std::string::npos);
    CHECK(refusal([](Scenario& one) { one.pathCookies = 10; }).find(ours) != std::string::npos);
}
