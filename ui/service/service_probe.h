// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/live/prober.h"
#include "sim/live/verdict.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <memory>

namespace stickyscope {

/// Asks a service on a thread of its own: the probe with its verdict, or one request that is sent
/// a single time.
class ServiceProbe : public QObject
{
    Q_OBJECT

public:
    explicit ServiceProbe(QObject* parent);
    /// Ends what is under way.
    ~ServiceProbe() override;

    bool running() const { return m_thread && m_thread->isRunning(); }
    void probe(const live::Target& target, const live::Prober::Options& options);
    void sendOnce(const live::Target& target, const live::IdentityRule& identity);
    /// No signal follows but stopped().
    void stop() { m_stopAsked = true; }

signals:
    void progressed(double share);
    void judged(const stickyscope::live::ProbeEvidence& evidence,
                const stickyscope::live::Verdict& verdict, const std::string& address,
                const std::string& cookieFile);
    void sentOnce(const stickyscope::wire::Exchange& exchange, const std::string& replica);
    void stopped();

private:
    void start(std::function<void()> work);

    std::unique_ptr<QThread> m_thread;
    std::atomic<bool> m_stopAsked {false};
};

} // namespace stickyscope
