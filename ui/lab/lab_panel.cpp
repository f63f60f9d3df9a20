// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/lab_panel.h"

#include "sim/lab/lab_world.h"
#include "ui/controls/flow_layout.h"
#include "ui/controls/transport_bar.h"
#include "ui/explain/code_label.h"
#include "ui/format.h"
#include "ui/lab/browser.h"
#include "ui/lab/counts_window.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QUrl>
#include <QVBoxLayout>

namespace stickyscope {

namespace {

// A path may hold what means something to a shell.
QString forShell(const QString& word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9:/._~\\[\\]-]+$"));
    if (plain.match(word).hasMatch())
        return word;
    QString quoted = word;
    return QLatin1Char('\'') + quoted.replace(QLatin1Char('\''), QLatin1String("'\\''"))
        + QLatin1Char('\'');
}

} // namespace

QString curlLineFor(const QString& address, const QString& jar)
{
    // Over TLS it has a certificate that nobody else vouches for.
    const bool secure = address.startsWith(QLatin1String("https:"));
    return QStringLiteral("while sleep 1; do curl -%1 %2%3; echo; done")
        .arg(secure ? QStringLiteral("sk") : QStringLiteral("s"),
             jar.isEmpty() ? QString() : QStringLiteral("-b %1 -c %1 ").arg(jar),
             forShell(address));
}

LabPanel::LabPanel(QWidget* parent)
    : QWidget(parent)
    , m_state(new QLabel(this))
    , m_choice(new LaneChoice(this))
    , m_servers(new ServerChoice(this))
    , m_balancer(new BalancerChoice(this))
    , m_differences(new QLabel(this))
    , m_compare(makeButton(tr("Compare counts"), QStringLiteral("lab-counts"),
                           tr("What clients, balancer and servers have each counted"), this))
    , m_start(makeButton(tr("Start"), QStringLiteral("lab-start"),
                         tr("Start servers and balancers anew"), this))
    , m_stop(makeButton(tr("Stop (Esc)"), QStringLiteral("lab-stop"),
                        tr("End all servers and traffic"), this))
    , m_lanes(new QWidget(this))
    , m_noBrowser(new QLabel(this))
    , m_browser(new Browser(this))
    , m_network(new NetworkPanel(this))
    , m_counts(new CountsWindow(QStringLiteral("counts"), this))
{
    m_state->setObjectName(QStringLiteral("lab-state"));
    m_state->setTextFormat(Qt::PlainText);
    m_state->setWordWrap(true);
    scaleFont(m_state, 1.05, QFont::DemiBold);
    m_differences->setObjectName(QStringLiteral("lab-differences"));
    m_differences->setTextFormat(Qt::PlainText);
    m_differences->setWordWrap(true);
    m_differences->setVisible(false);
    m_noBrowser->setObjectName(QStringLiteral("no-browser"));
    m_noBrowser->setTextFormat(Qt::PlainText);
    m_noBrowser->setWordWrap(true);
    m_noBrowser->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    scaleFont(m_noBrowser, 1, QFont::DemiBold);
    auto* line = new FlowLayout;
    line->setSpacing(8);
    for (QWidget* widget : std::initializer_list<QWidget*> {m_choice, m_servers, m_balancer,
                                                            m_compare, m_start, m_stop})
        line->addWidget(widget);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_state);
    layout->addLayout(line);
    layout->addWidget(m_differences);
    layout->addWidget(m_lanes);
    layout->addWidget(m_noBrowser);
    layout->addWidget(m_network);
    connect(m_choice, &LaneChoice::chosen, this, &LabPanel::startAsked);
    connect(m_servers, &ServerChoice::chosen, this, &LabPanel::startAsked);
    connect(m_balancer, &BalancerChoice::chosen, this, &LabPanel::startAsked);
    connect(m_compare, &QPushButton::clicked, m_counts, [this] {
        m_counts->show();
        m_counts->raise();
    });
    connect(m_start, &QPushButton::clicked, this, &LabPanel::startAsked);
    connect(m_browser, &Browser::failed, this, &LabPanel::sayNoBrowser);
    connect(m_stop, &QPushButton::clicked, this, &LabPanel::stopAsked);
    showStopped({});
}

void LabPanel::addDifferences(const QStringList& differences)
{
    if (differences.isEmpty())
        return;
    const QString said = differences.join(QStringLiteral("; "));
    m_differences->setText(m_differences->isHidden()
                               ? tr("Not as in the model: %1").arg(said)
                               : m_differences->text() + QStringLiteral("; ") + said);
    m_differences->setVisible(true);
}

void LabPanel::showStarting(const QString& what, const QStringList& differences)
{
    showStopped(what);
    m_stop->setEnabled(true);
    m_start->setVisible(false);
    addDifferences(differences);
}

