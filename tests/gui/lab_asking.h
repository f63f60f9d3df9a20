// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/wire/http_connection.h"
#include "tests/gui/window_fixture.h"
#include "ui/explain/code_label.h"

#include <optional>

namespace stickyscope::test {

/// The window with its lab, and somebody who asks it as the lines for terminals say.
class LabFixture : public WindowFixture
{
protected:
    /// The address in the line for the terminal.
    QString addressIn(const char* label)
    {
        const QString line = find<CodeLabel>(label)->text();
        const auto begin = line.indexOf(QStringLiteral("http://"));
        return line.mid(begin, line.indexOf(QStringLiteral("/hostname")) - begin);
    }

    /// As curl asks once.
    wire::Exchange ask(const QString& address)
    {
        wire::Endpoint endpoint;
        endpoint.url = *http::parseUrl(address.toStdString());
        wire::HttpConnection connection(endpoint, nullptr);
        std::optional<wire::Exchange> result;
        connect(&connection, &wire::HttpConnection::finished, &connection,
                [&](const wire::Exchange& exchange) { result = exchange; });
        http::RequestHead head {.target = "/hostname"};
        head.fields.add("Host", "127.0.0.1");
        head.fields.add("User-Agent", "curl/8");
        connection.send(head);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 10'000); }();
        return result.value_or(wire::Exchange {.failure = Failure::timedOut});
    }
};

} // namespace stickyscope::test
