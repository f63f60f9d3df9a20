// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_live.h"

#include "sim/http/secrets.h"
#include "sim/live/live_scenario.h"
#include "sim/live/live_world.h"
#include "sim/live/statistics_reader.h"

namespace stickyscope::cli {

Outcome<std::vector<live::LivePlan>> livePlansFor(const Scenario& scenario,
                                                  const LiveOptions& options,
                                                  const std::vector<http::CookieJar>& jars)
{
    using Result = Outcome<std::vector<live::LivePlan>>;
    live::LiveChoices choices {.permitted = options.permitted,
                               .stickyName = options.stickyCookie,
                               .faster = options.rate > 0,
                               .jars = jars};
    auto plans = live::plansFor(scenario, choices);
    if (!plans)
        return plans;
    const auto rules = rulesOf(options, plans->front().target());
    if (!rules)
        return Result::failure(rules.error());
    std::optional<live::StatisticsSource> statistics;
    if (!options.statistics.empty()) {
        const auto read = live::statisticsSource(options.statistics, plans->front().target());
        if (!read)
            return Result::failure("--statistics: " + read.error());
        statistics = *read;
    }
    for (live::LivePlan& plan : *plans) {
        plan.identity = rules->identity;
        plan.identify = rules->identify;
        plan.sessionRules = rules->sessions;
        plan.statistics = statistics;
    }
    return plans;
}

Experiment makeLive(std::vector<live::LivePlan> plans,
                    const std::shared_ptr<const Scenario>& scenario, const LiveOptions& options,
                    std::shared_ptr<RecordingSink> recording, bool trace)
{
    return live::makeLiveExperiment(
        std::move(plans), scenario,
        {.rate = rateOf(options), .trace = trace, .recording = std::move(recording)});
}

std::string addressesOf(const live::LivePlan& plan)
{
    std::string text;
    for (const live::LiveGroup& group : plan.groups)
        text +=
            group.name + " asked " + http::withoutSecrets(group.target.endpoint.url.text()) + "\n";
    return text;
}

} // namespace stickyscope::cli
