// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/curl_command.h"
#include "sim/live/replica_identity.h"
#include "sim/live/sticky_cookie.h"
#include "sim/live/target_class.h"
#include "sim/live/verdict.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace stickyscope;
using namespace stickyscope::live;

namespace {

Target curl(const std::string& text)
{
    const auto target = parseTarget(text);
    CAPTURE(target.error());
    REQUIRE(target);
    return *target;
}

ProbeEvidence evidence(const std::vector<std::string>& fresh, const std::vector<std::string>& jar,
                       const std::vector<std::string>& replayed,
                       const std::vector<std::string>& connection)
{
    ProbeEvidence result {.url = *http::parseUrl("http://localhost:8000/hostname")};
    const auto add = [&](ProbeGroup group, const std::vector<std::string>& names) {
        for (const std::string& name : names)
            result.answers.push_back({.group = group,
                                      .status = 200,
                                      .replica = name,
                                      .connectionKept = group == ProbeGroup::sameConnection});
    };
    add(ProbeGroup::fresh, fresh);
    add(ProbeGroup::ownJar, jar);
    add(ProbeGroup::replayed, replayed);
    add(ProbeGroup::sameConnection, connection);
    return result;
}

const std::vector<std::string> mixed {"a", "b", "c", "a", "b", "c", "a"};
const std::vector<std::string> same(7, "a");

} // namespace

TEST_CASE("The page's two test lines and a browser's copy are understood")
{
    CHECK(curl("curl -vs http://localhost:8000/hostname").request.method == "GET");
    const Target jar =
        curl("curl -vs -c cookies.txt -b cookies.txt http://localhost:8000/hostname");
    CHECK(jar.cookieFileIn == "cookies.txt");
    CHECK(jar.cookieFileOut == "cookies.txt");
    const Target copied =
        curl("curl 'https://app.example/api?x=1' \\\n  -H 'accept: application/json' \\\n  -b "
             "'sid=1; theme=dark' \\\n  --data-raw $'{\"a\":\"it\\'s\"}' --compressed");
    CHECK(copied.request.method == "POST");
    CHECK(copied.body == "{\"a\":\"it's\"}");
    CHECK(copied.cookies == "sid=1; theme=dark");
    CHECK(*copied.request.fields.find("Accept") == "application/json");
    CHECK(copied.request.target == "/api?x=1");
}

TEST_CASE("curl's ways to connect are understood")
{
    const Target target = curl(
        "curl -k --cacert ca.pem -E cert.pem --key key.pem --resolve app.example:443:127.0.0.1 -x "
        "socks5://127.0.0.1:1080 -u me:secret https://app.example/");
    CHECK(target.endpoint.insecure);
    CHECK(target.endpoint.caFile == "ca.pem");
    CHECK(target.endpoint.certificateFile == "cert.pem");
    CHECK(target.endpoint.keyFile == "key.pem");
    CHECK(target.endpoint.destination() == std::pair<std::string, std::uint16_t>("127.0.0.1", 443));
    CHECK(target.endpoint.proxyIsSocks);
    CHECK(*target.request.fields.find("Authorization") == "Basic bWU6c2VjcmV0");
    CHECK(curl("curl --connect-to app.example:80:[::1]:8080 http://app.example")
              .endpoint.destination()
          == std::pair<std::string, std::uint16_t>("::1", 8080));
    CHECK(curl("curl -x proxy.example:3128 http://a.example/").endpoint.proxy->port == 3128);
}

TEST_CASE("What curl can and we cannot is named, never ignored")
{
    const std::vector<std::pair<std::string, std::string>> rows {
        {"curl --http3 http://a/", "--http3"},
        {"curl -Q x http://a/", "-Q"},
        {"curl -T file http://a/", "-T"},
        {"curl -d @file http://a/", "@"},
        {"curl http://a/ http://b/", "second address"},
        {"curl -v", "has no address"},
        {"curl -H", "lacks its value"},
        {"curl 'http://a/", "quote"},
        {"curl http://a/ | sh", "shell"},
        {"curl -x socks4://a http://b/", "socks4"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.first);
        const auto target = parseTarget(row.first);
        REQUIRE_FALSE(target);
        CHECK((target.error().find(row.second) != std::string::npos));
    }
}

