// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/private_folder.h"

#include "sim/lab/managed/text_of.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace stickyscope::lab {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "stickyscope-managed-";
constexpr const char* lockName = "stickyscope.lock";
constexpr const char* processesName = "stickyscope.processes";
constexpr const char* memoryName = "stickyscope.memory";
constexpr std::string_view sharedMemory = "/dev/shm/"; // shm_overview(7)

// When the process began, in the kernel's ticks: a number that is given out again names another
// process. Empty where there is none. (proc(5), /proc/pid/stat, field 22)
std::string startOf(long long process)
{
    const std::string text = textOf("/proc/" + std::to_string(process) + "/stat");
    const auto name = text.rfind(')');
    // One that has ended stands there until its parent has heard of it.
    if (name == std::string::npos || text.substr(name, 3) == ") Z")
        return {};
    std::size_t at = name + 1;
    for (int field = 3; field <= 22 && at != std::string::npos; ++field)
        at = text.find(' ', at + (field > 3 ? 1U : 0U));
    if (at == std::string::npos)
        return {};
    return text.substr(at + 1, text.find(' ', at + 1) - at - 1);
}

// What it shares, that is: it may have been started from a file there, which is the user's.
// (proc(5), /proc/pid/maps: range, permissions with "s" for shared, offset, device, inode, path)
void noteMemory(const fs::path& folder, long long process)
{
    std::istringstream maps(textOf("/proc/" + std::to_string(process) + "/maps"));
    std::set<std::string> names;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::string permissions;
        std::string skipped;
        std::string path;
        fields >> skipped >> permissions >> skipped >> skipped >> skipped >> std::ws;
        std::getline(fields, path);
        const bool isOwn = permissions.ends_with('s') && path.starts_with(sharedMemory)
            && path.find('/', sharedMemory.size()) == std::string::npos;
        if (isOwn && !path.ends_with(" (deleted)"))
            names.insert(path.substr(sharedMemory.size()));
    }
    std::ofstream file(folder / memoryName, std::ios::app);
    for (const std::string& name : names)
        file << name << '\n';
}

// Its whole group: a process that we start leads one. Who was told to end when his parent did may
// need a moment to remove what he has outside of the folder (Apache its shared memory), which on a
// busy machine is not a short one.
void endProcesses(const fs::path& folder)
{
    constexpr int moments = 600;
    std::ifstream file(folder / processesName);
    long long process = 0;
    std::string start;
    while (file >> process >> start) {
        const auto lives = [&] { return process > 1 && startOf(process) == start; };
        if (lives())
            noteMemory(folder, process);
        for (int moment = 0; moment < moments && lives(); ++moment)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (lives())
            kill(static_cast<pid_t>(-process), SIGKILL);
    }
}

void removeMemory(const fs::path& folder)
{
    std::ifstream file(folder / memoryName);
    std::error_code error;
    for (std::string name; std::getline(file, name);)
        fs::remove(std::string(sharedMemory) + name, error);
}

int lockOf(const fs::path& folder, int flags)
{
    const int lock =
        open((folder / lockName).c_str(), flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
        return lock;
    if (lock >= 0)
        close(lock);
    return -1;
}

bool isOurs(const fs::path& folder)
{
    struct stat status
    {
    };
    return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode)
        && status.st_uid == geteuid() && (status.st_mode & 077U) == 0;
}

} // namespace

Outcome<std::unique_ptr<PrivateFolder>> PrivateFolder::make()
{
    using Made = Outcome<std::unique_ptr<PrivateFolder>>;
    // Until it is locked, the sweep of another program may take it for one that was left.
    constexpr int attempts = 10;
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        std::string name = (where / prefix).string() + "XXXXXX";
        if (error || !mkdtemp(name.data()))
            return Made::failure("no temporary folder can be made in " + where.string());
        const int lock = lockOf(name, O_CREAT | O_EXCL);
        if (lock >= 0)
            return std::unique_ptr<PrivateFolder>(new PrivateFolder(name, lock));
        fs::remove_all(name, error);
        error.clear();
    }
    return Made::failure("no file can be made in a folder of " + where.string());
}

PrivateFolder::~PrivateFolder()
{
    // A process that is just ending may have written one more file meanwhile.
    constexpr int attempts = 20;
    std::error_code error;
    removeMemory(m_path);
    for (int attempt = 0; attempt < attempts; ++attempt) {
        fs::remove_all(m_path, error);
        if (!error)
            break;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    close(m_lock);
}

std::string PrivateFolder::write(const std::string& name, const std::string& text) const
{
    const fs::path path = m_path / name;
    const fs::path fresh = path.string() + ".new";
    std::ofstream file(fresh, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    std::error_code error;
    if (file)
        fs::rename(fresh, path, error);
    return file && !error ? "" : path.string() + ": the file cannot be written";
}

void PrivateFolder::remember(long long process) const
{
    std::ofstream file(m_path / processesName, std::ios::app);
    file << process << ' ' << startOf(process) << '\n';
}

void PrivateFolder::rememberMemory(long long process) const
{
    noteMemory(m_path, process);
}

void PrivateFolder::sweep()
{
    std::error_code error;
    const fs::path where = fs::temp_directory_path(error);
    if (error)
        return;
    for (const auto& entry : fs::directory_iterator(where, error)) {
        if (!entry.path().filename().string().starts_with(prefix) || !isOurs(entry.path()))
            continue;
        const int lock = lockOf(entry.path(), 0);
        if (lock < 0)
            continue;
        endProcesses(entry.path());
        removeMemory(entry.path());
        fs::remove_all(entry.path(), error);
        close(lock);
    }
}

} // namespace stickyscope::lab
