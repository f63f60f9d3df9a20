// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/text_file.h"

#include <fstream>
#include <sstream>
#include <system_error>

namespace stickyscope {

Outcome<std::string> readTextFile(const std::filesystem::path& path, const std::string& shown)
{
    const auto failure = [&shown](const char* why) {
        return Outcome<std::string>::failure(shown + ": " + why);
    };
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return failure("this is a folder");
    if (!std::filesystem::exists(path, error))
        return failure("there is no such file");
    if (!std::filesystem::is_regular_file(path, error))
        return failure("this is no regular file");
    if (std::filesystem::file_size(path, error) > largestTextFile)
        return failure("the file is larger than 64 MiB");
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    // An empty file makes `text` fail, not `file`.
    if (!file)
        return failure("the file cannot be read");
    return text.str();
}

} // namespace stickyscope