TEST_CASE("Who answered is found in JSON, in a line, in a header, or by rule")
{
    const IdentityRule any;
    http::ResponseHead head;
    CHECK(any.identify(head, R"({"ip":"1.2.3.4","hostname":"server-1"})")->name == "server-1");
    CHECK(any.identify(head, "Hostname: 3f2a9c1b77de\nIP: 127.0.0.1\n")->name == "3f2a9c1b77de");
    CHECK_FALSE(any.identify(head, "<html>hello</html>"));
    head.fields.add("X-Served-By", "pod-7");
    CHECK(any.identify(head, "hello")->source == "header X-Served-By");
    CHECK(IdentityRule::parse("json:meta.pod")->identify(head, R"({"meta":{"pod":"p1"}})")->name
          == "p1");
    CHECK(IdentityRule::parse("line:Node")->identify(head, "Node: n1")->name == "n1");
    CHECK(IdentityRule::parse("header:X-Served-By")->identify(head, "")->name == "pod-7");
    CHECK_FALSE(IdentityRule::parse("xml:a"));
}

TEST_CASE("Cookies tell their balancer by name and value")
{
    const std::vector<std::tuple<const char*, const char*, const char*>> rows {
        {"_1d52e", "7c1e9f02ab34d1c0", "Traefik"},
        {"AWSALB", "x", "AWS Application Load Balancer"},
        {"INGRESSCOOKIE", "1700000000.123.45.678|0123456789abcdef0123456789abcdef",
         "ingress-nginx (balanced)"},
        {"SRV", "s1|awOsh|awOsh", "HAProxy (maxidle or maxlife)"},
        {"BIGipServerpool", "1677787402.20480.0000", "F5 BIG-IP"},
        {"JSESSIONID", "abc.node1", "Apache or mod_jk"},
    };
    for (const auto& row : rows) {
        const char* const name = std::get<0>(row);
        CAPTURE(name);
        const auto found = fingerprintOf(name, std::get<1>(row));
        REQUIRE(found);
        CHECK(found->balancer == std::get<2>(row));
    }
    CHECK_FALSE(fingerprintOf("theme", "dark"));
}

TEST_CASE("A cookie whose value goes with the replica is the sticky one, a session id is not")
{
    const auto proposal = proposeSticky({{"sid", "r4nd0m1", "a"},
                                         {"backend", "one", "a"},
                                         {"sid", "r4nd0m2", "b"},
                                         {"backend", "two", "b"},
                                         {"sid", "r4nd0m3", "a"},
                                         {"backend", "one", "a"}});
    REQUIRE(proposal);
    CHECK(proposal->name == "backend");
    CHECK_FALSE(proposeSticky({{"sid", "1", "a"}, {"sid", "2", "a"}, {"sid", "3", "b"}}));
}

