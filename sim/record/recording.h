// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/experiment/experiment.h"
#include "sim/model/outcome.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stickyscope::record {

/// Whether a file says of itself that it is a recording; it may still be damaged.
bool isRecording(const std::filesystem::path& path);

/// A recording that was opened, checked through and through: what it says of itself, and its
/// observations, which stay in the file until they are read. Immutable, and may be used by several
/// threads. There must be a QCoreApplication.
class Recording
{
public:
    /// Where it cannot be played, one line: "x.stickyscope: there is no such file", "... this is
    /// not a recording", "... the recording is damaged", "... the recording is of a newer format".
    static Outcome<std::shared_ptr<const Recording>> open(const std::filesystem::path& path);

    /// What was run, without its secrets. It lasts as long as was recorded; of a live run it has
    /// the title and the lanes.
    const std::shared_ptr<const Scenario>& scenario() const { return m_scenario; }
    const std::string& world() const { return m_world; }
    /// The digest of the run, where one was asked for.
    const std::optional<std::string>& trace() const { return m_trace; }
    /// What was done by hand, in order.
    const std::vector<TimelineEntry>& byHand() const { return m_byHand; }
    const Cast& cast(std::size_t lane) const { return m_lanes[lane].cast; }
    const TextTable& texts(std::size_t lane) const { return m_lanes[lane].texts; }

    /// The next observations of a lane, at most `most`, behind the one that has the number
    /// `last`, which becomes that of the last one returned. Begins with 0.
    std::vector<Observation> read(std::size_t lane, std::int64_t& last, std::size_t most) const;

private:
    friend class RecordingReader;
    struct Lane
    {
        Cast cast;
        TextTable texts;
    };

    explicit Recording(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }

    std::filesystem::path m_path;
    std::shared_ptr<const Scenario> m_scenario;
    std::string m_world;
    std::optional<std::string> m_trace;
    std::vector<TimelineEntry> m_byHand;
    std::vector<Lane> m_lanes;
};

/// The recorded run once more: the same observations, so the same figures and pictures. What is
/// done by hand has no effect on it.
Experiment makeRecordedExperiment(const std::shared_ptr<const Recording>& recording,
                                  const ExperimentOptions& options);

} // namespace stickyscope::record
