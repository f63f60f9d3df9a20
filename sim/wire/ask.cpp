// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/wire/ask.h"

#include <QEventLoop>
#include <QTimer>

namespace stickyscope::wire {

Exchange ask(HttpConnection& connection, const http::RequestHead& head, const std::string& body,
             const std::function<bool()>& stopAsked)
{
    constexpr int lookMilliseconds = 50;
    // Where the program ends meanwhile, no answer comes.
    Exchange result {.failure = Failure::other, .why = "it was told to end"};
    QEventLoop loop;
    QObject::connect(&connection, &HttpConnection::finished, &loop, [&](const Exchange& exchange) {
        result = exchange;
        loop.quit();
    });
    QTimer watch;
    QObject::connect(&watch, &QTimer::timeout, &loop, [&] {
        if (stopAsked())
            connection.abort();
    });
    watch.start(lookMilliseconds);
    connection.send(head, body);
    loop.exec();
    return result;
}

} // namespace stickyscope::wire
