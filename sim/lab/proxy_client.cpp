// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What is read from a client, and when.
#include "sim/lab/proxy_client.h"

#include <algorithm>
#include <array>

namespace stickyscope::lab {

ProxyClient::ProxyClient(ProxyCore& core, std::unique_ptr<wire::Stream> stream, std::string peer,
                         ProxyDoor door)
    : m_core(core)
    , m_connection(core.nextConnection())
    , m_at(&core.tier(door.tier).instance(0))
    , m_stream(std::move(stream))
    , m_peer(std::move(peer))
    , m_door(door)
    , m_in(core.limits().messages)
{
    m_stream->setOwner(this);
}

void ProxyClient::begin()
{
    m_readBy = Clock::now() + m_core.limits().idle;
    setInterest();
}

std::string_view ProxyClient::addressOfPeer() const
{
    const std::string_view address = std::string_view(m_peer).substr(0, m_peer.rfind(':'));
    return address.starts_with('[') ? address.substr(1, address.size() - 2) : address;
}

void ProxyClient::canRead()
{
    static thread_local std::array<char, std::size_t {64} << 10U> room;
    const long count = m_stream->read(room.data(), room.size());
    if (count == wire::Stream::nothing)
        return;
    if (count == wire::Stream::broken)
        return clientGone();
    if (m_state == State::lingering || m_state == State::closing) {
        m_finished = count == 0;
        if (m_finished && m_state == State::lingering)
            return close();
        return setInterest();
    }
    if (count == 0)
        m_finished = true;
    if (m_finished && m_state == State::exchanging && m_x.bodyEnded && m_in.rest().empty()
        && m_at->dispatcher().product().endsWithClient)
        return clientFinished(*m_at->dispatcher().product().endsWithClient);
    if (count > 0)
        m_in.put({room.data(), static_cast<std::size_t>(count)});
    if (m_state == State::exchanging)
        m_x.bodyPatience.came(static_cast<std::uint64_t>(count), Clock::now());
    pump();
}

void ProxyClient::canWrite()
{
    flush();
    if (m_state != State::closed && m_out.waiting() < m_core.limits().buffer / 2)
        pump();
}

// Takes as much as may be taken now. Whatever it leads to and that leads back here is left to the
// loop that runs already.
void ProxyClient::pump()
{
    if (m_pumping || m_state == State::closed)
        return;
    do {
        m_pumping = true;
        while (step()) { }
        m_pumping = false;
        if (m_state == State::closed)
            return;
        if (m_state == State::reading && m_finished && m_out.waiting() < m_core.limits().buffer)
            m_state = State::closing;
    } while (makesRoom());
}

// Sends what there is. True where something more can be taken that had no room before: nobody
// tells of room that was made here.
bool ProxyClient::makesRoom()
{
    const std::size_t most = m_core.limits().buffer;
    const bool outFull = m_out.waiting() >= most;
    const bool linkFull = m_link && m_link->out().waiting() >= most;
    if (m_link) {
        m_link->flush();
        timeReplica();
    }
    setInterest();
    flush();
    if (resumesLink())
        linkHasNews();
    if (m_state == State::closed)
        return false;
    return (outFull && m_out.waiting() < most)
        || (linkFull && m_link && m_link->out().waiting() < most);
}

// The replica's answer, which was held up, goes on.
bool ProxyClient::resumesLink()
{
    if (!m_linkPaused || !m_link || m_out.waiting() >= m_core.limits().buffer / 2)
        return false;
    m_linkPaused = false;
    m_link->watchReading(!m_link->hasFinished());
    return true;
}

// Nobody owes an answer to half a request; but the replica must take what there is of it.
void ProxyClient::timeReplica()
{
    if (m_state != State::exchanging || m_link->connecting() || m_x.bodyEnded || m_x.headSent)
        return;
    if (m_link->out().waiting() < m_core.limits().buffer)
        m_answerBy = never;
    else if (m_answerBy == never)
        m_answerBy = Clock::now() + m_at->limits().firstByte;
}

bool ProxyClient::step()
{
    if (m_state == State::reading)
        return m_out.waiting() < m_core.limits().buffer && readHead();
    const bool takesBody = m_state == State::exchanging && !m_x.bodyEnded && m_link
        && !m_link->connecting() && m_link->out().waiting() < m_core.limits().buffer;
    return takesBody && readBody();
}

bool ProxyClient::readHead()
{
    const bool begun = m_in.hasBegun();
    switch (m_in.next()) {
    case wire::Part::head:
        m_readBy = never;
        if (m_door.fromNetwork && !m_core.servesToNetwork(m_in.head())) {
            refuse(421, "asked by a name that is not this machine's");
            return true;
        }
        beginExchange();
        return true;
    case wire::Part::malformed:
        refuse(m_in.refusal(), m_in.why());
        return true;
    default:
        if (!begun && m_in.hasBegun())
            m_readBy = Clock::now() + m_core.limits().head;
        return false;
    }
}

bool ProxyClient::readBody()
{
    const auto part = m_in.next();
    Outbox& out = m_link->out();
    const std::size_t before = out.text().size();
    switch (part) {
    case wire::Part::body:
        if (m_x.framing == wire::Framing::chunked)
            out.addChunk(m_in.piece());
        else
            out.add(m_in.piece());
        break;
    case wire::Part::end:
        if (m_x.framing == wire::Framing::chunked)
            out.add("0\r\n\r\n");
        m_x.bodyEnded = true;
        break;
    case wire::Part::malformed:
        refuse(m_in.refusal(), m_in.why());
        return true;
    default:
        if (m_finished)
            clientGone();
        else
            m_readBy = m_x.bodyPatience.waits(Clock::now());
        return false;
    }
    m_readBy = never;
    m_x.replayable =
        m_x.replayable && m_x.replay.size() + out.text().size() - before <= m_core.limits().replay;
    if (m_x.replayable)
        m_x.replay.append(out.text(), before);
    else
        m_x.replay.clear();
    if (m_x.bodyEnded && !m_x.headSent)
        m_answerBy = Clock::now() + m_at->limits().firstByte;
    return true;
}

// Whether as many requests as may wait behind the one under way: their heads' ends are counted. A
// blank line in a body counts too, and only means that reading stops earlier.
bool ProxyClient::manyWait() const
{
    constexpr std::string_view headEnd = "\r\n\r\n";
    if (m_state != State::exchanging || !m_x.bodyEnded)
        return false;
    const std::string_view waiting = m_in.rest();
    std::size_t count = 0;
    for (std::size_t at = waiting.find(headEnd); at != std::string_view::npos;
         at = waiting.find(headEnd, at + headEnd.size())) {
        if (++count == m_core.limits().pipelined)
            return true;
    }
    return false;
}

// Reads on while there is room for it: a head or the line of a chunk always finds some.
void ProxyClient::setInterest()
{
    const std::size_t room =
        std::max(m_core.limits().buffer, m_core.limits().messages.requestHead + 1);
    const bool discards = m_state == State::closing || m_state == State::lingering;
    const bool reads = !m_finished && (discards || (m_in.waiting() < room && !manyWait()));
    if (reads != m_reads)
        m_stream->watchReading(m_reads = reads);
}

} // namespace stickyscope::lab
