// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/reset_watch.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace stickyscope::wire {

void ResetWatch::begin(qintptr socket)
{
    if (m_descriptor < 0)
        m_descriptor = ::dup(static_cast<int>(socket));
}

void ResetWatch::end()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    m_descriptor = -1;
}

bool ResetWatch::wasReset() const
{
    tcp_info info {};
    socklen_t size = sizeof info;
    return m_descriptor >= 0 && getsockopt(m_descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0
        && info.tcpi_state == TCP_CLOSE;
}

} // namespace stickyscope::wire
