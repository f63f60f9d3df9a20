// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/service_probe.h"

#include "sim/http/cookie_file.h"
#include "sim/wire/ask.h"

#include <QDateTime>
#include <QUuid>

#include <utility>

namespace stickyscope {

ServiceProbe::ServiceProbe(QObject* parent)
    : QObject(parent)
{
}

ServiceProbe::~ServiceProbe()
{
    m_stopAsked = true;
    if (m_thread)
        m_thread->wait();
}

void ServiceProbe::start(std::function<void()> work)
{
    m_stopAsked = false;
    m_thread.reset(QThread::create(std::move(work)));
    m_thread->start();
}

void ServiceProbe::probe(const live::Target& target, const live::Prober::Options& options)
{
    start([this, target, options] {
        live::Prober prober(target, options);
        const auto evidence = prober.run([this] { return m_stopAsked.load(); },
                                         [this](double share) {
                                             QMetaObject::invokeMethod(
                                                 this, [this, share] { emit progressed(share); });
                                         });
        const auto verdict = live::judge(evidence);
        const std::string cookies = http::writeCookieFile(prober.jar());
        const std::string address = prober.address();
        QMetaObject::invokeMethod(this, [this, evidence, verdict, address, cookies] {
            if (m_stopAsked)
                emit stopped();
            else
                emit judged(evidence, verdict, address, cookies);
        });
    });
}

void ServiceProbe::sendOnce(const live::Target& target, const live::IdentityRule& identity)
{
    start([this, target, identity] {
        live::Target once = target;
        http::CookieJar jar = live::jarFor(once, {});
        const WallSeconds now {std::chrono::seconds(QDateTime::currentSecsSinceEpoch())};
        const std::string id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
        wire::HttpConnection connection(once.endpoint, nullptr);
        const wire::Exchange result =
            wire::ask(connection, live::requestFor(once, jar.cookieFor(once.endpoint.url, now), id),
                      once.body, [this] { return m_stopAsked.load(); });
        const auto found = identity.identify(result.head, result.body);
        const std::string replica = found ? found->name : std::string();
        QMetaObject::invokeMethod(this, [this, result, replica] {
            if (m_stopAsked)
                emit stopped();
            else
                emit sentOnce(result, replica);
        });
    });
}

} // namespace stickyscope