void LabPanel::showRunning(const QString& what, const lab::Lab& lab, const QStringList& differences)
{
    m_running = true;
    m_chosen = {m_choice->currentIndex(), m_balancer->choice()};
    m_servers->keep();
    addDifferences(differences);
    m_state->setText(what);
    m_start->setVisible(false);
    m_stop->setEnabled(true);
    auto* anew = new QWidget(this);
    layout()->replaceWidget(m_lanes, anew);
    delete m_lanes;
    m_lanes = anew;
    m_grid = new QGridLayout(m_lanes);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    QStringList settings;
    const std::vector<LaneSpec> lanes = m_choice->realLanes();
    for (std::size_t place = 0; place < lanes.size(); ++place) {
        addLane(lab.addresses[place], lanes[place]);
        settings << settingOf(lanes[place]);
    }
    m_network->setLab(lab.traffic, settings,
                      program() ? tr("A real balancer listens on this computer alone; our own can "
                                     "be opened to the network.")
                                : QString());
}

void LabPanel::setSnapshot(const Snapshot& snapshot)
{
    m_network->setSnapshot(snapshot);
    if (m_counts->isVisible())
        m_counts->setSnapshot(snapshot);
}

QString LabPanel::settingOf(const LaneSpec& lane) const
{
    if (!m_choice->isOffAndOn())
        return fromCore(lane.name);
    return lane.sticky ? tr("With sticky cookies") : tr("Without sticky cookies");
}

QString LabPanel::meaningOf(const LaneSpec& lane) const
{
    if (!m_choice->isOffAndOn())
        return tr("A terminal, %1:").arg(fromCore(lane.name));
    return lane.sticky ? tr("A terminal that stays:") : tr("A terminal that wanders:");
}

void LabPanel::addLane(const lab::LaneAddress& of, const LaneSpec& lane)
{
    const int row = m_grid->rowCount();
    const QString name = fromCore(lane.name);
    const QString address = fromCore(of.balancer);
    m_ports[lane.name] = static_cast<std::uint16_t>(QUrl(address).port());
    // Cookies know no ports: two balancers on this machine must not share a jar.
    const QString jar =
        m_choice->isOffAndOn() ? QStringLiteral("jar") : QStringLiteral("jar-") + name;
    const QString opened = address + (m_path.isEmpty() ? QStringLiteral("/") : m_path);
    const QString asked = address + (m_path.isEmpty() ? QStringLiteral("/hostname") : m_path);
    const QString curl = curlLineFor(asked, lane.sticky ? jar : QString());
    auto* meaning = new QLabel(meaningOf(lane), m_lanes);
    meaning->setTextFormat(Qt::PlainText);
    auto* code = new CodeLabel(curl, m_lanes);
    code->setObjectName(QStringLiteral("curl-") + name);
    auto* copy = makeButton(tr("Copy"), QStringLiteral("copy-curl-") + name,
                            tr("Copy the line for a terminal: %1").arg(curl), m_lanes);
    auto* page = makeButton(tr("In a browser"), QStringLiteral("page-") + name,
                            tr("Open %1 in a browser").arg(opened), m_lanes);
    connect(copy, &QPushButton::clicked, this,
            [curl] { QApplication::clipboard()->setText(curl); });
    connect(page, &QPushButton::clicked, this, [this, opened] { m_browser->open(QUrl(opened)); });
    m_grid->addWidget(meaning, row, 0);
    m_grid->addWidget(code, row, 1, Qt::AlignVCenter);
    m_grid->addWidget(copy, row, 2);
    m_grid->addWidget(page, row, 3);
}

void LabPanel::sayNoBrowser(const QUrl& address)
{
    QApplication::clipboard()->setText(address.toString());
    m_noBrowser->setText(
        tr("No browser could be opened here. The address is copied, to be pasted into one: %1")
            .arg(address.toString()));
    m_noBrowser->setVisible(m_running);
}

void LabPanel::showRefused(const QString& why)
{
    if (!m_running)
        return showStopped(why);
    m_choice->setCurrentIndex(m_chosen.lanes);
    m_servers->takeBack();
    m_balancer->setChoice(m_chosen.balancer);
    m_state->setText(why + tr(" What ran before still runs."));
}

void LabPanel::showStopped(const QString& why)
{
    m_running = false;
    m_state->setText(why);
    m_start->setVisible(true);
    m_stop->setEnabled(false);
    m_lanes->setVisible(false); // nobody answers there any more
    m_noBrowser->setVisible(false);
    m_network->setLab({}, {}, {});
    m_differences->setVisible(false);
}

} // namespace stickyscope
