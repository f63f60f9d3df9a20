// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/console.h"

#include "app/cli/verbs.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/formats/text_file.h"
#include "sim/live/target_class.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unistd.h>

namespace stickyscope::cli {

namespace {

std::atomic<bool> interruptSeen {false};
std::atomic<LineWriter*> writerBeside {nullptr};

long long millisecondsNow()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

} // namespace

std::string printable(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (const char letter : text) {
        const auto octet = static_cast<unsigned char>(letter);
        result +=
            (octet < 0x20 && letter != '\n' && letter != '\t') || octet == 0x7f ? '?' : letter;
    }
    return result;
}

std::string printableLine(std::string_view text)
{
    std::string result = printable(text);
    std::replace_if(
        result.begin(), result.end(), [](char letter) { return letter == '\n' || letter == '\t'; },
        '?');
    return result;
}

void print(std::string_view text)
{
    if (LineWriter* writer = writerBeside)
        writer->add(text);
    else
        std::cout << printable(text) << std::flush;
}

PrintsBeside::PrintsBeside(Form form)
    : m_writer(STDOUT_FILENO, [form](std::size_t count) {
        const std::string number = std::to_string(count);
        return form == Form::json ? "{\"dropped\":" + number + "}\n"
                                  : number + " lines dropped, as nobody read them\n";
    })
{
    std::cout.flush();
    writerBeside = &m_writer;
}

PrintsBeside::~PrintsBeside()
{
    writerBeside = nullptr;
    if (!m_writer.end())
        std::cout.setstate(std::ios::badbit);
}

void complain(std::string_view text)
{
    std::cerr << "stickyscope: " << printable(text) << "\n";
}

bool isPermitted(const std::string& host, const std::vector<std::string>& permitted)
{
    return live::namesThisMachine(host)
        || std::find(permitted.begin(), permitted.end(), host) != permitted.end();
}

std::string notThisMachine(const std::string& host, const std::string& may)
{
    return host + " is not this machine; say --i-may-test " + host + " if you may " + may + " it";
}

Outcome<std::string> readFile(const std::string& path)
{
    if (path != "-")
        return readTextFile(path, path);
    std::ostringstream text;
    text << std::cin.rdbuf();
    return text.str();
}

Outcome<std::string> writeFile(const std::string& path, const std::string& text)
{
    if (path == "-") {
        std::cout << text << std::flush;
        return path;
    }
    std::ofstream file(path, std::ios::binary);
    file << text << std::flush;
    if (!file)
        return Outcome<std::string>::failure(path + ": the file cannot be written");
    return path;
}

Outcome<Scenario> loadScenario(const std::string& path)
{
    const auto text = readFile(path);
    if (!text)
        return Outcome<Scenario>::failure(text.error());
    return readScenario(*text, std::filesystem::path(path).filename().string());
}

int finish(int status)
{
    std::cout.flush();
    if (std::cout)
        return status;
    complain("standard output cannot be written");
    return wrongUse;
}

void watchForInterrupt()
{
    struct sigaction action
    {
    };
    action.sa_handler = [](int) { interruptSeen = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND); // a second Ctrl-C ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool interrupted()
{
    const LineWriter* writer = writerBeside;
    return interruptSeen || (writer && writer->failed());
}

Progress::Progress()
    : m_began(millisecondsNow())
    , m_terminal(isatty(STDERR_FILENO) == 1)
{
}

Progress::~Progress()
{
    if (m_shown)
        std::cerr << "\r\033[K" << std::flush;
}

void Progress::show(double share, std::string_view what)
{
    const long long now = millisecondsNow();
    if (!m_terminal || now - m_began < 1000 || now - m_last < 200)
        return;
    m_last = now;
    m_shown = true;
    std::cerr << "\r\033[K" << static_cast<int>(share * 100) << " %  " << printable(what)
              << std::flush;
}

} // namespace stickyscope::cli
