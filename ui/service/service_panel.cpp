// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/service/service_panel.h"

#include "sim/live/target_class.h"
#include "ui/controls/transport_bar.h"
#include "ui/format.h"
#include "ui/lab/counts_window.h"
#include "ui/service/confirmations.h"
#include "ui/service/service_fields.h"
#include "ui/service/service_guide.h"
#include "ui/service/service_probe.h"
#include "ui/service/watch_fields.h"

#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace stickyscope {

ServicePanel::ServicePanel(QWidget* parent)
    : QWidget(parent)
    , m_target(new QLineEdit(this))
    , m_options(makeButton(tr("Options"), QStringLiteral("options"),
                           tr("Method, headers, TLS, proxy, who answers, WebSockets (Alt+O)"),
                           this))
    , m_look(makeButton(tr("Look"), QStringLiteral("look"),
                        tr("Ask it at most 40 times, then watch it"), this))
    , m_counts(makeButton(tr("Compare counts"), QStringLiteral("service-counts"),
                          tr("What the clients met, and what the balancer counted"), this))
    , m_cut(makeButton(tr("Cut"), QStringLiteral("cut"),
                       tr("Cut all WebSockets, and see where they come back"), this))
    , m_stop(makeButton(tr("Stop (Esc)"), QStringLiteral("stop"), tr("End all traffic"), this))
    , m_progress(new QProgressBar(this))
    , m_verdict(new QLabel(this))
    , m_fields(new ServiceFields(this))
    , m_guide(new ServiceGuide(this))
    , m_probe(new ServiceProbe(this))
    , m_countsWindow(new CountsWindow(QStringLiteral("service-counts-window"), this))
{
    m_target->setObjectName(QStringLiteral("target"));
    m_target->setPlaceholderText(tr("http://localhost:8000/hostname, or a pasted curl line"));
    m_target->setAccessibleName(tr("Address or curl line"));
    setFocusProxy(m_target);
    m_options->setCheckable(true);
    m_options->setShortcut(QKeySequence(Qt::ALT | Qt::Key_O));
    m_look->setProperty("primary", true);
    m_counts->setVisible(false);
    m_cut->setVisible(false);
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
    scaleFont(m_verdict, 1.05, QFont::DemiBold);
    say(tr("Give the address of a service behind a balancer. Nothing is sent before you press "
           "Look."));
    m_fields->setObjectName(QStringLiteral("option-tabs"));
    m_fields->setVisible(false);

    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    line->addWidget(m_target, 1);
    for (QPushButton* button : {m_options, m_look, m_counts, m_cut, m_stop})
        line->addWidget(button);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(line);
    layout->addWidget(m_fields);
    layout->addWidget(m_progress);
    layout->addWidget(m_verdict);
    layout->addWidget(m_guide, 1);
    connect(m_options, &QPushButton::toggled, m_fields, &QWidget::setVisible);
    connect(m_look, &QPushButton::clicked, this, &ServicePanel::look);
    connect(m_target, &QLineEdit::returnPressed, this, &ServicePanel::look);
    connect(m_target, &QLineEdit::editingFinished, this, &ServicePanel::unfoldCurlLine);
    m_guide->setObjectName(QStringLiteral("service-guide"));
    connect(m_guide, &ServiceGuide::exampleChosen, this, &ServicePanel::setTarget);
    connect(m_counts, &QPushButton::clicked, m_countsWindow, &QWidget::show);
    connect(m_cut, &QPushButton::clicked, this, &ServicePanel::cutAsked);
    connect(m_stop, &QPushButton::clicked, this, &ServicePanel::stop);
    connect(m_probe, &ServiceProbe::progressed, this,
            [this](double share) { m_progress->setValue(static_cast<int>(share * 100)); });
    connect(m_probe, &ServiceProbe::judged, this, &ServicePanel::showVerdict);
    connect(m_probe, &ServiceProbe::sentOnce, this, &ServicePanel::showAnswer);
    connect(m_probe, &ServiceProbe::stopped, this, [this] {
        showBusy(false);
        say(tr("Stopped."));
    });
}

ServicePanel::~ServicePanel() = default;

void ServicePanel::setGuideVisible(bool visible)
{
    m_guide->setVisible(visible);
}

void ServicePanel::setSnapshot(const Snapshot& snapshot)
{
    m_counts->setVisible(m_plan.statistics.has_value());
    if (m_countsWindow->isVisible())
        m_countsWindow->setSnapshot(snapshot);
}

void ServicePanel::setTarget(const QString& text)
{
    m_target->setText(text);
    unfoldCurlLine();
}

void ServicePanel::say(const QString& text)
{
    m_verdict->setText(text);
}

void ServicePanel::showBusy(bool busy)
{
    m_look->setEnabled(!busy);
    m_stop->setEnabled(busy);
    m_progress->setValue(0);
    m_progress->setVisible(busy);
}

// A pasted line goes into the fields.
void ServicePanel::unfoldCurlLine()
{
    if (!ServiceFields::isCurlLine(m_target->text()))
        return;
    const auto address = m_fields->takeCurlLine(m_target->text());
    if (!address)
        return say(fromCore(address.error()));
    m_target->setText(*address);
    QString said = tr("The curl line is understood; Options shows its parts. Nothing is sent "
                      "before you press Look.");
    if (const auto plan = m_fields->planFor(*address); plan && !plan->target().cookies.empty())
        said += tr(" Every client begins with the line's cookies: is the sticky cookie among them, "
                   "all come to the same server.");
    say(said);
}

