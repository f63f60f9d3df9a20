// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/service_panel.h"

#include "sim/live/prober.h"
#include "sim/live/target_class.h"
#include "ui/controls/transport_bar.h"
#include "ui/format.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace stickyscope {

ServicePanel::ServicePanel(QWidget* parent)
    : QWidget(parent)
    , m_target(new QLineEdit(this))
    , m_sticky(new QLineEdit(this))
    , m_look(makeButton(tr("Look"), QStringLiteral("look"),
                        tr("Ask it at most 40 times, then watch it"), this))
    , m_stop(makeButton(tr("Stop (Esc)"), QStringLiteral("stop"), tr("End all traffic"), this))
    , m_progress(new QProgressBar(this))
    , m_verdict(new QLabel(this))
{
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setPlaceholderText(tr("http://localhost:8000/hostname, or a pasted curl line"));
    m_target->setAccessibleName(tr("Address or curl line"));
    m_sticky->setObjectName(QStringLiteral("sticky-cookie"));
    m_sticky->setAccessibleName(tr("Sticky cookie"));
    m_sticky->setPlaceholderText(tr("found by itself"));
    m_sticky->setMaximumWidth(200);
    m_look->setProperty("primary", true);
    m_stop->setEnabled(false);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(6);
    m_progress->setRange(0, 100);
    m_progress->setVisible(false);
    m_verdict->setObjectName(QStringLiteral("verdict"));
    // The sentence holds names from outside.
    m_verdict->setTextFormat(Qt::PlainText);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_verdict->setFont(scaledFont(1.05, QFont::DemiBold));
    m_verdict->setText(tr(
        "Give the address of a service behind a balancer. Nothing is sent before you press Look."));

    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_target, 1);
    line->addWidget(new QLabel(tr("sticky cookie"), this));
    line->addWidget(m_sticky);
    line->addWidget(m_look);
    line->addWidget(m_stop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(line);
    layout->addWidget(m_progress);
    layout->addWidget(m_verdict);
    connect(m_look, &QPushButton::clicked, this, &ServicePanel::look);
    connect(m_target, &QLineEdit::returnPressed, this, &ServicePanel::look);
    connect(m_stop, &QPushButton::clicked, this, &ServicePanel::stop);
}

ServicePanel::~ServicePanel()
{
    m_stopAsked = true;
    if (m_thread)
        m_thread->wait();
}

void ServicePanel::setTarget(const QString& text)
{
    m_target->setText(text);
}

QString ServicePanel::verdict() const
{
    return m_verdict->text();
}

bool ServicePanel::confirmed(const live::Target& target)
{
    const std::string host = live::hostToPermit(target);
    if (host.empty() || host == m_permitted)
        return true;
    QMessageBox box(QMessageBox::Question, tr("Stickyscope"),
                    tr("%1 is not this machine. May you test it? At most 10 requests per second "
                       "are sent, for 5 minutes.")
                        .arg(fromCore(host)),
                    QMessageBox::Yes | QMessageBox::No, this);
    box.setTextFormat(Qt::PlainText);
    box.setDefaultButton(QMessageBox::No);
    if (box.exec() != QMessageBox::Yes)
        return false;
    m_permitted = host;
    return true;
}

void ServicePanel::look()
{
    if (m_thread && m_thread->isRunning())
        return;
    emit stopAsked();
    auto target = live::parseTarget(m_target->text().toStdString());
    if (!target) {
        m_verdict->setText(fromCore(target.error()));
        return;
    }
    if (target->endpoint.url.scheme.starts_with("ws")) {
        m_verdict->setText(
            tr("For WebSockets: stickyscope probe %1 --reconnect 5").arg(m_target->text()));
        return;
    }
    if (!target->isSafe()) {
        m_verdict->setText(tr("%1 may change things, so it is not repeated. Send it a single time "
                              "with: stickyscope probe --once '…'")
                               .arg(fromCore(target->request.method)));
        return;
    }
    if (!confirmed(*target))
        return;
    target->endpoint.guard =
        live::TargetGuard(target->endpoint.url.host, !live::hostToPermit(*target).empty());
    m_asked = *target;
    probe(*target);
}

void ServicePanel::probe(const live::Target& target)
{
    m_look->setEnabled(false);
    m_stop->setEnabled(true);
    m_progress->setVisible(true);
    m_verdict->setText(tr("Asking %1 …").arg(fromCore(target.endpoint.url.text())));
    m_stopAsked = false;
    const std::string sticky = m_sticky->text().trimmed().toStdString();
    m_thread.reset(QThread::create([this, target, sticky] {
        live::Prober prober(target, {.stickyName = sticky});
        const auto evidence =
            prober.run([this] { return m_stopAsked.load(); },
                       [this](double share) {
                           QMetaObject::invokeMethod(m_progress, [this, share] {
                               m_progress->setValue(static_cast<int>(share * 100));
                           });
                       });
        const auto verdict = live::judge(evidence);
        QMetaObject::invokeMethod(this,
                                  [this, evidence, verdict] { showVerdict(evidence, verdict); });
    }));
    m_thread->start();
}

live::LivePlan ServicePanel::plan() const
{
    live::LivePlan plan;
    plan.target = m_asked;
    plan.stickyName = m_sticky->text().trimmed().toStdString();
    if (plan.stickyName.empty())
        plan.stickyName = m_found;
    if (!live::hostToPermit(m_asked).empty()) {
        plan.rateInAll = 10;
        plan.longest = std::chrono::minutes(5);
    }
    return plan;
}

void ServicePanel::showVerdict(const live::ProbeEvidence& evidence, const live::Verdict& verdict)
{
    m_look->setEnabled(true);
    m_progress->setValue(0);
    m_progress->setVisible(false);
    if (m_stopAsked) {
        m_verdict->setText(tr("Stopped."));
        return;
    }
    m_verdict->setText(fromCore(verdict.sentence));
    m_found = evidence.sticky ? evidence.sticky->name : std::string();
    m_sticky->setPlaceholderText(m_found.empty() ? tr("found by itself") : fromCore(m_found));
    if (m_asked.endpoint.insecure)
        m_verdict->setText(m_verdict->text() + tr("  TLS certificates are NOT verified (-k)."));
    if (verdict.kind == live::Verdict::Kind::nothingAnswered)
        m_stop->setEnabled(false);
    else
        emit watchAsked(plan());
}

void ServicePanel::stop()
{
    m_stopAsked = true;
    m_stop->setEnabled(false);
    emit stopAsked();
}

} // namespace stickyscope
