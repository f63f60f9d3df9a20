// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/request_explainer.h"

#include "ui/format.h"

namespace stickyscope {

RequestExplainer::RequestExplainer(QObject* parent)
    : QObject(parent)
{
}

RequestExplainer::~RequestExplainer()
{
    stop();
}

void RequestExplainer::stop()
{
    if (m_stopped)
        *m_stopped = true;
    if (m_thread)
        m_thread->wait();
}

void RequestExplainer::explain(const ModelRun& run, LaneIndex lane, RequestOf request)
{
    stop();
    m_stopped = std::make_shared<std::atomic<bool>>(false);
    m_thread.reset(QThread::create([this, run, lane, request, stopped = m_stopped] {
        ExplanationTerms terms = run.terms;
        terms.stopped = [stopped] { return stopped->load(); };
        const auto found = explainRequest(run.scenario, lane, request, terms);
        QMetaObject::invokeMethod(this, [this, found, stopped] {
            if (*stopped)
                return;
            if (found)
                emit explained(*found);
            else
                emit failed(fromCore(found.error()));
        });
    }));
    m_thread->start();
}

} // namespace stickyscope
