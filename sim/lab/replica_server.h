// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/http/head.h"
#include "sim/wire/message_reader.h"

#include <QHostAddress>
#include <QObject>
#include <QTcpServer>

#include <functional>
#include <memory>
#include <string>

class QTcpSocket;
class QWebSocket;
class QWebSocketServer;

namespace stickyscope::lab {

/// A real replica: GET /hostname answers {"ip": ..., "hostname": ...}, the WebSocket /streaming
/// answers each message with {"hostname": ..., "topic": ..., "count": n}. HTTP and WebSocket share
/// one port. Lives on the thread that made it.
class ReplicaServer : public QObject
{
    Q_OBJECT

public:
    ReplicaServer(std::string name, QObject* parent);
    ~ReplicaServer() override;

    /// Port 0: any free one. An error in words, or an empty text.
    std::string listen(const QHostAddress& address, std::uint16_t port);
    std::uint16_t port() const;
    /// Called with one line for each request and message.
    void setLog(std::function<void(const std::string&)> log) { m_log = std::move(log); }

private:
    void accept();
    void read(QTcpSocket* socket);
    bool upgradeAsked(QTcpSocket* socket);
    void answer(QTcpSocket* socket, const wire::RequestReader& request);
    void refuse(QTcpSocket* socket, int status);
    void openWebSocket();
    void answerMessage(QWebSocket* socket, const QString& message);
    void log(const std::string& peer, const std::string& what);

    std::string m_name;
    QTcpServer* m_server;
    QWebSocketServer* m_webSockets;
    std::function<void(const std::string&)> m_log;
};

} // namespace stickyscope::lab
