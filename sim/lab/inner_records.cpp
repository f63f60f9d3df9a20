// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/inner_records.h"

#include <utility>

namespace stickyscope::lab {

namespace {

// Whoever is in front may have gone before it told.
constexpr std::size_t mostKept = 10'000;

} // namespace

// Of several attempts the last one counts.
void InnerRecords::keep(ProxyRecord record)
{
    if (m_kept.size() >= mostKept)
        m_kept.clear();
    std::string id = record.requestId;
    m_kept.insert_or_assign(std::move(id), std::move(record));
}

void InnerRecords::joinTo(ProxyRecord& inFront)
{
    const auto found = m_kept.find(inFront.requestId);
    if (found == m_kept.end())
        return;
    ProxyRecord inner = std::move(found->second);
    m_kept.erase(found);
    // Where it failed on the way there, the one in front has the last word.
    if (!inFront.passedOn)
        return;
    inFront.through.push_back(inner.balancer);
    inFront.through.insert(inFront.through.end(), inner.through.begin(), inner.through.end());
    if (inFront.rule)
        inFront.rulesBefore.push_back(inFront.rule);
    inFront.rulesBefore.insert(inFront.rulesBefore.end(), inner.rulesBefore.begin(),
                               inner.rulesBefore.end());
    inFront.rule = inner.rule;
    inFront.replica = inner.replica;
    inFront.cookieIn = inner.cookieIn;
    inFront.ledger = inner.ledger;
    inFront.answered = inner.answered;
    if (inFront.cookieOut == CookieOut::none)
        inFront.cookieOut = inner.cookieOut;
    if (inFront.failure == Failure::none)
        inFront.failure = inner.failure;
    if (inFront.why.empty())
        inFront.why = std::move(inner.why);
}

} // namespace stickyscope::lab
