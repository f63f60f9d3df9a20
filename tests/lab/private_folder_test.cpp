// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/private_folder.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace stickyscope;
namespace fs = std::filesystem;

namespace {

// A file in shared memory, mapped as a program's pieces are (MAP_SHARED) or as the file is that it
// was started from (MAP_PRIVATE).
class Mapped
{
public:
    Mapped(const std::string& name, int flags)
        : path("/dev/shm/stickyscope-" + name + "-" + std::to_string(getpid()))
    {
        const int file = open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
        REQUIRE(file >= 0);
        REQUIRE(ftruncate(file, size) == 0);
        m_memory = mmap(nullptr, size, PROT_READ, flags, file, 0);
        close(file);
        REQUIRE(m_memory != MAP_FAILED);
    }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;
    ~Mapped()
    {
        munmap(m_memory, size);
        std::error_code error;
        fs::remove(path, error);
    }

    const fs::path path;

private:
    static constexpr std::size_t size = 4096;
    void* m_memory = nullptr;
};

} // namespace

TEST_CASE("What a process shares goes with its folder; a file that it was started from stays")
{
    const Mapped piece("piece", MAP_SHARED);
    const Mapped program("program", MAP_PRIVATE);
    fs::path where;
    {
        const auto folder = lab::PrivateFolder::make();
        REQUIRE(folder);
        where = (*folder)->path();
        (*folder)->rememberMemory(getpid());
    }
    CHECK_FALSE(fs::exists(piece.path));
    CHECK(fs::exists(program.path));
    CHECK_FALSE(fs::exists(where));
}
