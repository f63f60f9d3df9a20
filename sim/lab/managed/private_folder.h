// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/outcome.h"

#include <filesystem>
#include <memory>
#include <string>

namespace stickyscope::lab {

/// A folder for the files of one managed process, which only we can read. It is locked as long as
/// we live, and removed with this object; one that a killed program left is removed, and what runs
/// in it ended, by the next program's sweep().
class PrivateFolder
{
public:
    static Outcome<std::unique_ptr<PrivateFolder>> make();
    PrivateFolder(const PrivateFolder&) = delete;
    PrivateFolder& operator=(const PrivateFolder&) = delete;
    ~PrivateFolder();

    const std::filesystem::path& path() const { return m_path; }
    /// In one step, so that who watches the file never sees half of it. Empty, or what went wrong.
    std::string write(const std::string& name, const std::string& text) const;
    /// Notes a process that the next program ends, should we not come to it.
    void remember(long long process) const;
    /// Notes what a process has in shared memory by now, which is to go with this folder: one that
    /// ends in the middle of its work may leave it (Apache: its score board and its members).
    void rememberMemory(long long process) const;

    /// Looks for folders of programs that are gone. Call it before make().
    static void sweep();

private:
    PrivateFolder(std::filesystem::path path, int lock)
        : m_path(std::move(path))
        , m_lock(lock)
    {
    }

    std::filesystem::path m_path;
    int m_lock;
};

} // namespace stickyscope::lab
