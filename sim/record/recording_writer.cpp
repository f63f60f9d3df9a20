// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/record/recording_writer.h"

#include "sim/record/recording.h"
#include "sim/record/recording_file.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace stickyscope::record {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto betweenCommits = std::chrono::milliseconds(500);
// Some 50 MB.
constexpr std::size_t mostWaiting = std::size_t {1} << 20U;

// Clients are looked at apart: they are many, and are never renamed.
bool sameLane(const Cast& one, const Cast& other)
{
    return one.replicas == other.replicas && one.balancer == other.balancer
        && one.balancers == other.balancers && one.notice == other.notice
        && one.sessionsVisible == other.sessionsVisible
        && one.stickyWithheld == other.stickyWithheld
        && one.decisionsVisible == other.decisionsVisible;
}

} // namespace

Outcome<std::shared_ptr<RecordingWriter>> RecordingWriter::create(const std::filesystem::path& path,
                                                                  Subject subject)
{
    using Result = Outcome<std::shared_ptr<RecordingWriter>>;
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
        if (!isRecording(path))
            return Result::failure(path.string()
                                   + ": a file that is no recording is there; it stays as it is");
        // Also what a killed run has left beside it, which SQLite would take for the new file's.
        for (const char* beside : {"", "-wal", "-shm", "-journal"})
            std::filesystem::remove(path.string() + beside, error);
    }
    std::shared_ptr<RecordingWriter> writer(new RecordingWriter(path, std::move(subject)));
    std::unique_lock lock(writer->m_mutex);
    writer->m_room.wait(lock, [&] { return writer->m_opened; });
    if (!writer->m_error.empty())
        return Result::failure(writer->m_error);
    lock.unlock();
    return writer;
}

RecordingWriter::RecordingWriter(std::filesystem::path path, Subject subject)
    : m_path(std::move(path))
    , m_subject(std::move(subject))
    , m_lanes(m_subject.scenario.lanes.size())
    , m_thread([this] { write(); })
{
}

RecordingWriter::~RecordingWriter()
{
    finish({});
}

void RecordingWriter::write()
{
    RecordingFile file(m_path, m_subject);
    auto committed = Clock::now();
    std::unique_lock lock(m_mutex);
    m_opened = true;
    while (true) {
        if (!file.error().empty())
            m_error = m_path.string() + ": the recording cannot be written: " + file.error();
        m_room.notify_all();
        m_wake.wait_for(lock, betweenCommits, [this] { return m_ending || !m_jobs.empty(); });
        if (m_ending && m_jobs.empty())
            break;
        const std::vector<Job> jobs = std::exchange(m_jobs, {});
        m_weight = 0;
        m_room.notify_all();
        lock.unlock();
        for (const Job& job : jobs) {
            job(file);
            if (Clock::now() - committed >= betweenCommits) {
                file.commit();
                committed = Clock::now();
            }
        }
        // Also when nothing more comes.
        if (jobs.empty()) {
            file.commit();
            committed = Clock::now();
        }
        lock.lock();
    }
}

void RecordingWriter::ask(Job job, std::size_t weight)
{
    std::unique_lock lock(m_mutex);
    m_room.wait(lock, [this] { return m_weight < mostWaiting; });
    if (m_ending)
        return;
    m_jobs.push_back(std::move(job));
    m_weight += weight;
    m_wake.notify_one();
}

void RecordingWriter::askForNames(std::size_t lane, const Cast& cast)
{
    Lane& known = m_lanes[lane];
    if (!sameLane(known.lane, cast)) {
        known.lane = cast;
        known.lane.clients.clear();
        known.lane.clientKinds.clear();
        ask([lane, cast = known.lane](RecordingFile& file) { file.setLane(lane, cast); },
            cast.replicas.size());
    }
    if (known.clients == cast.clients.size())
        return;
    ask([lane, cast,
         first = known.clients](RecordingFile& file) { file.addClients(lane, cast, first); },
        cast.clients.size());
    known.clients = cast.clients.size();
}

std::vector<NewText> RecordingWriter::newTexts(Lane& lane,
                                               std::span<const Observation> observations,
                                               const TextTable& texts)
{
    std::vector<NewText> result;
    lane.texts.resize(std::max(lane.texts.size(), texts.size()));
    const auto meet = [&](TextId id, NewText::Role role) {
        if (id == noText || lane.texts[raw(id)])
            return;
        lane.texts[raw(id)] = true;
        result.push_back({id, role, texts.text(id)});
    };
    // Between the two ends of a request its observations repeat either text: they do not say which.
    for (const Observation& one : observations) {
        if (one.kind == ObservationKind::sent)
            meet(one.cookie, NewText::Role::cookie);
        else if (one.kind == ObservationKind::answered || one.kind == ObservationKind::failed)
            meet(one.cookie, NewText::Role::setCookie);
        meet(one.rule, NewText::Role::rule);
    }
    return result;
}

void RecordingWriter::observed(std::size_t lane, std::span<const Observation> observations,
                               const Cast& cast, const TextTable& texts)
{
    askForNames(lane, cast);
    if (observations.empty())
        return;
    ask(
        [lane, added = newTexts(m_lanes[lane], observations, texts),
         batch = std::vector(observations.begin(), observations.end())](RecordingFile& file) {
            for (const NewText& text : added)
                file.addText(lane, text);
            file.add(lane, batch);
        },
        observations.size());
}

void RecordingWriter::intervened(Instant at, const Intervention& intervention)
{
    ask([at, intervention](RecordingFile& file) { file.add(at, intervention); }, 1);
}

void RecordingWriter::reached(Instant now)
{
    ask([now](RecordingFile& file) { file.setReached(now); }, 1);
}

std::string RecordingWriter::finish(const std::optional<std::string>& trace)
{
    if (m_thread.joinable()) {
        ask([trace](RecordingFile& file) { file.complete(trace); }, 1);
        {
            const std::lock_guard lock(m_mutex);
            m_ending = true;
        }
        m_wake.notify_one();
        m_thread.join();
    }
    return m_error;
}

} // namespace stickyscope::record
