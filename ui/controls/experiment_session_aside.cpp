// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that wait until their page is shown again.
#include "ui/controls/experiment_session.h"

#include <utility>

namespace stickyscope {

void ExperimentSession::setAside()
{
    if (!m_run.runner)
        return;
    m_run.goesOn = m_run.runner->playing();
    m_run.runner->pause();
    const Source source = m_run.source;
    m_run.last = m_run.runner->snapshot();
    const auto shown = m_run.last;
    m_aside[source] = std::exchange(m_run, {});
    // Until the next run has a picture of its own.
    m_run.last = shown;
}

bool ExperimentSession::bringBack(Source source)
{
    auto kept = m_aside.extract(source);
    if (kept.empty())
        return false;
    if (m_run.source == Source::lab)
        setAside();
    end();
    m_run = std::move(kept.mapped());
    m_run.runner->setSpeed(travels() ? m_speed : 1);
    if (m_run.goesOn)
        m_run.runner->play();
    emit scenarioChanged();
    return true;
}

void ExperimentSession::endAside(Source source)
{
    m_aside.erase(source);
}

} // namespace stickyscope
