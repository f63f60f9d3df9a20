// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/virtual/explanation.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <memory>

namespace stickyscope {

/// The model's run as it stands, for looking back at it.
struct ModelRun
{
    std::shared_ptr<const Scenario> scenario;
    ExplanationTerms terms; ///< without `stopped`
    Instant now {};
};

/// Looks back at one request of a run, on a thread of its own, for that begins at the beginning.
/// Who asks again is no longer interested in what was asked before.
class RequestExplainer : public QObject
{
    Q_OBJECT

public:
    explicit RequestExplainer(QObject* parent);
    ~RequestExplainer() override;

    void explain(const ModelRun& run, LaneIndex lane, RequestOf request);

signals:
    void explained(const stickyscope::Explanation& explanation);
    void failed(const QString& why);

private:
    void stop();

    std::unique_ptr<QThread> m_thread;
    std::shared_ptr<std::atomic<bool>> m_stopped; ///< of what is under way
};

} // namespace stickyscope
