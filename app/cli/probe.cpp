// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
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
    int reconnects = 0;
    std::vector<std::string> headers;
    bool once = false;
    std::string replicaId;
    std::string identify;
    std::string stickyCookie;
    double rate = 0;
    std::string permitted;
    std::string json;
    bool noRequestId = false;
    bool exactRun = false; ///< any option that asks for a run of its own
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
        target->request.fields.add(http::trimmed(std::string_view(header).substr(0, colon)),
                                   http::trimmed(std::string_view(header).substr(colon + 1)));
    }
    target->requestId = !options.noRequestId;
    const std::string host = live::hostToPermit(*target);
    target->endpoint.guard =
        live::TargetGuard(target->endpoint.url.host, !host.empty() && host == options.permitted);
    if (const std::string fault = live::faultIn(*target); !fault.empty())
        return Outcome<live::Target>::failure(fault);
    return target;
}

// The same host at another path: "GET:/hostname" or "/streaming".
live::Target elsewhere(const live::Target& target, const std::string& path)
{
    live::Target other = target;
    const std::string_view view = path;
    other.request.target = view.starts_with("GET:") ? view.substr(4) : view;
    other.request.method = "GET";
    other.body.clear();
    const auto question = other.request.target.find('?');
    other.endpoint.url.path = other.request.target.substr(0, question);
    other.endpoint.url.query =
        question == std::string::npos ? "" : other.request.target.substr(question + 1);
    return other;
}

// Only loopback goes faster than 10 requests per second.
double rateFor(const Options& options, const live::Target& target)
{
    const bool here = live::hostToPermit(target).empty();
    const double rate = options.rate > 0 ? options.rate : 20;
    return std::min(rate, here ? 1000.0 : 10.0);
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

int runClients(const Options& options, const live::Target& target,
               const live::IdentityRule& identity)
{
    QElapsedTimer clock;
    clock.start();
    live::LivePlan plan;
    plan.target = options.webSocketPath.empty() ? target : elsewhere(target, options.webSocketPath);
    plan.identity = identity;
    if (!options.identify.empty())
        plan.identify = elsewhere(target, options.identify);
    plan.clients = options.clients;
    plan.jar = options.jar == "none" ? JarKind::none
        : options.jar == "shared"    ? JarKind::shared
                                     : JarKind::own;
    plan.stickyName = options.stickyCookie;
    plan.websocket = !options.webSocketPath.empty();
    plan.requestsPerClient = options.reconnects > 0 ? options.reconnects + 1 : options.requests;
    plan.rateInAll = rateFor(options, target);
    plan.ratePerClient = std::max(1.0, options.rate > 0 ? plan.rateInAll / options.clients : 1.0);
    plan.clock = [&clock] { return Instant(Duration {clock.nsecsElapsed()}); };
    LaneMeasures measures;
    live::LiveRun run(plan, measures, nullptr);
    QObject::connect(&run, &live::LiveRun::finished, QCoreApplication::instance(),
                     &QCoreApplication::quit, Qt::QueuedConnection);
    QTimer watch;
    Progress progress;
    QObject::connect(&watch, &QTimer::timeout, &run, [&] {
        if (interrupted())
            QCoreApplication::quit();
        const LaneResult so = measures.result(run.recorder().cast(), 0);
        progress.show(static_cast<double>(so.requests) / (plan.clients * plan.requestsPerClient),
                      "of the requests");
    });
    watch.start(100);
    run.start();
    QCoreApplication::exec();
    run.stop();
    writeCookies(target, run.firstJar());
    const ExperimentResult result =
        resultFor(options.jar, plan.jar != JarKind::none, measures, run.recorder().cast(),
                  Duration {clock.nsecsElapsed()});
    if (options.json != "-")
        print(summaryOf(result));
    return finish(result, options);
}

int runProbe(const Options& options, const live::Target& target, const live::IdentityRule& identity)
{
    live::Prober prober(target,
                        {.identity = identity,
                         .rate = rateFor(options, target),
                         .stickyName = options.stickyCookie});
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
        const bool first = ordinal == 0;
        const Observation ended =
            recorder.ended({.client = client,
                            .ordinal = ordinal++,
                            .failure = answer.failure,
                            .status = answer.status,
                            .replica = answer.replica,
                            .stickySent = !first && evidence.sent == http::CookieFate::sent,
                            .stickySet = first && evidence.sticky.has_value()});
        measures.observe({&ended, 1});
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
        print(verdict.sentence + "\n");
    }
    const int status = finish(result, options);
    return verdict.kind == live::Verdict::Kind::nothingAnswered ? notMet
                                                                : std::min<int>(status, wrongUse);
}

