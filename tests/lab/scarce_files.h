// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <iterator>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace stickyscope::test {

/// That this program has open.
inline std::size_t openDescriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// While it lives this program can open no file: all that it may have are open.
class ScarceFiles
{
public:
    ScarceFiles()
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit few = m_before;
        m_held.push_back(::dup(0));
        few.rlim_cur = static_cast<rlim_t>(m_held.front()) + 1;
        ::setrlimit(RLIMIT_NOFILE, &few);
        for (int held = ::dup(0); held >= 0; held = ::dup(0))
            m_held.push_back(held);
    }
    ScarceFiles(const ScarceFiles&) = delete;
    ScarceFiles& operator=(const ScarceFiles&) = delete;
    ~ScarceFiles()
    {
        for (const int held : m_held)
            ::close(held);
        ::setrlimit(RLIMIT_NOFILE, &m_before);
    }

private:
    rlimit m_before {};
    std::vector<int> m_held;
};

} // namespace stickyscope::test
