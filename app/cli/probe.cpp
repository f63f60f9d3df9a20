// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/live_options.h"
#include "app/cli/parse.h"
#include "app/cli/summary.h"
#include "app/cli/verbs.h"
#include "sim/formats/result_json.h"
#include "sim/http/cookie_file.h"
#include "sim/live/live_run.h"
#include "sim/live/prober.h"
#include "sim/live/target_class.h"
#include "sim/measure/lane_measures.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <limits>

namespace stickyscope::cli {

namespace {

struct Options
{
    std::string target;
    int clients = 10;
    std::string jar = "own";
    int requests = 20;
    std::string webSocketPath;
    std::string message = live::SocketPlan {}.message;
    int reconnects = 0;
    std::vector<std::string> headers;
    bool once = false;
    bool keepAlive = false;
    std::string json;
    bool noRequestId = false;
    bool messageGiven = false;
    bool exactRun = false; ///< any option that asks for a run of its own
    LiveOptions live;
};

Outcome<live::Target> targetFor(const Options& options)
{
    auto target = live::parseTarget(options.target);
    if (!target)
        return target;
    for (const std::string& header : options.headers) {
        const auto colon = header.find(':');
        if (colon == std::string::npos || header.find_first_of("\r\n") != std::string::npos)
            return Outcome<live::Target>::failure("--header must be 'Name: value', not '" + header
                                                  + "'");
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

// What curl's -c asks for.
void writeCookies(const live::Target& target, const http::CookieJar& jar)
{
    if (target.cookieFileOut.empty())
        return;
    if (const auto written = writeFile(target.cookieFileOut, http::writeCookieFile(jar)); !written)
        complain(written.error());
}

int finish(const ExperimentResult& result, const Options& options)
{
    if (!options.json.empty()) {
        if (const auto written = writeFile(options.json, toJson(result)); !written) {
            complain(written.error());
            return wrongUse;
        }
    }
    return result.lanes.front().answered > 0 ? done : notMet;
}

ExperimentResult resultFor(const std::string& lane, bool sticky, const LaneMeasures& measures,
                           const Cast& cast, Duration duration)
{
    ExperimentResult result;
    result.world = "live";
    result.lanes.push_back(measures.result(cast, std::numeric_limits<std::size_t>::max()));
    result.lanes[0].name = lane;
    result.lanes[0].sticky = sticky;
    result.lanes[0].duration = duration;
    return result;
}

live::LiveGroup groupFor(const Options& options, const live::Target& target)
{
    live::LiveGroup group;
    group.target =
        options.webSocketPath.empty() ? target : live::atPath(target, options.webSocketPath);
    group.jar = options.jar == "none" ? JarKind::none
        : options.jar == "shared"     ? JarKind::shared
                                      : JarKind::own;
    group.kind = !options.webSocketPath.empty() ? ClientKind::websocket
        : group.jar == JarKind::none            ? ClientKind::curl
                                                : ClientKind::browser;
    group.count = options.clients;
    group.keepAlive = options.keepAlive;
    group.requests = options.reconnects > 0 ? options.reconnects + 1 : options.requests;
    group.socket.message = options.message;
    // Between half and one and a half of the mean: never in step.
    const double perClient = std::max(
        live::usualRateOfClient, options.live.rate > 0 ? options.live.rate / options.clients : 0.0);
    const Duration mean {static_cast<Duration::rep>(1e9 / perClient)};
    group.pause = {.shape = Distribution::Shape::uniform,
                   .mean = mean,
                   .least = mean / 2,
                   .most = mean / 2 * 3};
    return group;
}

int runClients(const Options& options, const live::Target& target, const LiveRules& rules)
{
    QElapsedTimer clock;
    clock.start();
    const live::LiveGroup group = groupFor(options, target);
    live::LiveShared shared;
    shared.clock = [&clock] { return Instant(Duration {clock.nsecsElapsed()}); };
    shared.pacer = std::make_shared<live::Pacer>(rateOf(options.live) / (rules.identify ? 2 : 1), 1,
                                                 live::namedClass(target));
    LaneMeasures measures;
    live::LiveRun run({.groups = {group},
                       .identity = rules.identity,
                       .identify = rules.identify,
                       .sessionRules = rules.sessions,
                       .stickyName = options.live.stickyCookie},
                      shared, 0, measures, nullptr);
    QObject::connect(&run, &live::LiveRun::finished, QCoreApplication::instance(),
                     &QCoreApplication::quit, Qt::QueuedConnection);
    QTimer watch;
    Progress progress;
    QObject::connect(&watch, &QTimer::timeout, &run, [&] {
        if (interrupted())
            QCoreApplication::quit();
        const LaneResult so = measures.result(run.recorder().cast(), 0);
        progress.show(static_cast<double>(so.requests) / (group.count * group.requests),
                      "of the requests");
    });
    watch.start(100);
    run.start();
    QCoreApplication::exec();
    run.stop();
    writeCookies(target, run.firstJar());
    const ExperimentResult result =
        resultFor(options.jar, group.jar != JarKind::none, measures, run.recorder().cast(),
                  Duration {clock.nsecsElapsed()});
    if (!shared.pacer->end().empty())
        complain(shared.pacer->end());
    if (interrupted())
        complain("interrupted after " + std::to_string(result.lanes.front().requests)
                 + " requests; what is known so far:");
    if (options.json != "-") {
        print(summaryOf(result));
        if (!run.recorder().cast().notice.empty())
            print(run.recorder().cast().notice + "\n");
    }
    return finish(result, options);
}

int runProbe(const Options& options, const live::Target& target, const LiveRules& rules)
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
        print(verdict.sentence + "\n");
    }
    const int status = finish(result, options);
    return verdict.kind == live::Verdict::Kind::nothingAnswered ? notMet
                                                                : std::min<int>(status, wrongUse);
}

std::optional<int> refusal(const Options& options, const live::Target& target)
{
    if (!target.isSafe() && !options.once) {
        complain(target.request.method
                 + " may change things, so it is not repeated; --once sends it a single time");
        return unsafe;
    }
    return refusedForSafety(target, options.live);
}

void addOptions(CLI::App& app, Options& options)
{
    app.add_option("TARGET", options.target, "An address, or a curl command line in quotes")
        ->required();
    app.add_option("--clients", options.clients, "How many")->check(CLI::Range(1, 1000));
    app.add_option("--jar", options.jar, "Each its own, none, or one shared")
        ->check(CLI::IsMember({"own", "none", "shared"}));
    app.add_option("--requests", options.requests, "Of each client")->check(CLI::Range(1, 100000));
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
std::optional<int> settle(Options& options, live::Target& target)
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
    Options options;
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
