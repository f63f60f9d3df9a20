// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/replica_pool.h"

#include "sim/lab/proxy_core.h"

#include <cerrno>
#include <utility>

namespace stickyscope::lab {

ReplicaPool::ReplicaPool(ProxyCore& core, const QHostAddress& host, std::uint16_t port)
    : m_core(core)
    , m_host(host)
    , m_port(port)
{
}

ReplicaPool::Got ReplicaPool::lend(ReplicaLink::User& user, ReplicaLink*& link, bool fresh)
{
    const ProxyLimits& limits = m_core.limits();
    while (!fresh && !m_idle.empty()) {
        ReplicaLink& idle = *m_idle.back();
        // Whatever there is to read, be it the end, it is not for this request.
        if (idle.hasNews()) {
            discard(idle);
            continue;
        }
        m_idle.pop_back();
        idle.user = &user;
        idle.deadline = Clock::time_point::max();
        link = &idle;
        return Got::open;
    }
    if (m_links.size() >= limits.connectionsPerReplica && !m_idle.empty())
        discard(*m_idle.front());
    if (m_links.size() >= limits.connectionsPerReplica) {
        if (m_queue.size() >= limits.queuePerReplica)
            return Got::full;
        m_queue.push_back(&user);
        return Got::queued;
    }
    link = connect(user);
    return link ? Got::connecting : m_outOfFiles ? Got::outOfFiles : Got::refused;
}

bool ReplicaPool::dropIdle()
{
    if (m_idle.empty())
        return false;
    remove(*m_idle.front());
    return true;
}

// Where no more files may be open, an idle connection gives way, whichever replica it leads to.
std::unique_ptr<wire::PlainStream> ReplicaPool::open()
{
    m_outOfFiles = false;
    while (!m_host.isNull()) {
        auto stream = wire::PlainStream::connectTo(m_host, m_port);
        m_outOfFiles = !stream && wire::isOutOfFiles(errno);
        if (!m_outOfFiles || !m_core.dropIdleLink())
            return stream;
    }
    return nullptr;
}

ReplicaLink* ReplicaPool::connect(ReplicaLink::User& user)
{
    auto stream = open();
    if (!stream)
        return nullptr;
    const ProxyLimits& limits = m_core.limits();
    auto link = std::make_unique<ReplicaLink>(*this, std::move(stream), limits.messages);
    link->user = &user;
    link->place = m_links.size();
    link->deadline = Clock::now() + limits.connect;
    m_links.push_back(std::move(link));
    return m_links.back().get();
}

// Its memory stays until whoever called it has returned.
void ReplicaPool::remove(ReplicaLink& link)
{
    std::erase(m_idle, &link);
    link.user = nullptr;
    link.close();
    const std::size_t place = link.place;
    std::swap(m_links[place], m_links.back());
    m_links[place]->place = place;
    m_core.bury(std::move(m_links.back()));
    m_links.pop_back();
}

void ReplicaPool::giveBack(ReplicaLink& link, bool reusable)
{
    if (!reusable)
        return discard(link);
    link.reused = true;
    if (!m_queue.empty()) {
        link.user = m_queue.front();
        m_queue.pop_front();
        return link.user->linkGiven(link);
    }
    link.user = nullptr;
    // The replica may close it after the same time, and must not be the first.
    link.deadline = Clock::now() + m_core.limits().idle * 9 / 10;
    m_idle.push_back(&link);
}

void ReplicaPool::discard(ReplicaLink& link)
{
    remove(link);
    serveQueue();
}

void ReplicaPool::refuse(ReplicaLink& link)
{
    ReplicaLink::User* user = link.user;
    remove(link);
    if (user)
        user->linkRefused();
    serveQueue();
}

void ReplicaPool::serveQueue()
{
    while (!m_queue.empty() && m_links.size() < m_core.limits().connectionsPerReplica) {
        ReplicaLink::User* user = m_queue.front();
        m_queue.pop_front();
        if (ReplicaLink* link = connect(*user))
            user->linkGiven(*link);
        else if (m_outOfFiles)
            user->linkImpossible();
        else
            user->linkRefused();
    }
}

void ReplicaPool::tick(Clock::time_point now)
{
    std::vector<ReplicaLink*> late;
    for (const auto& link : m_links) {
        if (link->deadline <= now)
            late.push_back(link.get());
    }
    for (ReplicaLink* link : late) {
        // What one of them brought about may have ended another, or lent it.
        const bool still = link->place < m_links.size() && m_links[link->place].get() == link;
        if (still && link->deadline <= now)
            link->connecting() ? refuse(*link) : discard(*link);
    }
}

void ReplicaPool::closeAll()
{
    m_queue.clear();
    while (!m_links.empty())
        remove(*m_links.back());
}

} // namespace stickyscope::lab
