// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/socket_fields.h"

#include "ui/format.h"
#include "ui/service/labelled_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace stickyscope {

SocketFields::SocketFields(QWidget* parent)
    : QWidget(parent)
    , m_used(new QCheckBox(tr("Open WebSockets at this address"), this))
    , m_message(new QLineEdit(fromCore(live::SocketPlan {}.message), this))
    , m_send(new QComboBox(this))
    , m_pause(new QSpinBox(this))
    , m_lifetime(new QDoubleSpinBox(this))
    , m_origin(new QLineEdit(this))
    , m_protocol(new QLineEdit(this))
{
    m_used->setObjectName(QStringLiteral("websocket"));
    m_used->setToolTip(tr("Each client makes a handshake, stays, and comes back; also for ws:// "
                          "and wss:// addresses."));
    m_message->setToolTip(tr("{n}: the message's number, {ms}: milliseconds since 1970, {client}: "
                             "the client's name"));
    // In the order of SendRule.
    m_send->addItems(
        {tr("when it opens"), tr("after each answer"), tr("at a fixed beat"), tr("never")});
    m_send->setCurrentIndex(static_cast<int>(SendRule::afterAnswer));
    m_pause->setRange(10, 60'000);
    m_pause->setValue(500);
    m_pause->setSuffix(tr(" ms"));
    m_lifetime->setRange(0.5, 3600);
    m_lifetime->setDecimals(1);
    m_lifetime->setValue(10);
    m_lifetime->setSuffix(tr(" s on average"));
    m_origin->setPlaceholderText(tr("https://app.example"));
    m_protocol->setPlaceholderText(tr("none"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(12, 10, 12, 10);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(6);
    grid->addWidget(m_used, 0, 0, 1, 2);
    addField(*grid, {1, 0}, tr("Message"), m_message, "message-text");
    addField(*grid, {2, 0}, tr("A connection lasts"), m_lifetime, "lifetime");
    addField(*grid, {0, 2}, tr("Send it"), m_send, "send-when");
    addField(*grid, {1, 2}, tr("Pause or beat"), m_pause, "pause");
    addField(*grid, {0, 4}, tr("Origin"), m_origin, "origin");
    addField(*grid, {1, 4}, tr("Subprotocol"), m_protocol, "subprotocol");
    for (const int column : {1, 3, 5})
        grid->setColumnStretch(column, column == 1 ? 3 : 2);
}

bool SocketFields::used() const
{
    return m_used->isChecked();
}

std::vector<std::pair<std::string, std::string>> SocketFields::handshakeFields() const
{
    std::vector<std::pair<std::string, std::string>> fields;
    const std::string origin = m_origin->text().trimmed().toStdString();
    const std::string protocol = m_protocol->text().trimmed().toStdString();
    if (!origin.empty())
        fields.emplace_back("Origin", origin);
    if (!protocol.empty())
        fields.emplace_back("Sec-WebSocket-Protocol", protocol);
    return fields;
}

live::SocketPlan SocketFields::plan() const
{
    const Duration mean {static_cast<Duration::rep>(m_lifetime->value() * 1e9)};
    return {.message = m_message->text().toStdString(),
            .send = static_cast<SendRule>(m_send->currentIndex()),
            .pause = std::chrono::milliseconds(m_pause->value()),
            .lifetime = Distribution {.shape = Distribution::Shape::exponential, .mean = mean}};
}

} // namespace stickyscope