TEST_CASE("The verdict says what was seen, and no more")
{
    using Kind = Verdict::Kind;
    ProbeEvidence sticky = evidence(mixed, same, same, mixed);
    sticky.cookiesSeen = true;
    sticky.sticky = StickyProposal {"ws-session", "Traefik", true};
    CHECK(judge(sticky).kind == Kind::stickyByCookie);
    CHECK(judge(sticky).sentence
          == "sticky by cookie: with the cookie ws-session (Traefik) all 6 follow-ups stayed with "
             "a, without it 7 fresh requests met 3 replicas");
    CHECK(judge(evidence(mixed, mixed, mixed, mixed)).kind == Kind::notSticky);
    CHECK(judge(evidence(mixed, mixed, mixed, same)).kind == Kind::connectionOnly);
    CHECK(judge(evidence(same, same, same, same)).kind == Kind::oneReplica);
    CHECK(judge(evidence(same, same, same, same)).sentence.find("1 in 64") != std::string::npos);
    ProbeEvidence secure = evidence(mixed, mixed, std::vector<std::string>(7, "a"), mixed);
    secure.cookiesSeen = true;
    secure.received = http::CookieFate::refusedSecureOverHttp;
    CHECK(judge(secure).kind == Kind::cookieNotReturned);
    CHECK(judge(secure).sentence.find("plain http") != std::string::npos);
    // Why it is not returned is said where that alone would not mend it, too.
    ProbeEvidence neither = evidence(mixed, mixed, mixed, mixed);
    neither.cookiesSeen = true;
    CHECK(judge(neither).sentence.ends_with("; no cookie that it sets goes with a replica"));
    neither.sticky = StickyProposal {"lb", {}, true};
    neither.received = http::CookieFate::kept;
    neither.sent = http::CookieFate::sent;
    CHECK(judge(neither).sentence.ends_with("; it returned the cookie lb, and nobody kept to it"));
    neither.sent = http::CookieFate::withheldPath;
    CHECK(judge(neither).kind == Kind::notSticky);
    CHECK(judge(neither).sentence.find(http::reasonFor(http::CookieFate::withheldPath))
          != std::string::npos);
    CHECK(judge(neither).sentence.ends_with(", and returned by hand it does not stick either"));
    const std::vector<std::string> nobody(7);
    CHECK(judge(evidence(nobody, nobody, nobody, nobody)).kind == Kind::cannotTell);
    ProbeEvidence dead = evidence(mixed, same, same, same);
    for (ProbeAnswer& answer : dead.answers)
        answer = {.group = answer.group, .failure = Failure::balancer503, .status = 503};
    CHECK(judge(dead).kind == Kind::nothingAnswered);
}

TEST_CASE("A sticky cookie that is the application's session cookie as well is said to be")
{
    CHECK(isSessionCookieToo("JSESSIONID", "abc.node1"));
    CHECK(isSessionCookieToo("anything", "s1~4711"));
    CHECK_FALSE(isSessionCookieToo("ws-session", "7c1e9f02ab34d1c0"));
    ProbeEvidence both = evidence(mixed, same, same, mixed);
    both.cookiesSeen = true;
    both.sticky = StickyProposal {"JSESSIONID", "Apache or mod_jk", true, true};
    CHECK(judge(both).sentence.find("cannot be told apart") != std::string::npos);
    both.sticky = StickyProposal {"ROUTEID", "Apache", true, false};
    CHECK(judge(both).sentence.find("cannot be told apart") == std::string::npos);
}

TEST_CASE("With connections kept alive the verdict says what that can hide")
{
    const std::vector<std::string> other(7, "b");
    ProbeEvidence kept = evidence(same, other, same, same);
    kept.keepAlive = true;
    for (ProbeAnswer& answer : kept.answers)
        answer.connectionKept = true;
    CHECK(judge(kept).kind == Verdict::Kind::connectionOnly);
    CHECK(judge(kept).sentence.find("ask without keep-alive") != std::string::npos);
    ProbeEvidence alone = evidence(mixed, same, same, mixed);
    alone.leftAlone = std::chrono::seconds(30);
    for (ProbeAnswer& answer : alone.answers)
        answer.replica.clear();
    CHECK(judge(alone).sentence.find("Retry-After") != std::string::npos);
}

TEST_CASE("A cookie name that no answer sets is said to be, and a routed 404 is no balancer's own")
{
    ProbeEvidence named = evidence(mixed, same, same, mixed);
    named.stickyUnseen = "NOPE";
    CHECK(judge(named).sentence.ends_with("; no answer set the cookie NOPE"));
    CHECK(balancersOwn(Failure::none, 404, false) == Failure::balancer404);
    CHECK(balancersOwn(Failure::none, 404, true) == Failure::none);
    CHECK(balancersOwn(Failure::none, 200, false) == Failure::none);
}