std::optional<int> refusal(const Options& options, const live::Target& target)
{
    const bool repeats = !options.once;
    if (!target.isSafe() && repeats) {
        complain(target.request.method
                 + " may change things, so it is not repeated; --once sends it a single time");
        return unsafe;
    }
    const std::string host = live::hostToPermit(target);
    if (!host.empty() && host != options.permitted) {
        complain(host + " is not this machine; say --i-may-test " + host + " if you may test it");
        return unsafe;
    }
    return std::nullopt;
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
    app.add_option("--reconnect", options.reconnects, "Cut and come back so often")
        ->check(CLI::Range(1, 100000));
    app.add_option("--header", options.headers, "'Name: value', sent with every request");
    app.add_flag("--once", options.once, "Send a request that may change things a single time");
    auto* id = app.add_option("--replica-id", options.replicaId,
                              "Who answered: json:FIELD, line:NAME or header:NAME");
    app.add_option("--identify", options.identify,
                   "A second request that names the replica: GET:/PATH")
        ->excludes(id);
    app.add_option("--sticky-cookie", options.stickyCookie, "Which cookie is the sticky one");
    app.add_option("--rate", options.rate, "Requests per second in all, such as 50/s")
        ->check(CLI::PositiveNumber);
    app.add_option("--i-may-test", options.permitted,
                   "A host beyond this machine that you may test");
    app.add_option("--json", options.json, "Write the result to this file; - is standard output");
    app.add_flag("--no-request-id", options.noRequestId, "Send no X-Request-Id");
}

} // namespace

int probeTarget(int argc, char** argv)
{
    Options options;
    CLI::App app("Ask a service who answers, and say whether its sticky cookies work",
                 "stickyscope probe");
    addOptions(app, options);
    // "50/s" reads as 50.
    std::vector<std::string> words(argv, argv + argc);
    std::vector<char*> arguments;
    for (std::size_t place = 0; place < words.size(); ++place) {
        if (place > 0 && words[place - 1] == "--rate" && words[place].ends_with("/s"))
            words[place].resize(words[place].size() - 2);
        arguments.push_back(words[place].data());
    }
    if (const auto status = parse(app, argc, arguments.data()))
        return *status;
    for (const char* own : {"--clients", "--jar", "--requests", "--websocket", "--reconnect"})
        options.exactRun = options.exactRun || app.count(own) > 0;
    const auto target = targetFor(options);
    const auto identity = options.replicaId.empty()
        ? Outcome<live::IdentityRule>(live::IdentityRule {})
        : live::IdentityRule::parse(options.replicaId);
    if (!target || !identity) {
        complain(target ? identity.error() : target.error());
        return wrongUse;
    }
    if (const auto refused = refusal(options, *target))
        return *refused;
    if (target->endpoint.insecure)
        complain("WARNING: TLS certificates are not verified (-k)");
    if (!options.identify.empty() && !options.identify.starts_with("GET:/")) {
        complain("--identify must be GET:/PATH, not '" + options.identify + "'");
        return wrongUse;
    }
    if (!options.webSocketPath.empty()
        && (!options.webSocketPath.starts_with('/') || options.webSocketPath.starts_with("//"))) {
        complain("--websocket must be a path such as /streaming, not '" + options.webSocketPath
                 + "'");
        return wrongUse;
    }
    // A ws:// address asks for handshakes.
    if (target->endpoint.url.scheme.starts_with("ws") && options.webSocketPath.empty()) {
        options.webSocketPath = target->request.target;
        options.exactRun = true;
    }
    if (options.once) {
        options.clients = 1;
        options.requests = 1;
        options.reconnects = 0;
        options.exactRun = true;
    }
    live::Target asked = *target;
    if (!asked.cookieFileIn.empty()) {
        const auto text = readFile(asked.cookieFileIn);
        // As with curl, a file that is not there yet is an empty one.
        asked.initialJar = http::readCookieFile(text ? *text : std::string());
    }
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    return options.exactRun ? runClients(options, asked, *identity)
                            : runProbe(options, asked, *identity);
}

} // namespace stickyscope::cli
