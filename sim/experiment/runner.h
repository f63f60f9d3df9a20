// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace stickyscope {

/// Runs an experiment on a thread of its own and paces it against the wall clock. Requests go in,
/// immutable snapshots come out; nobody waits for anybody. Pace never changes what comes out.
class Runner
{
public:
    static constexpr double asFastAsPossible = 0;

    /// `make` builds the experiment, on the runner's thread, at the start and at each reset.
    explicit Runner(std::function<Experiment()> make);
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    /// Ends the thread.
    ~Runner();

    void play();
    void pause();
    /// Experiment seconds for each second of the wall clock, or asFastAsPossible.
    void setSpeed(double speed);
    /// To the next event, and pauses.
    void step();
    /// Goes back in time, and pauses; what was done by hand until then is done again.
    void goBack(Duration by);
    /// To the beginning, and pauses.
    void reset();
    /// What was done by hand last is taken back: the run is again at that moment, without it, and
    /// goes on as it did. Nothing where nothing was done by hand until the newest snapshot.
    std::optional<Intervention> takeBack();
    void apply(const Intervention& intervention);
    void renameReplica(ReplicaIndex replica, const std::string& name);

    /// The newest snapshot, and asks for the next. Never null.
    std::shared_ptr<const Snapshot> snapshot();
    bool playing() const;
    /// What was done by hand until the newest snapshot, in order.
    std::vector<std::pair<Instant, Intervention>> byHand() const;

private:
    using Request = std::function<void()>;
    struct Copy
    {
        Experiment experiment;
        std::size_t applied; ///< how many of m_applied it has seen
    };

    void ask(Request request);
    void run();
    void advanceWithClock();
    void keepCopy();
    void applyNow(const Intervention& intervention);
    void replayTo(Instant target);
    void begin();
    void makeSnapshot();

    std::function<Experiment()> m_make;

    // The runner's thread alone:
    std::optional<Experiment> m_experiment;
    std::vector<Copy> m_copies; ///< to go back to, the oldest first
    std::vector<std::pair<Instant, Intervention>> m_applied; ///< by hand
    std::chrono::steady_clock::time_point m_last;
    Duration m_slice = std::chrono::milliseconds(10);

    // Under m_mutex:
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Request> m_requests;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::vector<std::pair<Instant, Intervention>> m_byHand; ///< m_applied, as of the snapshot
    double m_speed = 1;
    bool m_playing = false;
    bool m_snapshotWanted = false;
    bool m_ending = false;

    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace stickyscope
