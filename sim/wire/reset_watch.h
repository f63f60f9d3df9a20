// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace stickyscope::wire {

/// Tells a reset from an ordinary end, which Qt reports alike. The kernel knows better, as long as
/// a descriptor is left to ask it by: after a reset the connection is closed, after an end it
/// waits for ours.
class ResetWatch
{
public:
    ResetWatch() = default;
    ResetWatch(const ResetWatch&) = delete;
    ResetWatch& operator=(const ResetWatch&) = delete;
    ~ResetWatch() { end(); }

    /// Keeps a second descriptor of the socket, unless it has one already.
    void begin(qintptr socket);
    void end();
    bool wasReset() const;

private:
    int m_descriptor = -1;
};

} // namespace stickyscope::wire
