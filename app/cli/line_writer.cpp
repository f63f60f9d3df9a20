// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/line_writer.h"

#include "app/cli/console.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <limits>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stickyscope::cli {

namespace {

constexpr std::size_t mostWaiting = std::size_t {1} << 20U;
constexpr std::chrono::milliseconds patience {300};
// How soon one who has stopped reading is looked for again.
constexpr int beat = 50; // milliseconds
// Between two batches: lines that come close together share a write, and need not wake the thread.
constexpr std::chrono::milliseconds together {10};

// A file takes everything. A pipe that poll() says is writable takes so much without blocking
// (pipe(7)), and so does a terminal; O_NONBLOCK would be everybody's who has the same terminal.
std::size_t pieceFor(int descriptor)
{
    struct stat status
    {
    };
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
        ? std::numeric_limits<std::size_t>::max()
        : PIPE_BUF;
}

} // namespace

LineWriter::LineWriter(int descriptor, Dropped dropped)
    : m_descriptor(descriptor)
    , m_piece(pieceFor(descriptor))
    , m_sayDropped(std::move(dropped))
    , m_thread([this] { run(); })
{
}

void LineWriter::add(std::string_view lines)
{
    bool wake = false;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_waiting.empty() && m_waiting.size() + lines.size() > mostWaiting) {
            ++m_dropped;
            return;
        }
        m_waiting += lines;
        wake = m_idle;
    }
    if (wake)
        m_news.notify_one();
}

bool LineWriter::end()
{
    if (!m_thread.joinable())
        return !m_failed;
    {
        const std::lock_guard lock(m_mutex);
        m_patientUntil = Clock::now() + patience;
        m_ending = true;
    }
    m_news.notify_one();
    m_thread.join();
    return !m_failed;
}

void LineWriter::run()
{
    std::string batch;
    std::unique_lock lock(m_mutex);
    while (true) {
        m_idle = true;
        m_news.wait(lock, [this] { return m_ending || !m_waiting.empty(); });
        m_idle = false;
        if (m_waiting.empty())
            return;
        if (m_dropped > 0)
            m_waiting += m_sayDropped(std::exchange(m_dropped, 0));
        std::swap(batch, m_waiting);
        lock.unlock();
        write(printable(batch));
        batch.clear();
        if (!m_ending)
            std::this_thread::sleep_for(together);
        lock.lock();
    }
}

void LineWriter::write(std::string_view text)
{
    while (!text.empty() && !m_failed) {
        pollfd asked {m_descriptor, POLLOUT, 0};
        if (::poll(&asked, 1, beat) < 1) {
            if (m_ending && Clock::now() > m_patientUntil)
                return;
            continue;
        }
        const auto count = ::write(m_descriptor, text.data(), std::min(text.size(), m_piece));
        if (count >= 0)
            text.remove_prefix(static_cast<std::size_t>(count));
        else
            m_failed = errno != EAGAIN && errno != EINTR;
    }
}

} // namespace stickyscope::cli
