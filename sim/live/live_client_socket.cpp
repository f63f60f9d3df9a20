// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// A client's WebSocket: its messages, and how long it stays open.
#include "sim/live/live_client.h"

#include <QDateTime>
#include <QTimer>

#include <utility>

namespace stickyscope::live {

namespace {

constexpr auto messageWait = std::chrono::seconds(3);

}

void LiveClient::openSocket(const http::RequestHead& head)
{
    m_webSocket.reset(new wire::WebSocketClient(endpoint(), nullptr));
    connect(m_webSocket.get(), &wire::WebSocketClient::handshakeEnded, this, &LiveClient::answered);
    connect(m_webSocket.get(), &wire::WebSocketClient::received, this, &LiveClient::received);
    connect(m_webSocket.get(), &wire::WebSocketClient::closed, this, &LiveClient::socketClosed);
    m_webSocket->open(head);
}

void LiveClient::socketOpened()
{
    m_messages = 0;
    m_nextMessage.reset();
    m_closeAt.reset();
    m_lifeEnded.reset();
    const bool known = !m_answer.replica.empty();
    if (!known && m_plan.identify)
        return askWho();
    if (m_engine) {
        if (const std::string probe = m_engine->probe(); !probe.empty())
            m_webSocket->send(probe);
        return finish();
    }
    const bool speaks = m_group.socket.send != SendRule::never && !m_group.socket.message.empty();
    if (!speaks) {
        nameByCookie();
        return finish();
    }
    sendMessage();
    if (known)
        return finish();
    // Its first message may name the replica, as ours do; who does not speak is not waited for.
    QTimer::singleShot(messageWait, m_webSocket.get(), [this] { giveUpOnMessage(); });
}

// What an Engine.IO server says beside answers to messages; whether it was that.
bool LiveClient::hearsEngine(const QByteArray& packet)
{
    const EngineIoSession::Heard heard =
        m_engine->heard({packet.constData(), static_cast<std::size_t>(packet.size())});
    if (!heard.reply.empty())
        m_webSocket->send(heard.reply);
    if (heard.opens && m_group.socket.send != SendRule::never)
        sendMessage();
    return !heard.message;
}

void LiveClient::sendMessage()
{
    m_nextMessage.reset();
    m_sinceMessage.start();
    const std::string message =
        filledIn(m_group.socket.message, ++m_messages, QDateTime::currentMSecsSinceEpoch(), m_name);
    m_webSocket->send(m_engine ? EngineIoSession::event(message) : message);
    if (m_group.socket.send == SendRule::every)
        m_nextMessage = m_shared.clock() + m_group.socket.pause;
}

void LiveClient::received(const QByteArray& message)
{
    if (m_engine && hearsEngine(message))
        return;
    emit messaged(Duration {m_sinceMessage.isValid() ? m_sinceMessage.nsecsElapsed() : 0});
    if (m_group.socket.send == SendRule::afterAnswer)
        m_nextMessage = m_shared.clock() + m_group.socket.pause;
    if (!m_busy)
        return;
    nameReplica({.status = 200}, {message.constData(), static_cast<std::size_t>(message.size())});
    giveUpOnMessage();
}

void LiveClient::giveUpOnMessage()
{
    if (!m_busy)
        return;
    if (m_answer.replica.empty())
        nameByCookie();
    finish();
}

void LiveClient::tick(Instant now)
{
    if (!m_webSocket || !m_webSocket->isOpen() || m_busy)
        return;
    if (m_closeAt && now >= *m_closeAt) {
        m_lifeEnded = std::exchange(m_closeAt, std::nullopt);
        m_nextMessage.reset();
        return m_webSocket->close();
    }
    if (m_nextMessage && now >= *m_nextMessage)
        sendMessage();
}

void LiveClient::cut()
{
    if (m_webSocket && m_webSocket->isOpen())
        m_webSocket->cut();
}

void LiveClient::socketClosed(int code, const QByteArray& reason)
{
    giveUpOnMessage();
    m_webSocket.reset();
    release();
    // Engine.IO's session ends with its transport.
    if (m_engine) {
        m_engine->end();
        m_series->endSession();
    }
    emit closed(code, reason.toStdString());
}

void LiveClient::beginLife()
{
    emit opened(m_answer);
    if (!m_webSocket->isOpen())
        return; // it was closed while it was asked who answered; socketClosed() goes on
    if (!m_group.socket.lifetime)
        return m_webSocket->close();
    Draw draw =
        Chance {m_plan.seed}.draw(m_answer.client, m_answer.ordinal, Purpose::connectionLifetime);
    m_closeAt = m_shared.clock() + (*m_group.socket.lifetime)(draw);
}

} // namespace stickyscope::live
