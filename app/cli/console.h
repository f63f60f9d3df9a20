// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/line_writer.h"
#include "sim/model/outcome.h"
#include "sim/model/scenario.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::cli {

/// `text` without control characters, so that nothing from outside can move the cursor.
std::string printable(std::string_view text);
/// Likewise without line ends and tabulators, for what must not look like a line of ours.
std::string printableLine(std::string_view text);
/// Waits until it is written, but see PrintsBeside. Lost output makes finish() fail.
void print(std::string_view text);
/// "stickyscope: ..." on standard error.
void complain(std::string_view text);

/// How a verb that serves others prints: while it lives, print() only hands over to a thread, and
/// no reader holds the verb up. Once at a time; whoever prints on other threads ends before it.
class PrintsBeside
{
public:
    enum class Form : std::uint8_t
    {
        text,
        json
    };

    /// In which form the lines are, and so the one that says that some were dropped.
    explicit PrintsBeside(Form form);
    PrintsBeside(const PrintsBeside&) = delete;
    PrintsBeside& operator=(const PrintsBeside&) = delete;
    ~PrintsBeside();

private:
    LineWriter m_writer;
};

/// Whether requests may go to a host: this machine, or one that was named with --i-may-test.
bool isPermitted(const std::string& host, const std::vector<std::string>& permitted);
/// What is said where a host beyond this machine is not permitted: "use" it, or "test" it.
std::string notThisMachine(const std::string& host, const std::string& may);

/// The file's text; "-" is standard input.
Outcome<std::string> readFile(const std::string& path);
Outcome<std::string> writeFile(const std::string& path, const std::string& text);
/// Reads a scenario file.
Outcome<Scenario> loadScenario(const std::string& path);

/// The exit status of the whole program: lost output is never a success.
int finish(int status);

/// True once Ctrl-C was pressed (after watchForInterrupt()), or nobody can read any more what a
/// verb that serves others prints.
void watchForInterrupt();
bool interrupted();

/// One line on standard error, written over and over, while it is a terminal; shows itself only
/// after a second.
class Progress
{
public:
    Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    /// `share` from 0 to 1.
    void show(double share, std::string_view what);

private:
    long long m_began;
    long long m_last = 0;
    bool m_terminal;
    bool m_shown = false;
};

} // namespace stickyscope::cli
