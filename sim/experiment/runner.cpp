// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/runner.h"

#include <algorithm>
#include <utility>

namespace stickyscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto beat = std::chrono::milliseconds(5);
// After a pause of the machine the experiment goes on from where it was.
constexpr auto longestCatchUp = std::chrono::milliseconds(100);
constexpr int copiesKept = 60;

} // namespace

Runner::Runner(std::function<Experiment()> make)
    : m_make(std::move(make))
    , m_snapshot(std::make_shared<Snapshot>())
{
    begin();
    makeSnapshot();
    m_thread = std::thread([this] { run(); });
}

Runner::~Runner()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

void Runner::ask(Request request)
{
    {
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(std::move(request));
    }
    m_wake.notify_one();
}

void Runner::play()
{
    {
        const std::lock_guard lock(m_mutex);
        m_playing = true;
    }
    ask([this] { m_last = Clock::now(); });
}

void Runner::pause()
{
    const std::lock_guard lock(m_mutex);
    m_playing = false;
}

void Runner::setSpeed(double speed)
{
    const std::lock_guard lock(m_mutex);
    m_speed = speed;
}

void Runner::step()
{
    pause();
    ask([this] {
        if (const Instant next = m_experiment->nextEvent(); next != Instant::max())
            m_experiment->advance(std::max(next - m_experiment->now(), Duration::zero()));
    });
}

void Runner::goBack(Duration by)
{
    pause();
    ask([this, by] { replayTo(std::max(m_experiment->now() - by, Instant {})); });
}

void Runner::reset()
{
    pause();
    ask([this] { begin(); });
}

std::optional<Intervention> Runner::takeBack()
{
    std::optional<Intervention> taken;
    {
        const std::lock_guard lock(m_mutex);
        if (m_byHand.empty())
            return taken;
        taken = m_byHand.back().second;
        m_byHand.pop_back();
    }
    ask([this] {
        if (m_applied.empty())
            return;
        const Instant then = m_applied.back().first;
        m_applied.pop_back();
        replayTo(then);
    });
    return taken;
}

void Runner::apply(const Intervention& intervention)
{
    ask([this, intervention] {
        m_applied.emplace_back(m_experiment->now(), intervention);
        applyNow(intervention);
    });
}

void Runner::applyNow(const Intervention& intervention)
{
    m_experiment->apply(intervention);
    m_experiment->advance({}); // shows at once, also while paused
}

void Runner::renameReplica(ReplicaIndex replica, const std::string& name)
{
    ask([this, replica, name] { m_experiment->renameReplica(replica, name); });
}

std::shared_ptr<const Snapshot> Runner::snapshot()
{
    std::shared_ptr<const Snapshot> newest;
    {
        const std::lock_guard lock(m_mutex);
        newest = m_snapshot;
        m_snapshotWanted = true;
    }
    m_wake.notify_one();
    return newest;
}

bool Runner::playing() const
{
    const std::lock_guard lock(m_mutex);
    return m_playing;
}

std::vector<std::pair<Instant, Intervention>> Runner::byHand() const
{
    const std::lock_guard lock(m_mutex);
    return m_byHand;
}

void Runner::begin()
{
    m_experiment.emplace(m_make());
    m_copies.clear();
    m_applied.clear();
    keepCopy();
}

void Runner::keepCopy()
{
    const Duration apart = m_experiment->scenario().duration / copiesKept;
    if (!m_copies.empty() && m_experiment->now() < m_copies.back().experiment.now() + apart)
        return;
    if (auto copy = m_experiment->clone())
        m_copies.push_back({std::move(*copy), m_applied.size()});
}

void Runner::replayTo(Instant target)
{
    // Nor do copies serve that have seen what was taken back since.
    while (m_copies.size() > 1
           && (m_copies.back().experiment.now() > target
               || m_copies.back().applied > m_applied.size()))
        m_copies.pop_back();
    if (m_copies.empty())
        return; // this world cannot be copied
    m_experiment = m_copies.back().experiment.clone();
    std::size_t applied = m_copies.back().applied;
    for (; applied < m_applied.size() && m_applied[applied].first <= target; ++applied) {
        // As it was: at the beginning nothing has happened yet.
        const Duration before = m_applied[applied].first - m_experiment->now();
        if (before > Duration::zero())
            m_experiment->advance(before);
        applyNow(m_applied[applied].second);
    }
    m_applied.resize(applied);
    m_experiment->advance(target - m_experiment->now());
}

void Runner::makeSnapshot()
{
    auto made = m_experiment->snapshot();
    const std::lock_guard lock(m_mutex);
    m_snapshot = std::move(made);
    m_byHand = m_applied;
    m_snapshotWanted = false;
}

void Runner::advanceWithClock()
{
    double speed = 1;
    {
        const std::lock_guard lock(m_mutex);
        speed = m_speed;
    }
    const auto before = Clock::now();
    if (speed == asFastAsPossible) {
        m_experiment->advance(m_slice);
        // Slices of about one beat: requests and snapshots are not kept waiting.
        const auto took = Clock::now() - before;
        m_slice = took > beat ? std::max<Duration>(m_slice / 2, std::chrono::microseconds(10))
                              : m_slice * 2;
        m_slice = std::min<Duration>(m_slice, std::chrono::seconds(60));
    } else {
        const auto passed = std::min<Clock::duration>(before - m_last, longestCatchUp);
        m_experiment->advance(
            Duration {static_cast<Duration::rep>(static_cast<double>(passed.count()) * speed)});
    }
    m_last = before;
    keepCopy();
}

void Runner::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_ending) {
        const bool moving = m_playing && !m_experiment->finished();
        if (m_playing && !moving && m_requests.empty())
            m_playing = false;
        if (moving && m_speed != asFastAsPossible)
            m_wake.wait_for(lock, beat, [this] { return m_ending || !m_requests.empty(); });
        else if (!moving)
            m_wake.wait(lock, [this] {
                return m_ending || m_playing || m_snapshotWanted || !m_requests.empty();
            });
        std::deque<Request> requests;
        requests.swap(m_requests);
        const bool advance = moving && m_playing && !m_ending;
        lock.unlock();
        const bool asked = !requests.empty();
        for (const Request& request : requests)
            request();
        if (advance)
            advanceWithClock();
        lock.lock();
        if (m_snapshotWanted || asked) {
            lock.unlock();
            makeSnapshot();
            lock.lock();
        }
    }
}

} // namespace stickyscope
