// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/recording_sink.h"
#include "sim/model/outcome.h"
#include "sim/record/recording_parts.h"

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace stickyscope::record {

class RecordingFile;

/// Writes a recording (*.stickyscope, a SQLite file) on a thread of its own. Each second at the
/// latest what was observed is committed, so that a kill at any moment loses no more than that.
/// Where the disk is slower than the experiment, the experiment waits: nothing is lost.
class RecordingWriter final : public RecordingSink
{
public:
    /// Makes the file. A recording that is there is replaced, any other file is left alone, which
    /// is an error in one line, as is a folder that cannot be written. There must be a
    /// QCoreApplication.
    static Outcome<std::shared_ptr<RecordingWriter>> create(const std::filesystem::path& path,
                                                            Subject subject);
    RecordingWriter(const RecordingWriter&) = delete;
    RecordingWriter& operator=(const RecordingWriter&) = delete;
    /// Completes the file where finish() was not called.
    ~RecordingWriter() override;

    void observed(std::size_t lane, std::span<const Observation> observations, const Cast& cast,
                  const TextTable& texts) override;
    void intervened(Instant at, const Intervention& intervention) override;
    void reached(Instant now) override;

    /// Completes the file, with the run's digest where it has one. Nothing may come after it.
    /// Where anything could not be written, one line; else empty.
    std::string finish(const std::optional<std::string>& trace);

private:
    using Job = std::function<void(RecordingFile&)>;
    /// What the file knows of a lane already.
    struct Lane
    {
        Cast lane; ///< but for its clients
        std::size_t clients = 0;
        std::vector<bool> texts;
    };

    RecordingWriter(std::filesystem::path path, Subject subject);
    void write();
    void ask(Job job, std::size_t weight);
    void askForNames(std::size_t lane, const Cast& cast);
    std::vector<NewText> newTexts(Lane& lane, std::span<const Observation> observations,
                                  const TextTable& texts);

    const std::filesystem::path m_path;
    const Subject m_subject;
    std::vector<Lane> m_lanes;

    // Under m_mutex:
    std::mutex m_mutex;
    std::condition_variable m_wake; ///< the writer's
    std::condition_variable m_room; ///< the experiment's
    std::vector<Job> m_jobs;
    std::size_t m_weight = 0; ///< observations in m_jobs
    bool m_opened = false;
    bool m_ending = false;
    std::string m_error;

    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace stickyscope::record
