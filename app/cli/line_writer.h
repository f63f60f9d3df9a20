// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace stickyscope::cli {

/// Writes lines from a thread of its own, so that a reader who stops (Ctrl-S, a pager, a pipe that
/// is full) holds up nobody who adds some. A mebibyte waits at most: what comes beyond it is
/// dropped, and a line in its place says how much that was.
class LineWriter
{
public:
    /// Makes the line, with its end, that says that so many were dropped.
    using Dropped = std::function<std::string(std::size_t)>;

    LineWriter(int descriptor, Dropped dropped);
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;
    ~LineWriter() { end(); }

    /// Lines with their ends, one call for one that is not to be cut; printable() is their thread's
    /// matter. From any thread.
    void add(std::string_view lines);
    /// Whether nobody can read it any more.
    bool failed() const { return m_failed; }
    /// Writes what waits, for a third of a second at most. False where it could not be written; a
    /// reader who has stopped is no failure. Nothing may be added after it.
    bool end();

private:
    using Clock = std::chrono::steady_clock;

    void run();
    void write(std::string_view text);

    int m_descriptor;
    std::size_t m_piece; ///< octets that can be written at once without waiting
    Dropped m_sayDropped;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::string m_waiting;
    std::size_t m_dropped = 0;
    bool m_idle = false; ///< the thread waits to be told
    std::atomic<bool> m_ending = false;
    Clock::time_point m_patientUntil; ///< once it is ending
    std::atomic<bool> m_failed = false;
    std::thread m_thread;
};

} // namespace stickyscope::cli
