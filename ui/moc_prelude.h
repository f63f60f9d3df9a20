// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// moc before Qt 6.5.3 cannot parse "namespace std _GLIBCXX_VISIBILITY(default)".
#define _GLIBCXX_VISIBILITY(V)