bool ServicePanel::confirmed(const live::LivePlan& plan)
{
    const std::string host = live::hostToPermit(plan.target());
    if (!host.empty() && host != m_permitted) {
        if (!confirmHost(fromCore(host), this))
            return false;
        m_permitted = host;
        m_inPerson = false;
    }
    const double usual = live::allowanceOf(live::TargetClass::publicNetwork).rate;
    const bool faster =
        !host.empty() && m_fields->watch().rate() > std::max(usual, live::usualRateInAll);
    if (faster && !m_inPerson)
        m_inPerson = confirmFaster(fromCore(host), m_fields->watch().rate(), this);
    if (faster && !m_inPerson) {
        m_fields->watch().setRate(live::usualRateInAll);
        return false;
    }
    return true;
}

void ServicePanel::look()
{
    if (m_probe->running())
        return;
    unfoldCurlLine();
    emit anewAsked();
    m_stop->setEnabled(false);
    m_cut->setVisible(false);
    auto asked = m_fields->planFor(m_target->text());
    if (!asked)
        return say(fromCore(asked.error()));
    if (confirmed(*asked))
        begin(*asked);
}

void ServicePanel::begin(live::LivePlan plan)
{
    m_plan = std::move(plan);
    const live::Target& target = m_plan.target();
    const QString address = fromCore(target.endpoint.url.text());
    if (m_plan.groups.front().kind == ClientKind::websocket) {
        say(tr("Watching WebSockets at %1: what each client's handshake brings, and where it comes "
               "back to.")
                .arg(address));
        m_stop->setEnabled(true);
        m_cut->setVisible(true);
        return watch();
    }
    if (!target.isSafe()) {
        const QString method = fromCore(target.request.method);
        if (!confirmOnce(method, address, this))
            return say(tr("Nothing was sent."));
        showBusy(true);
        say(tr("Sending %1 to %2 once …").arg(method, address));
        return m_probe->sendOnce(target, m_plan.identity);
    }
    showBusy(true);
    say(tr("Asking %1 …").arg(address));
    const bool here = live::hostToPermit(target).empty();
    m_probe->probe(target,
                   {.identity = m_plan.identity,
                    .identify = m_plan.identify,
                    .keepAlive = m_plan.groups.front().keepAlive > 1,
                    .rate = here ? live::usualRateInAll
                                 : live::allowanceOf(live::TargetClass::publicNetwork).rate,
                    .stickyName = m_plan.stickyName});
}

// Two lanes at the same time, against the same address: off withholds the sticky cookie alone.
void ServicePanel::watch()
{
    std::vector<live::LivePlan> plans(2, m_plan);
    plans.front().withholdSticky = true;
    emit watchAsked(plans,
                    {.rate = m_fields->watch().rate(),
                     .inPerson = m_inPerson,
                     .shownBehind = std::chrono::milliseconds(300),
                     .pictures = true});
}

void ServicePanel::showVerdict(const live::ProbeEvidence& evidence, const live::Verdict& verdict,
                               const std::string& address, const std::string& cookieFile)
{
    showBusy(false);
    QString text = asSentence(fromCore(verdict.sentence));
    if (!evidence.identitySource.empty())
        text += tr("\nWho answered: %1; asked at %2.")
                    .arg(fromCore(evidence.identitySource), fromCore(address));
    if (m_plan.target().endpoint.insecure)
        text += tr("\nTLS certificates are NOT verified (-k).");
    if (evidence.sticky && m_plan.stickyName.empty()) {
        m_plan.stickyName = evidence.sticky->name;
        m_fields->watch().proposeSticky(fromCore(evidence.sticky->name));
    }
    if (evidence.sticky && m_plan.target().gives(evidence.sticky->name))
        text +=
            tr("\nAll clients begin with the same cookie %1, yours: it leads all of them to one "
               "server. Take it out in Options to see them spread.")
                .arg(fromCore(evidence.sticky->name));
    const std::string& path = m_plan.target().cookieFileOut;
    if (!path.empty()) {
        QFile file(fromCore(path));
        const bool written = file.open(QIODevice::WriteOnly)
            && file.write(QByteArray::fromStdString(cookieFile)) >= 0;
        if (!written)
            text += tr("\nThe cookie file %1 cannot be written.").arg(fromCore(path));
    }
    say(text);
    if (verdict.kind == live::Verdict::Kind::nothingAnswered)
        return;
    m_stop->setEnabled(true);
    watch();
}

void ServicePanel::showAnswer(const wire::Exchange& exchange, const std::string& replica)
{
    showBusy(false);
    if (exchange.failure != Failure::none)
        return say(tr("It failed: %1").arg(fromCore(exchange.why)));
    say(tr("Sent once. %1 answered %2 in %3 ms.")
            .arg(replica.empty() ? tr("A replica that names itself nowhere") : fromCore(replica))
            .arg(exchange.head.status)
            .arg(inMilliseconds(exchange.latency), 0, 'f', 1));
}

void ServicePanel::stop()
{
    m_probe->stop();
    m_stop->setEnabled(false);
    m_cut->setVisible(false);
    emit stopAsked();
}

} // namespace stickyscope
