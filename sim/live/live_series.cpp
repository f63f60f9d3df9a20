// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/live_series.h"

#include "sim/model/follow_up.h"

#include <algorithm>

namespace stickyscope::live {

LiveSeries::Sent LiveSeries::send()
{
    const bool logsOut =
        m_terms.logoutAfter > 0 && !m_loggingOut && m_sinceLogout + 1 >= m_terms.logoutAfter;
    m_loggingOut = m_loggingOut || logsOut;
    return {.ordinal = m_ordinal++, .session = m_session, .logsOut = logsOut};
}

void LiveSeries::failed(const Sent& request)
{
    if (request.logsOut)
        m_loggingOut = false;
}

// The replica's word counts where it was asked for the session that there is. Requests side by side
// may have been sent for another one, or before there was any.
SessionMark LiveSeries::markOf(const Sent& request, SessionMark said,
                               const std::string& replica) const
{
    if (request.session == m_session || (m_terms.refused && said == SessionMark::broken))
        return said;
    if (m_session.empty())
        return SessionMark::begins;
    return followUpAt(m_terms.store ? m_terms.store(replica) : SessionStore::inMemory,
                      replica == m_holder);
}

LiveSeries::Judged LiveSeries::answered(const Sent& request, std::string_view said,
                                        const std::string& replica)
{
    const auto space = std::min(said.find(' '), said.size());
    SessionMark mark = SessionMark::none;
    for (const SessionMark one : {SessionMark::begins, SessionMark::met, SessionMark::broken}) {
        if (nameOf(one) == said.substr(0, space))
            mark = one;
    }
    Judged judged {.mark = markOf(request, mark, replica)};
    const bool refused = m_terms.refused && judged.mark == SessionMark::broken;
    if (refused) {
        judged.endsSession = request.session == m_session;
    } else if (judged.mark != SessionMark::met) {
        m_session = said.substr(std::min(space + 1, said.size()));
        m_holder = replica;
        m_answered = 0;
    }
    if (!refused)
        judged.endsSession = ++m_answered == m_terms.sessionRequests;
    ++m_sinceLogout;
    if (request.logsOut) {
        m_loggingOut = false;
        m_sinceLogout = 0;
        judged.endsSession = true;
    }
    if (judged.endsSession)
        endSession();
    return judged;
}

void LiveSeries::endSession()
{
    m_session.clear();
    m_holder.clear();
    m_answered = 0;
}

} // namespace stickyscope::live
