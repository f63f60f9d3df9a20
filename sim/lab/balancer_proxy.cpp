// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/balancer_proxy.h"

#include "sim/lab/own_certificate.h"
#include "sim/lab/proxy_core.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

namespace stickyscope::lab {

namespace {

QSslConfiguration speaking(const QList<QSslCertificate>& chain, const QSslKey& key)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    return configuration;
}

} // namespace

BalancerProxy::BalancerProxy(const ProxySettings& settings, const std::vector<Backend>& backends,
                             QObject* parent)
    : QObject(parent)
    , m_core(std::make_unique<ProxyCore>(settings, backends))
{
}

BalancerProxy::~BalancerProxy() = default;

std::string BalancerProxy::useTls(const std::string& certificateFile, const std::string& keyFile)
{
    const QList<QSslCertificate> chain =
        QSslCertificate::fromPath(QString::fromStdString(certificateFile));
    if (chain.isEmpty())
        return certificateFile + ": there is no certificate in it (PEM)";
    QFile file(QString::fromStdString(keyFile));
    if (!file.open(QIODevice::ReadOnly))
        return keyFile + ": the file cannot be read";
    const QByteArray pem = file.readAll();
    QSslKey key(pem, QSsl::Rsa);
    if (key.isNull())
        key = QSslKey(pem, QSsl::Ec);
    if (key.isNull())
        return keyFile + ": there is no key in it (PEM, RSA or EC, without a password)";
    m_core->tls = speaking(chain, key);
    return {};
}

void BalancerProxy::useTls(const OwnCertificate& own)
{
    m_core->tls = speaking(QSslCertificate::fromData(QByteArray::fromStdString(own.certificate)),
                           QSslKey(QByteArray::fromStdString(own.key), QSsl::Ec));
}

std::string BalancerProxy::listen(const QHostAddress& address, std::uint16_t port)
{
    return m_core->listen(address, port);
}

std::string BalancerProxy::listenOnLoopback(std::uint16_t port)
{
    const auto got = openLoopback(port, m_core->tls.has_value());
    return got ? std::string() : got.error();
}

Outcome<std::uint16_t> BalancerProxy::openLoopback(std::uint16_t port, bool secure)
{
    return m_core->openLoopback(port, secure);
}

std::uint16_t BalancerProxy::port() const
{
    return m_core->port();
}

Outcome<std::uint16_t> BalancerProxy::openToNetwork(const QHostAddress& address)
{
    return m_core->openToNetwork(address);
}

void BalancerProxy::closeNetwork()
{
    m_core->closeNetwork();
}

void BalancerProxy::setNetworkName(std::string name)
{
    m_core->networkName = std::move(name);
}

void BalancerProxy::setWhose(Whose whose)
{
    m_core->whose = std::move(whose);
}

void BalancerProxy::setLog(std::function<void(const ProxyRecord&)> log)
{
    m_core->log = std::move(log);
}

void BalancerProxy::setNoticed(Noticed noticed)
{
    m_core->noticed = std::move(noticed);
}

void BalancerProxy::setSocketEnded(SocketEnded ended)
{
    m_core->socketEnded = std::move(ended);
}

void BalancerProxy::setDraining(ReplicaIndex replica, bool draining)
{
    m_core->forEachServer(replica, [=](BalancerInstance& one, ReplicaIndex server) {
        one.setDraining(server, draining);
    });
}

void BalancerProxy::setWeight(ReplicaIndex replica, int weight)
{
    m_core->forEachServer(replica, [=](BalancerInstance& one, ReplicaIndex server) {
        one.setWeight(server, weight);
    });
}

void BalancerProxy::remove(ReplicaIndex replica)
{
    m_core->forEachServer(replica,
                          [=](BalancerInstance& one, ReplicaIndex server) { one.forget(server); });
}

void BalancerProxy::setMaintenance(ReplicaIndex replica, bool out)
{
    m_core->forEachServer(replica, [=](BalancerInstance& one, ReplicaIndex server) {
        one.setMaintenance(server, out);
    });
}

void BalancerProxy::reload(const BalancerSpec& balancer, std::size_t place)
{
    m_core->reload(balancer, place);
}

void BalancerProxy::restart(std::size_t place)
{
    m_core->restart(place);
}

ReplicaIndex BalancerProxy::add(const Backend& backend)
{
    return m_core->add(backend);
}

const Dispatcher& BalancerProxy::dispatcher() const
{
    return m_core->tier(0).instance(0).dispatcher();
}

std::optional<int> BalancerProxy::weightOf(ReplicaIndex replica) const
{
    std::optional<int> weight;
    m_core->forEachServer(replica, [&](const BalancerInstance& one, ReplicaIndex server) {
        if (!weight)
            weight = one.dispatcher().weight(server);
    });
    return weight;
}

BalancerProxy::Way BalancerProxy::wayOf(const NumberedRequest& request, Asked asked) const
{
    return m_core->wayOf(request, std::move(asked));
}

std::vector<HeldCookie> BalancerProxy::heldBy(const Asked& asked) const
{
    return m_core->heldBy(asked);
}

std::size_t BalancerProxy::clientConnections() const
{
    return m_core->clientConnections();
}

std::size_t BalancerProxy::replicaConnections() const
{
    return m_core->replicaConnections();
}

void BalancerProxy::stop()
{
    m_core->stop();
}

} // namespace stickyscope::lab
