// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace stickyscope {

// What a person has to say before something is sent. Names from outside are shown as plain text.

/// Whether a host beyond this machine may be tested.
bool confirmHost(const QString& host, QWidget* parent);
/// Whether a request that may change things is to be sent, once.
bool confirmOnce(const QString& method, const QString& address, QWidget* parent);
/// Whether the host's name was typed, to have it asked faster than usual.
bool confirmFaster(const QString& host, double rate, QWidget* parent);

} // namespace stickyscope
