// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// doctest beside an event loop: what is tested here lives on sockets.
#define DOCTEST_CONFIG_IMPLEMENT
#include <QCoreApplication>

#include <doctest/doctest.h>

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    return doctest::Context(argc, argv).run();
}
