// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/managed_process.h"

#include <QStandardPaths>

#include <csignal>
#include <fstream>
#include <sys/prctl.h>
#include <unistd.h>

namespace stickyscope::lab {

namespace {

constexpr int stopMilliseconds = 700;

QString inQt(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

ManagedProcess::ManagedProcess(const std::string& program,
                               const std::vector<std::string>& arguments,
                               std::filesystem::path folder, int lastSignal)
    : m_folder(std::move(folder))
    , m_lastSignal(lastSignal)
{
    QStringList words;
    for (const std::string& argument : arguments)
        words.append(inQt(argument));
    m_process.setProgram(inQt(program));
    m_process.setArguments(words);
    m_process.setWorkingDirectory(inQt(m_folder.string()));
    // Whatever it keeps by itself stays in the folder as well.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TMPDIR"})
        environment.insert(QString::fromLatin1(name), inQt(m_folder.string()));
    m_process.setProcessEnvironment(environment);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setStandardOutputFile(inQt((m_folder / "said").string()), QIODevice::Append);
    const pid_t parent = getpid();
    m_process.setChildProcessModifier([lastSignal, parent] {
        setpgid(0, 0);
        // It comes to one that begins once he waits for signals, and so removes what he has made.
        sigset_t last;
        sigemptyset(&last);
        sigaddset(&last, lastSignal);
        sigprocmask(SIG_BLOCK, &last, nullptr);
        prctl(PR_SET_PDEATHSIG, lastSignal);
        if (getppid() != parent) // it ended before the line above
            _exit(1);
    });
}

ManagedProcess::~ManagedProcess()
{
    if (m_id <= 0)
        return;
    const auto group = static_cast<pid_t>(-m_id);
    signal(m_lastSignal);
    if (!m_process.waitForFinished(stopMilliseconds)) {
        kill(group, SIGKILL);
        m_process.waitForFinished(stopMilliseconds);
    }
    // Processes of its own that have outlived it.
    kill(group, SIGKILL);
}

std::string ManagedProcess::start()
{
    m_process.start();
    if (m_process.waitForStarted()) {
        m_id = m_process.processId();
        return {};
    }
    return m_process.program().toStdString() + ": " + m_process.errorString().toStdString();
}

void ManagedProcess::signal(int number) const
{
    if (running())
        kill(static_cast<pid_t>(id()), number);
}

std::string ManagedProcess::lastWords() const
{
    std::ifstream file(m_folder / "said");
    std::string last;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty())
            last = line;
    }
    return last.empty() ? "it said nothing" : "it said: " + last.substr(0, 300);
}

std::string findProgram(std::string_view name, const std::string& given)
{
    const QString wanted =
        given.empty() ? QString::fromUtf8(name.data(), static_cast<int>(name.size())) : inQt(given);
    QString found = QStandardPaths::findExecutable(wanted);
    if (found.isEmpty() && given.empty())
        found = QStandardPaths::findExecutable(
            wanted, {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin")});
    return found.toStdString();
}

} // namespace stickyscope::lab