TEST_CASE("A curl command can be taken apart and written again")
{
    const std::string line =
        "curl --header 'A: b' --data-raw 'it'\\''s' --insecure http://a.example/x";
    const auto options = curlOptions(line);
    REQUIRE(options);
    CHECK(curlCommand(*options) == line);
    CHECK(options->at(1) == CurlOption {"data-raw", "it's"});
    REQUIRE(targetOf(*options));
    CHECK(targetOf(*options)->body == "it's");
    CHECK(*curl("http://me%40x:p%3Aw@a.example/").request.fields.find("Authorization")
          == "Basic bWVAeDpwOnc=");
    CHECK(curl("curl -x http://p.example -U me:secret http://a/").endpoint.proxy->userInfo
          == "me:secret");
}

TEST_CASE("Causes that have a mending line get it")
{
    const auto url = *http::parseUrl("http://127.0.0.1:8000/hostname");
    CHECK(likelyCause(url, Failure::closedWithoutAnswer, 0).find("--entrypoints.web.address=:8000")
          != std::string::npos);
    CHECK(likelyCause(url, Failure::connectionRefused, 0).find("--entrypoints.web.address=:8000")
          != std::string::npos);
    CHECK(likelyCause(url, Failure::balancer404, 404).find("http://localhost:8000/hostname")
          != std::string::npos);
    CHECK(likelyCause(url, Failure::timedOut, 0).empty());
}

TEST_CASE("Addresses beyond this machine are refused unless permitted, tunnels as well")
{
    CHECK(classify(QHostAddress(QStringLiteral("127.0.0.1"))) == TargetClass::loopback);
    CHECK(classify(QHostAddress(QStringLiteral("::ffff:127.0.0.1"))) == TargetClass::loopback);
    CHECK(classify(QHostAddress(QStringLiteral("192.168.1.5"))) == TargetClass::privateNetwork);
    CHECK(classify(QHostAddress(QStringLiteral("fd00::1"))) == TargetClass::privateNetwork);
    CHECK(classify(QHostAddress(QStringLiteral("93.184.216.34"))) == TargetClass::publicNetwork);
    const QHostAddress local(QStringLiteral("127.0.0.1"));
    CHECK_FALSE(TargetGuard("localhost", false)(local));
    CHECK(TargetGuard("localhost", false)(QHostAddress(QStringLiteral("10.0.0.1"))));
    CHECK_FALSE(TargetGuard("shop.example", true)(QHostAddress(QStringLiteral("10.0.0.1"))));
    // Any name by which a target leads elsewhere has to be permitted.
    CHECK(hostToPermit(curl("http://localhost:8000/")).empty());
    CHECK(hostToPermit(curl("http://shop.example/")) == "shop.example");
    CHECK(hostToPermit(curl("curl --resolve shop.example:80:127.0.0.1 http://shop.example/"))
          == "shop.example");
    CHECK(hostToPermit(curl("curl --connect-to localhost:80:victim:80 http://localhost/"))
          == "victim");
    CHECK(hostToPermit(curl("curl -x http://proxy.example:3128 http://localhost/"))
          == "proxy.example");
    CHECK(hostToPermit(curl("curl -H 'Host: shop.example' http://localhost:8443/"))
          == "shop.example");
}

TEST_CASE("Every request says who asks, whatever was pasted")
{
    const auto agentOf = [](const char* text) {
        return *requestFor(*parseTarget(text), {}, "id").fields.find("User-Agent");
    };
    CHECK(agentOf("http://localhost/").starts_with("Stickyscope/"));
    CHECK(agentOf("curl -A mine http://localhost/").starts_with("Stickyscope/"));
}

TEST_CASE("Nothing that ends a line gets into a request")
{
    for (const char* text :
         {"curl -A $'x\\r\\nEvil: 1' http://a/", "curl -b $'a=1\\r\\nx' http://a/",
          "curl -X $'GET\\r\\n' http://a/", "curl -H 'Transfer-Encoding: chunked' http://a/",
          "curl -G -d 'q=two words' http://a/"}) {
        CAPTURE(text);
        CHECK_FALSE(parseTarget(text));
    }
}
