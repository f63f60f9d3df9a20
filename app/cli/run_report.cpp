// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"
#include "app/cli/run_options.h"
#include "app/cli/summary.h"
#include "app/cli/verbs.h"
#include "sim/formats/result_json.h"

#include <algorithm>

namespace stickyscope::cli {

int report(const ExperimentResult& result, const RunOptions& options,
           const std::vector<Assertion>& assertions)
{
    const std::string json = toJson(result);
    if (!options.json.empty()) {
        if (const auto written = writeFile(options.json, json); !written) {
            complain(written.error());
            return wrongUse;
        }
    }
    if (options.json != "-")
        print(summaryOf(result));
    int status = done;
    for (const Assertion& assertion : assertions) {
        const Assertion::Finding found = assertion.check(json);
        if (found.kind == Assertion::Finding::Kind::holds)
            continue;
        complain(found.sentence);
        status = std::max<int>(status,
                               found.kind == Assertion::Finding::Kind::fails ? notMet : wrongUse);
    }
    return status;
}

bool understood(const std::vector<Assertion>& assertions, const ExperimentResult& result)
{
    if (assertions.empty())
        return true;
    const std::string json = toJson(result);
    return std::all_of(assertions.begin(), assertions.end(), [&json](const Assertion& assertion) {
        const Assertion::Finding found = assertion.check(json);
        const bool names = found.kind != Assertion::Finding::Kind::namesNothing;
        if (!names)
            complain(found.sentence);
        return names;
    });
}

} // namespace stickyscope::cli
