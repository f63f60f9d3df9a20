// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/proxy_limits.h"
#include "sim/model/ids.h"
#include "sim/model/instant.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace stickyscope::lab {

class HealthProbe;
class ReplicaPool;

/// Asks each replica at once and then in even intervals, each time on a connection of its own.
class ActiveChecks
{
public:
    /// `why`: what it does instead of answering as it should, such as "refuses connections"; empty
    /// where it does.
    using Result = std::function<void(ReplicaIndex, const std::string& why)>;

    ActiveChecks(ActiveCheck check, Duration every, Result result);
    ActiveChecks(const ActiveChecks&) = delete;
    ActiveChecks& operator=(const ActiveChecks&) = delete;
    ~ActiveChecks();

    /// In the order of their numbers.
    void add(const ReplicaPool& replica, std::string host);
    void remove(ReplicaIndex replica); ///< not while a result is told
    void begin();

private:
    struct Target
    {
        const ReplicaPool* replica = nullptr;
        std::string host; ///< for the Host field
        std::unique_ptr<HealthProbe> probe; ///< null where it is not asked any more
    };

    void askAll();

    ActiveCheck m_check;
    Result m_result;
    std::vector<Target> m_targets;
    QTimer m_every;
};

} // namespace stickyscope::lab
