// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/sticky_owners.h"

namespace stickyscope::live {

namespace {

// Some balancers set a new value with every answer.
constexpr std::size_t mostOwners = 100'000;

} // namespace

ReplicaIndex StickyOwners::ownerOf(const std::string& value) const
{
    const auto found = m_owners.find(value);
    return found == m_owners.end() ? noReplica : found->second;
}

void StickyOwners::learn(const std::string& value, ReplicaIndex replica)
{
    if (m_owners.size() >= mostOwners)
        m_owners.clear();
    m_owners[value] = replica;
}

Ledger StickyOwners::judge(const std::string& sent, const std::string& set, ReplicaIndex replica)
{
    // Whoever set it is not known, and may be by the next answer.
    if (replica == noReplica)
        return Ledger::unidentified;
    Ledger ledger = Ledger::fresh;
    if (!sent.empty()) {
        const auto owner = m_owners.find(sent);
        // A cookie from before this run: a new value in its place says that it was not honoured.
        const bool honoured =
            owner == m_owners.end() ? set.empty() || set == sent : owner->second == replica;
        if (owner == m_owners.end() && honoured)
            learn(sent, replica);
        ledger = honoured ? Ledger::honoured : Ledger::replaced;
    }
    if (!set.empty())
        learn(set, replica);
    return ledger;
}

CookieOut cookieOutOf(const std::string& sent, const std::string& set, bool kept)
{
    if (set.empty())
        return CookieOut::none;
    if (!kept)
        return CookieOut::notKept;
    return sent.empty() ? CookieOut::inserted
        : sent == set   ? CookieOut::refreshed
                        : CookieOut::rewritten;
}

} // namespace stickyscope::live
