// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of which two readers may think differently, from RFC 9110 and RFC 9112: each is refused,
// and nothing behind it ever reaches a replica as a request.
#include "tests/lab/proxy_trial.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace stickyscope::test;
using namespace std::string_literals;

namespace {

// What an attacker would like to have understood.
const std::string hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

struct Malformed
{
    std::string text;
    int status = 400;
};

std::string withField(const std::string& field)
{
    return "POST / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n" + hidden;
}

std::string withHead(const std::string& line)
{
    return line + "\r\nHost: a\r\n\r\n" + hidden;
}

std::string chunked(const std::string& body)
{
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body + hidden;
}

const std::vector<Malformed>& requestLines()
{
    static const std::vector<Malformed> rows {
        {withHead("GET  / HTTP/1.1")},
        {withHead("GET / HTTP/1.1 ")},
        {withHead(" GET / HTTP/1.1")},
        {withHead("\tGET / HTTP/1.1")},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s}, // TLS, and no end of a line
        {withHead("GET\t/ HTTP/1.1")},
        {withHead("GET /\tHTTP/1.1")},
        {withHead("GET /a b HTTP/1.1")},
        {withHead("GET / HTTP/1.1 HTTP/1.1")},
        {withHead("GET /")},
        {withHead("GET")},
        {withHead("/ HTTP/1.1")},
        {withHead("GET / ")},
        {withHead("GET / HTTP/")},
        {withHead("GET / HTTP/1")},
        {withHead("GET / HTTP/1.")},
        {withHead("GET / HTTP/1.1x")},
        {withHead("GET / HTTP/1.10")},
        {withHead("GET / HTTP/01.1")},
        {withHead("GET / http/1.1")},
        {withHead("GET / HTTP/1,1")},
        {withHead("GET / HTTP 1.1")},
        {withHead("GET / XTTP/1.1")},
        {withHead("GET / HTTP/1.2"), 505},
        {withHead("GET / HTTP/2.0"), 505},
        {withHead("GET / HTTP/0.9"), 505},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {withHead("G(T / HTTP/1.1")},
        {withHead("GE\x80T / HTTP/1.1")},
        {withHead("GET\0 / HTTP/1.1"s)},
        {withHead("GET /\0 HTTP/1.1"s)},
        {withHead("GET /\x7f HTTP/1.1")},
        {withHead("GET /\x01 HTTP/1.1")},
        {withHead("GET /caf\xc3\xa9 HTTP/1.1")},
        {withHead("GET /#fragment HTTP/1.1")},
        {withHead("GET hidden HTTP/1.1")},
        {withHead("GET a:80 HTTP/1.1")},
        {withHead("GET * HTTP/1.1")},
        {withHead("GET ftp://a/ HTTP/1.1")},
        {withHead("GET http:/a/ HTTP/1.1")},
        {withHead("GET https,://a/ HTTP/1.1")},
        {withHead("GET xhttp://a/ HTTP/1.1")},
        {withHead("GET http:///path HTTP/1.1")},
        {withHead("GET http://user@a/ HTTP/1.1")},
        {withHead("GET http://a\\b/ HTTP/1.1")},
        {withHead("GET //x y HTTP/1.1")},
        {withHead("CONNECT a:443 HTTP/1.1"), 405},
        {withHead("CONNECT / HTTP/1.1"), 405},
        {"GET / HTTP/1.1\nHost: a\n\n" + hidden},
        {"GET / HTTP/1.1\rHost: a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\r\nHost: a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\n\rHost: a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a\r\n\n" + hidden},
        {"\n" + hidden},
        {"\n\n" + hidden},
        {" \r\n" + hidden},
        {"\r\r\n" + hidden},
        {"\0\r\n"s + hidden},
        {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n"s},
        {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
        {std::string(9000, 'G'), 414},
    };
    return rows;
}

const std::vector<Malformed>& fields()
{
    static const std::vector<Malformed> rows {
        {"GET / HTTP/1.1\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nX: 1\r\n\r\n" + hidden},
        {withField("Host: b")},
        {withField("host: a")},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a?b\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: a#b\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost: \x80\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n" + hidden},
        {"GET / HTTP/1.1\r\n\tX: 1\r\nHost: a\r\n\r\n" + hidden},
        {withField("X: 1\r\n folded")},
        {withField("X: 1\r\n\tfolded")},
        {withField("X: 1\r\n ")},
        {withField("Transfer-Encoding:\r\n chunked")},
        {withField("X : 1")},
        {withField("X\t: 1")},
        {withField(": 1")},
        {withField("X")},
        {withField("X Y: 1")},
        {withField("X\0: 1"s)},
        {withField("X: \0"s)},
        {withField("X: a\x01")},
        {withField("X: a\x7f")},
        {withField("X: a\x0b")},
        {withField("X: a\x1b[0m")},
        {withField("X: a\rContent-Length: 5")},
        {withField("X: a\nTransfer-Encoding: chunked")},
        {withField("X: a\r\r")},
        {withField("X\xe9: 1")},
        {withField("X(: 1")},
        {withField("\"X\": 1")},
        {withField("X@: 1")},
        {withField("X[]: 1")},
        {withField("X/: 1")},
        {withField("\r: 1")},
        {withField("Expect: 200-ok"), 417},
        {withField("Expect: 100-continue, x"), 417},
        {withField("Expect:"), 417},
        {withField("Connection: Content-Length")},
        {withField("Connection: close, Transfer-Encoding")},
        {withField("Connection: Host")},
        {withField("Connection: a b")},
        {withField("Connection: close\t")},
        {withField("Proxy-Connection: \"close\"")},
        {withField("Connection: \"close\"")},
        {withField("X: " + std::string(17'000, 'x')), 431},
        {"GET / HTTP/1.1\r\nHost: a\r\n" + std::string(17'000, 'x'), 431},
        {withField([] {
             std::string many;
             for (int number = 0; number < 101; ++number)
                 many += "X: 1\r\n";
             return many + "X: 1";
         }()),
         431},
        {withField("X: " + std::string(15'000, 'x') + "\r\nY: " + std::string(15'000, 'x')
                   + "\r\nZ: " + std::string(4'000, 'x')),
         431},
    };
    return rows;
}

const std::vector<Malformed>& lengths()
{
    static const std::vector<Malformed> rows {
        {withField("Content-Length: 3\r\nContent-Length: 5")},
        {withField("Content-Length: 0\r\nContent-Length: 0")},
        {withField("Content-Length: 0\r\ncontent-length: 0")},
        {withField("Content-Length: 0, 0")},
        {withField("Content-Length: 5, 3")},
        {withField("Content-Length:")},
        {withField("Content-Length: -1")},
        {withField("Content-Length: +0")},
        {withField("Content-Length: 0x0")},
        {withField("Content-Length: 0 0")},
        {withField("Content-Length: 1e1")},
        {withField("Content-Length: 0.0")},
        {withField("Content-Length: \"0\"")},
        {withField("Content-Length: 0;")},
        {withField("Content-Length: 0\x0b")},
        {withField("Content-Length: \xd9\xa3")},
        {withField("Content-Length: none")},
        {withField("Content-Length: 18446744073709551616")},
        {withField("Content-Length: 99999999999999999999999999")},
        {withField("Content-Length: 18446744073709551615"), 413},
        {withField("Content-Length: 10485761"), 413},
        {withField("Content-Length : 0")},
        {withField("Content-Length\t: 0")},
        {withField("Content-Length: 0\r\nTransfer-Encoding: chunked")},
        {withField("Transfer-Encoding: chunked\r\nContent-Length: 30")},
        {withField("Content-Length: 5\r\nTransfer-Encoding: identity")},
        {withField("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")},
        {withField("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity")},
        {withField("Transfer-Encoding: identity")},
        {withField("Transfer-Encoding: xchunked")},
        {withField("Transfer-Encoding: chunkedx")},
        {withField("Transfer-Encoding: chunk")},
        {withField("Transfer-Encoding: gzip")},
        {withField("Transfer-Encoding: gzip, chunked")},
        {withField("Transfer-Encoding: chunked, gzip")},
        {withField("Transfer-Encoding: chunked, chunked")},
        {withField("Transfer-Encoding: chunked,")},
        {withField("Transfer-Encoding: , chunked")},
        {withField("Transfer-Encoding: chunked;q=1")},
        {withField("Transfer-Encoding: \"chunked\"")},
        {withField("Transfer-Encoding: 'chunked'")},
        {withField("Transfer-Encoding:")},
        {withField("Transfer-Encoding: \x0b"
                   "chunked")},
        {withField("Transfer-Encoding: chunked\x0c")},
        {withField("Transfer-Encoding : chunked")},
        {withField("Transfer-Encoding\x0b: chunked")},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden},
    };
    return rows;
}

const std::vector<Malformed>& chunks()
{
    static const std::vector<Malformed> rows {
        {chunked("x\r\n")},
        {chunked("\r\n")},
        {chunked("-1\r\n")},
        {chunked("+0\r\n\r\n")},
        {chunked("0x0\r\n\r\n")},
        {chunked(" 0\r\n\r\n")},
        {chunked("g\r\n")},
        {chunked("1\r\nab\r\n0\r\n\r\n")},
        {chunked("2\r\na\r\n0\r\n\r\n")},
        {chunked("3\r\nabc0\r\n\r\n")},
        {chunked("3\nabc\r\n0\r\n\r\n")},
        {chunked("3\r\nabc\n0\r\n\r\n")},
        {chunked("3\rabc\r\n0\r\n\r\n")},
        {chunked("80000000\r\n")},
        {chunked("ffffffffffffffff\r\n")},
        {chunked("10000000000000000\r\n")},
        {chunked("fffffffffffffffffffffff1\r\n")},
        {chunked("0\n\n")},
        {chunked("0\r\nX\r\n\r\n")},
        {chunked("0\r\n: x\r\n\r\n")},
        {chunked("0\r\nX: " + std::string(9000, 'x') + "\r\n\r\n")},
        {chunked("1;" + std::string(5000, 'e') + "\r\na\r\n0\r\n\r\n")},
        {chunked("1;e=1\nX\r\na\r\n0\r\n\r\n")},
        {chunked("1;e=\x01\r\na\r\n0\r\n\r\n")},
        {chunked("1 \r\na\r\n0\r\n\r\n")},
        {chunked("1 ;e\r\na\r\n0\r\n\r\n")},
        {chunked("1\r\na\r\n0\r\nX: a\n\r\n")},
        {chunked("1\r\na\r\n0\r\nX : a\r\n\r\n")},
        {chunked("1\r\na\r\n0\r\nX: a\r\n b\r\n\r\n")},
        {chunked("1\r\na\r\n00000000000000000\r\n\r\n")},
        {chunked("1;a=\"b\nc\"\r\nx\r\n0\r\n\r\n")},
    };
    return rows;
}

// Behind a good request on the same connection: what follows that one is read no more kindly.
void allRefusedAsSecond(const std::vector<Malformed>& rows)
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    std::size_t asked = 0;
    for (const Malformed& row : rows) {
        CAPTURE(row.text.substr(0, 120));
        RawClient client(trial.port(), "GET /good HTTP/1.1\r\nHost: a\r\n\r\n" + row.text);
        CHECK(client.isClosed());
        const auto second = client.received.find("HTTP/1.1 ", 1);
        CHECK(client.received.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(has(client.received.substr(0, second), "\r\n\r\nok"));
        REQUIRE(second != std::string::npos);
        CHECK(has(client.received.substr(second), "HTTP/1.1 " + std::to_string(row.status) + " "));
        CHECK(has(client.received.substr(second), "Connection: close\r\n"));
        CHECK(client.count("HTTP/1.1 ") == 2);
        CHECK(replica->requests.size() == ++asked);
        CHECK(replica->requests.back().head.target == "/good");
    }
    for (const Peer::Connection& connection : replica->connections)
        CHECK(!has(connection.all, "/hidden HTTP/1.1\r\n"));
}

void allRefused(const std::vector<Malformed>& rows)
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    for (const Malformed& row : rows) {
        CAPTURE(row.text.substr(0, 120));
        RawClient client(trial.port(), row.text);
        CHECK(client.isClosed());
        CHECK(has(client.received, "HTTP/1.1 " + std::to_string(row.status) + " "));
        CHECK(client.count("HTTP/1.1 ") == 1);
        CHECK(has(client.received, "Connection: close\r\n"));
    }
    CHECK(trial.records.size() == rows.size());
    CHECK(replica->requests.empty());
    for (const Peer::Connection& connection : replica->connections)
        CHECK(!has(connection.all, "/hidden HTTP/1.1\r\n"));
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
    allRefusedAsSecond(rows);
}

} // namespace

TEST_CASE("There are more than 120 of them")
{
    CHECK(requestLines().size() + fields().size() + lengths().size() + chunks().size() >= 120);
}

TEST_CASE("A request line that is none is refused")
{
    allRefused(requestLines());
}

TEST_CASE("Header fields that can be read in two ways are refused")
{
    allRefused(fields());
}

TEST_CASE("A body of doubtful length is refused")
{
    allRefused(lengths());
}

TEST_CASE("Chunks that are none end the request and the connection")
{
    allRefused(chunks());
}

TEST_CASE("What looks like a request within a body is none")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    const std::string size = std::to_string(hidden.size());
    for (const std::string& text :
         {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + hidden,
          "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n" + hidden,
          "POST / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 0" + size
              + "\r\n\r\n" + hidden,
          "\r\nPOST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n21\r\n" + hidden
              + "\r\n0\r\n\r\n"}) {
        CAPTURE(text);
        const std::size_t before = replica->requests.size();
        CHECK(has(trial.ask(text), "200 OK"));
        REQUIRE(replica->requests.size() == before + 1);
        CHECK(replica->requests.back().body == hidden);
        CHECK(replica->requests.back().head.target == "/");
    }
    CHECK(replica->malformed == 0);
}

TEST_CASE("A request cut off at any octet reaches no replica whole, nor does it disturb the next")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    const std::string whole = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nX: y\r\n\r\nbod";
    for (std::size_t length = 1; length <= whole.size(); ++length) {
        RawClient client(trial.port(), whole.substr(0, length));
        client.socket.disconnectFromHost();
        CHECK(client.isClosed());
    }
    CHECK(waitUntil([&] { return trial.proxy.clientConnections() == 0; }));
    CHECK(replica->requests.empty());
    CHECK(has(trial.ask(get), "200 OK"));
}

TEST_CASE("A request that comes octet by octet is as good as one at once")
{
    const auto replica = Peer::answering(ok);
    ProxyTrial trial({replica->backend()});
    RawClient client(trial.port());
    REQUIRE(waitUntil([&] { return client.socket.state() == QAbstractSocket::ConnectedState; }));
    client.socket.setSocketOption(QAbstractSocket::LowDelayOption, 1);
    for (const char octet : "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "2\r\nhi\r\n0\r\n\r\n"s) {
        client.send(std::string(1, octet));
        client.socket.flush();
        QCoreApplication::processEvents();
    }
    CHECK(client.gets("\r\n\r\nok"));
    REQUIRE(replica->requests.size() == 1);
    CHECK(replica->requests[0].body == "hi");
}
