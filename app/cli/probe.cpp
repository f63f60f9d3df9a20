// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/probe_run.h"
#include "app/cli/verbs.h"
#include "sim/http/cookie_file.h"
#include "sim/live/live_recorder.h"
#include "sim/live/prober.h"
#include "sim/live/target_class.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace stickyscope::cli {

namespace {

Outcome<live::Target> targetFor(const ProbeOptions& options)
{
    auto target = live::parseTarget(options.target);
    if (!target)
        return target;
    for (const std::string& header : options.headers) {
        const auto colon = header.find(':');
        if (colon == std::string::npos || header.find_first_of("\r\n") != std::string::npos)
            return Outcome<live::Target>::failure(
                "--header must be 'Name: value' on one line; there is no colon, or a line's end");
        const std::string_view name = http::trimmed(std::string_view(header).substr(0, colon));
        const std::string_view value = http::trimmed(std::string_view(header).substr(colon + 1));
        // As with curl: cookies are the jar's, so that the sticky one can be told from the others.
        if (http::equalIgnoringCase(name, "Cookie"))
            target->cookies += (target->cookies.empty() ? "" : "; ") + std::string(value);
        else
            target->request.fields.add(name, value);
    }
    target->requestId = !options.noRequestId;
    const std::string host = live::hostToPermit(*target);
    target->endpoint.guard = live::TargetGuard(target->endpoint.url.host,
                                               !host.empty() && host == options.live.permitted);
    if (const std::string fault = live::faultIn(*target); !fault.empty())
        return Outcome<live::Target>::failure(fault);
    return target;
}

int runProbe(const ProbeOptions& options, const live::Target& target, const LiveRules& rules)
{
    // Forty requests are few, but a public service gets them no faster than others.
    const double most = live::allowanceOf(live::namedClass(target) == live::TargetClass::loopback
                                              ? live::TargetClass::loopback
                                              : live::TargetClass::publicNetwork)
                            .rate;
    live::Prober prober(target,
                        {.identity = rules.identity,
                         .identify = rules.identify,
                         .keepAlive = options.keepAlive,
                         .rate = std::min(rateOf(options.live), most),
                         .stickyName = options.live.stickyCookie});
    Progress progress;
    QElapsedTimer clock;
    clock.start();
    const live::ProbeEvidence evidence =
        prober.run(interrupted, [&](double share) { progress.show(share, "of the requests"); });
    const live::Verdict verdict = live::judge(evidence);
    writeCookies(target, prober.jar());

    // The same figures as of any live run, one lane a way of asking that says something of cookies.
    live::LiveRecorder recorder;
    LaneMeasures measures;
    const ClientIndex client = recorder.addClient("jar", "browser");
    std::uint32_t ordinal = 0;
    for (const live::ProbeAnswer& answer : evidence.answers) {
        if (answer.group != live::ProbeGroup::ownJar)
            continue;
        const auto ended = recorder.ended({.client = client,
                                           .ordinal = ordinal++,
                                           .latency = answer.latency,
                                           .failure = answer.failure,
                                           .status = answer.status,
                                           .replica = answer.replica,
                                           .stickySent = answer.stickySent,
                                           .stickySet = answer.stickySet});
        measures.observe(ended);
    }
    ExperimentResult result =
        resultFor("own", true, measures, recorder.cast(), Duration {clock.nsecsElapsed()});
    result.comparison = ComparisonResult {.sentence = verdict.sentence};
    if (options.json != "-") {
        if (!prober.address().empty())
            print("asked " + target.endpoint.url.scheme + "://" + target.endpoint.url.authority()
                  + target.endpoint.url.path + " at " + prober.address() + ", "
                  + std::to_string(evidence.answers.size()) + " requests\n");
        if (!evidence.identitySource.empty())
            print("who answered: " + evidence.identitySource + "\n");
        if (!options.live.replicaId.empty()
            && evidence.identitySource == live::accordingToTheBalancer)
            print("no answer has " + options.live.replicaId + "\n");
        const bool named = std::any_of(evidence.answers.begin(), evidence.answers.end(),
                                       [](const auto& one) { return !one.replica.empty(); });
        const bool asks = !named && verdict.kind == live::Verdict::Kind::cannotTell;
        print(verdict.sentence + (asks ? " (--replica-id)" : "") + "\n");
    }
    const int status = finishProbe(result, options);
    return verdict.kind == live::Verdict::Kind::nothingAnswered ? notMet
                                                                : std::min<int>(status, wrongUse);
}

std::optional<int> refusal(const ProbeOptions& options, const live::Target& target)
{
    if (!target.isSafe() && !options.once) {
        complain(target.request.method
                 + " may change things, so it is not repeated; --once sends it a single time");
        return unsafe;
    }
    return refusedForSafety(target, options.live);
}

void addOptions(CLI::App& app, ProbeOptions& options)
{
    app.add_option("TARGET", options.target, "An address, or a curl command line in quotes")
        ->required();
    app.add_option("--clients", options.clients, "How many (10)")->check(CLI::Range(1, 1000));
    app.add_option("--jar", options.jar, "Each its own (own), none, or one shared")
        ->check(CLI::IsMember({"own", "none", "shared"}));
    app.add_option("--requests", options.requests, "Of each client (20)")
        ->check(CLI::Range(1, 100000));
    app.add_option("--websocket", options.webSocketPath, "Make WebSocket handshakes at this path");
    app.add_option("--message", options.message,
                   "What a WebSocket sends when it opens; {n}, {ms} and {client} are filled in");
    app.add_option("--reconnect", options.reconnects, "Cut and come back so often")
        ->check(CLI::Range(1, 100000));
    app.add_option("--header", options.headers, "'Name: value', sent with every request");
    app.add_flag("--keep-alive", options.keepAlive,
                 "Keep connections for more than one request; the verdict says so");
    app.add_flag("--once", options.once, "Send a request that may change things a single time");
    app.add_option("--json", options.json, "Write the result to this file; - is standard output");
    app.add_flag("--no-request-id", options.noRequestId, "Send no X-Request-Id");
    addLiveOptions(app, options.live);
}

// What must be right before anything is sent; an exit status where it is not.
std::optional<int> settle(ProbeOptions& options, live::Target& target)
{
    if (options.messageGiven && options.webSocketPath.empty()
        && !target.endpoint.url.scheme.starts_with("ws")) {
        complain("--message is for WebSockets; add --websocket PATH");
        return wrongUse;
    }
    if (target.endpoint.insecure)
        complain("WARNING: TLS certificates are not verified (-k)");
    if (!options.webSocketPath.empty()
        && (!options.webSocketPath.starts_with('/') || options.webSocketPath.starts_with("//"))) {
        complain("--websocket must be a path such as /streaming, not '" + options.webSocketPath
                 + "'");
        return wrongUse;
    }
    // A ws:// address asks for handshakes.
    if (target.endpoint.url.scheme.starts_with("ws") && options.webSocketPath.empty()) {
        options.webSocketPath = target.request.target;
        options.exactRun = true;
    }
    if (options.once) {
        options.clients = 1;
        options.requests = 1;
        options.reconnects = 0;
        options.exactRun = true;
    }
    if (!target.cookieFileIn.empty()) {
        const auto text = readFile(target.cookieFileIn);
        // As with curl, a file that is not there yet is an empty one.
        target.initialJar = http::readCookieFile(text ? *text : std::string());
    }
    return std::nullopt;
}

} // namespace

int probeTarget(int argc, char** argv)
{
    ProbeOptions options;
    CLI::App app("Ask a service who answers, and say whether its sticky cookies work",
                 "stickyscope probe");
    addOptions(app, options);
    if (const auto status = parse(app, argc, argv))
        return *status;
    // Broken sessions are seen by clients that go on, not by the forty requests of a verdict.
    for (const char* own :
         {"--clients", "--jar", "--requests", "--websocket", "--reconnect", "--broken"})
        options.exactRun = options.exactRun || app.count(own) > 0;
    options.messageGiven = app.count("--message") > 0;
    auto target = targetFor(options);
    if (!target) {
        complain(target.error());
        return wrongUse;
    }
    const auto rules = rulesOf(options.live, *target);
    if (!rules) {
        complain(rules.error());
        return wrongUse;
    }
    if (const auto refused = refusal(options, *target))
        return *refused;
    if (const auto status = settle(options, *target))
        return *status;
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    return options.exactRun ? runClients(options, *target, *rules)
                            : runProbe(options, *target, *rules);
}

} // namespace stickyscope::cli
