// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/session_memory.h"

#include <QRandomGenerator>
#include <QString>

#include <utility>

namespace stickyscope::lab {

std::string SessionMemory::newName()
{
    const quint64 random = QRandomGenerator::system()->generate64();
    return QString::number(random, 16).toStdString() + "n" + std::to_string(++m_count);
}

SessionMemory::Found SessionMemory::meet(std::string_view name, std::string fresh, bool refuses)
{
    const bool follows = name != "new" && !name.empty();
    // Shared state is never lost; with the connection it ends with each answer.
    const bool known = m_store == SessionStore::shared
        || (m_store == SessionStore::inMemory && m_sessions.contains(std::string(name)));
    if (follows && known)
        return {SessionMark::met, std::string(name)};
    if (follows && refuses)
        return {SessionMark::broken, {}};
    Found begun {follows ? SessionMark::broken : SessionMark::begins, std::move(fresh)};
    m_sessions.insert(begun.name);
    m_sessionAges.push_back(begun.name);
    if (m_sessionAges.size() > mostSessions) {
        m_sessions.erase(m_sessionAges.front());
        m_sessionAges.pop_front();
    }
    return begun;
}

std::string SessionMemory::logIn(const std::string& user)
{
    std::string login = newName();
    m_logins[login] = {.user = user};
    m_loginAges.push_back(login);
    if (m_loginAges.size() > mostSessions) {
        m_logins.erase(m_loginAges.front());
        m_loginAges.pop_front();
    }
    return login;
}

SessionMemory::Cart* SessionMemory::find(std::string_view login)
{
    const auto found = m_logins.find(login);
    return found == m_logins.end() ? nullptr : &found->second;
}

void SessionMemory::logOut(std::string_view login)
{
    if (const auto found = m_logins.find(login); found != m_logins.end())
        m_logins.erase(found);
}

void SessionMemory::clear()
{
    m_sessions.clear();
    m_sessionAges.clear();
    m_logins.clear();
    m_loginAges.clear();
}

} // namespace stickyscope::lab
