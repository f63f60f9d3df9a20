// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/parse.h"
#include "app/cli/summary.h"
#include "app/cli/verbs.h"
#include "sim/formats/result_json.h"
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
    target->endpoint.guard = live::TargetGuard(target->endpoint.url.host, options.permitted);
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
    other.endpoint.url =
        http::resolve(target.endpoint.url, other.request.target).value_or(target.endpoint.url);
    return other;
}

// Only loopback goes faster than 20 requests per second.
double rateFor(const Options& options, const live::Target& target)
{
    const bool here = live::namesThisMachine(target.endpoint.url.host);
    const double most = here ? 1000 : 20;
    return options.rate > 0 ? std::min(options.rate, most) : 20;
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
    if (target.endpoint.guard) {
        // A name that cannot be this machine needs no look-up to be refused.
        const QHostAddress literal(QString::fromStdString(target.endpoint.url.host));
        const bool name = literal.isNull() && !live::namesThisMachine(target.endpoint.url.host);
        const auto reason = name && options.permitted != target.endpoint.url.host
            ? std::optional(target.endpoint.url.host + " is not this machine; say --i-may-test "
                            + target.endpoint.url.host + " if you may test it")
            : literal.isNull() ? std::nullopt
                               : target.endpoint.guard(literal);
        if (reason) {
            complain(*reason);
            return unsafe;
        }
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
    // A ws:// address asks for handshakes.
    if (target->endpoint.url.scheme.starts_with("ws") && options.webSocketPath.empty()) {
        options.webSocketPath = target->request.target;
        options.exactRun = true;
    }
    if (options.once) {
        options.clients = 1;
        options.requests = 1;
        options.exactRun = true;
    }
    QCoreApplication application(argc, argv);
    watchForInterrupt();
    return options.exactRun ? runClients(options, *target, *identity)
                            : runProbe(options, *target, *identity);
}

} // namespace stickyscope::cli
