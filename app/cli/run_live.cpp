// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_live.h"

#include "app/cli/console.h"
#include "sim/live/live_scenario.h"
#include "sim/live/live_world.h"

#include <chrono>
#include <thread>

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
    for (live::LivePlan& plan : *plans) {
        plan.identity = rules->identity;
        plan.identify = rules->identify;
        plan.sessionRules = rules->sessions;
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
        text += group.name + " asked " + group.target.endpoint.url.text() + "\n";
    return text;
}

void advanceWithClock(Experiment& experiment)
{
    using Clock = std::chrono::steady_clock;
    constexpr auto beat = std::chrono::milliseconds(5);
    Progress progress;
    const double end = inSeconds(experiment.end().time_since_epoch());
    auto last = Clock::now();
    while (!experiment.finished() && !interrupted()) {
        std::this_thread::sleep_for(beat);
        const auto now = Clock::now();
        experiment.advance(now - last);
        last = now;
        progress.show(inSeconds(experiment.now().time_since_epoch()) / end,
                      "of the scenario's time");
    }
}

} // namespace stickyscope::cli
