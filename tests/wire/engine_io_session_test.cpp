// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/engine_io_session.h"

#include <doctest/doctest.h>

using stickyscope::live::EngineIoSession;

TEST_CASE("An Engine.IO session speaks and fetches in turn, and goes on as a WebSocket")
{
    EngineIoSession session;
    const auto open = session.poll("/socket.io/");
    CHECK(open.target == "/socket.io/?EIO=4&transport=polling");
    CHECK_FALSE(open.says);
    session.answered(200, R"(0{"sid":"abc","upgrades":["websocket"]})");
    const auto connect = session.poll("/io?x=1");
    CHECK(connect.target == "/io?x=1&EIO=4&transport=polling&sid=abc");
    CHECK(connect.says);
    CHECK(connect.body == "40");
    session.answered(200, "ok");
    CHECK_FALSE(session.poll("/").says);
    session.answered(200, R"(40{"sid":"abc"})");
    const auto says = session.poll("/");
    CHECK(says.says);
    CHECK(says.body == R"(42["message","poll"])");
    session.answered(200, "ok");
    CHECK(session.upgradeTarget("/") == "/?EIO=4&transport=websocket&sid=abc");
    CHECK(session.probe() == "2probe");
    const auto probed = session.heard("3probe");
    CHECK(probed.reply == "5");
    CHECK(probed.opens);
    // What a poll has not fetched comes first, and is no answer to a message.
    CHECK_FALSE(session.heard(R"(42["hostname","a"])").message);
    CHECK(session.heard(R"(42["hostname","a"])").message);
    CHECK(session.heard("2").reply == "3");
    CHECK_FALSE(session.heard("6").message);
}

TEST_CASE("An Engine.IO session that the server does not know begins anew")
{
    EngineIoSession session;
    session.poll("/");
    session.answered(200, R"(0{"sid":"abc"})");
    session.poll("/");
    session.answered(200, "ok");
    CHECK_FALSE(session.poll("/").says);
    session.failed(); // what it said is lost, and not waited for
    CHECK(session.poll("/").says);
    session.answered(400, R"({"code":1})");
    CHECK(session.poll("/").target == "/?EIO=4&transport=polling");
    CHECK(session.probe() == "");
    const auto begun = session.heard(R"(0{"sid":"def"})");
    CHECK(begun.opens);
    CHECK(begun.reply == "40");
}

TEST_CASE("A Socket.IO event carries JSON where the message is some, else text")
{
    CHECK(EngineIoSession::event(R"({"topic": 1})") == R"(42["message",{"topic":1}])");
    CHECK(EngineIoSession::event("hello \"you\"") == R"(42["message","hello \"you\""])");
}
