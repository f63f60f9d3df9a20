// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

#include <filesystem>
#include <string>
#include <vector>

namespace stickyscope::lab {

/// A program that runs in a folder of its own, leads a process group, and gets a signal when we
/// end, however we end. That signal also follows the
/// thread that started it.
class ManagedProcess
{
public:
    /// `lastSignal` is what ends it, and all processes of its own, at once. What it says goes to
    /// the file "said" in the folder.
    ManagedProcess(const std::string& program, const std::vector<std::string>& arguments,
                   std::filesystem::path folder, int lastSignal);
    ManagedProcess(const ManagedProcess&) = delete;
    ManagedProcess& operator=(const ManagedProcess&) = delete;
    /// Ends it, within a second.
    ~ManagedProcess();

    /// Empty, or what went wrong.
    std::string start();
    bool running() const { return m_process.state() == QProcess::Running; }
    long long id() const { return m_id; } ///< of its group too; 0 before start()
    void signal(int number) const;
    /// The last line that it said, for an error line of ours: "it said: ...", or that it said
    /// nothing.
    std::string lastWords() const;

private:
    std::filesystem::path m_folder;
    int m_lastSignal;
    QProcess m_process;
    long long m_id = 0;
};

/// The program of this name on the PATH, or where Debian has what only root should start; `given`
/// where that is not empty. Empty where there is none.
std::string findProgram(std::string_view name, const std::string& given);

} // namespace stickyscope::lab
