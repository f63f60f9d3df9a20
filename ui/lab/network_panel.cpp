// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/network_panel.h"

#include "sim/lab/lab_world.h"
#include "sim/lab/network_hint.h"
#include "ui/controls/check_box.h"
#include "ui/format.h"
#include "ui/lab/guest_model.h"
#include "ui/lab/qr_dialog.h"
#include "ui/lab/qr_view.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace stickyscope {

namespace {

constexpr int listEvery = 500; ///< milliseconds

QLabel* plainLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

// As long as a connection may rest (ProxyLimits::idle).
constexpr std::chrono::seconds connectedFor {60};

QString inOneLine(const std::vector<QHostAddress>& addresses)
{
    QStringList texts;
    for (const QHostAddress& address : addresses)
        texts << address.toString();
    return texts.join(QStringLiteral(", "));
}

QTableView* makeTable(QWidget* parent)
{
    auto* table = new QTableView(parent);
    table->setObjectName(QStringLiteral("network-guests"));
    table->setAccessibleName(NetworkPanel::tr("Who is connected"));
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setTabKeyNavigation(false);
    table->setFrameShape(QFrame::NoFrame);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->setMinimumWidth(table->fontMetrics().averageCharWidth() * 50);
    // A few who have come are seen, however low the window.
    table->setMinimumHeight(table->horizontalHeader()->sizeHint().height()
                            + 3 * table->verticalHeader()->defaultSectionSize());
    return table;
}

} // namespace

NetworkPanel::NetworkPanel(QWidget* parent)
    : QWidget(parent)
    , m_switch(new CheckBox(tr("Open to the local network"), this))
    , m_meaning(plainLabel(QStringLiteral("network-meaning"), this))
    , m_choice(new QComboBox(this))
    , m_open(new QWidget(this))
    , m_doors(new QWidget(m_open))
    , m_count(plainLabel(QStringLiteral("network-count"), m_open))
    , m_table(makeTable(m_open))
    , m_guests(new GuestModel(this))
    , m_hint(plainLabel(QStringLiteral("network-hint"), m_open))
{
    setObjectName(QStringLiteral("network-panel"));
    m_switch->setObjectName(QStringLiteral("network-switch"));
    m_choice->setObjectName(QStringLiteral("network-address"));
    m_choice->setAccessibleName(tr("Address of this computer"));
    m_choice->setToolTip(tr("By which of its addresses this computer is to be asked"));
    m_meaning->setProperty("faint", true);
    scaleFont(m_hint, 1, QFont::DemiBold);
    m_table->setModel(m_guests);
    auto* line = new QHBoxLayout;
    line->setSpacing(10);
    line->addWidget(m_switch);
    line->addWidget(m_meaning, 1);
    line->addWidget(m_choice);
    auto* who = new QVBoxLayout;
    who->addWidget(m_count);
    who->addWidget(m_hint);
    who->addWidget(m_table, 1);
    auto* inside = new QHBoxLayout(m_open);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(16);
    inside->addWidget(m_doors);
    inside->addLayout(who, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(line);
    layout->addWidget(m_open);
    connect(m_switch, &QCheckBox::toggled, this, &NetworkPanel::toggle);
    connect(m_choice, &QComboBox::activated, this, &NetworkPanel::showAddress);
    setLab({}, {}, {});
}

NetworkPanel::~NetworkPanel() = default;

void NetworkPanel::setAddresses(std::function<lab::NetworkAddresses()> addresses)
{
    m_addresses = std::move(addresses);
}

void NetworkPanel::setLab(std::weak_ptr<lab::LabTraffic> traffic, const QStringList& settings,
                          const QString& whyNot)
{
    m_switch->setChecked(false);
    m_traffic = std::move(traffic);
    m_settings = settings;
    m_switch->setEnabled(whyNot.isEmpty());
    setVisible(!m_traffic.expired());
    say(whyNot);
    m_open->setVisible(false);
    m_choice->setVisible(false);
}

// Nothing to say means what the switch does.
void NetworkPanel::say(const QString& text)
{
    m_meaning->setText(
        text.isEmpty()
            ? tr("Phones and computers in your network can then ask these servers, and nothing "
                 "vouches for this computer: whoever has the address may. Nothing else of it is "
                 "opened.")
            : text);
    m_switch->setAccessibleDescription(m_meaning->text());
}

void NetworkPanel::toggle(bool open)
{
    if (open)
        return openDoors();
    closeDoors();
}

void NetworkPanel::openDoors()
{
    const auto traffic = m_traffic.lock();
    const lab::NetworkAddresses own = m_addresses();
    QString why;
    if (!traffic)
        why = tr("Nothing runs that could be opened.");
    else if (own.local.empty())
        why = own.publicOnes.empty()
            ? tr("Not opened: this computer is in no network.")
            : tr("Not opened: this computer has public addresses alone (%1), by which anybody "
                 "could come.")
                  .arg(inOneLine(own.publicOnes));
    else if (auto urls = traffic->openToNetwork(own.local); urls)
        m_urls = std::move(*urls);
    else
        why = tr("Not opened: %1.").arg(fromCore(urls.error()));
    if (!why.isEmpty()) {
        m_switch->setChecked(false);
        return say(why);
    }
    say(own.publicOnes.empty()
            ? tr("Open: whoever is in your network may ask these servers, until you switch it off.")
            : tr("Open: whoever is in your network may ask these servers, until you switch it off. "
                 "Public addresses stay closed: %1.")
                  .arg(inOneLine(own.publicOnes)));
    m_choice->clear();
    for (const QHostAddress& address : own.local)
        m_choice->addItem(address.toString());
    m_choice->setVisible(own.local.size() > 1);
    makeDoors();
    m_opened.start();
    m_listed.invalidate();
    m_open->setVisible(true);
}

void NetworkPanel::closeDoors()
{
    if (const auto traffic = m_traffic.lock(); traffic && isOpen())
        traffic->closeNetwork();
    m_urls.clear();
    m_guests->setRows({});
    m_open->setVisible(false);
    m_choice->setVisible(false);
    delete m_large;
    say({});
}

void NetworkPanel::makeDoors()
{
    auto* anew = new QWidget(m_open);
    delete m_open->layout()->replaceWidget(m_doors, anew);
    delete m_doors;
    m_doors = anew;
    m_lanes.clear();
    auto* row = new QHBoxLayout(m_doors);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    for (std::size_t lane = 0; lane < m_urls.size(); ++lane) {
        const QString number = QString::number(lane);
        auto* title = plainLabel(QStringLiteral("network-setting-") + number, m_doors);
        title->setText(m_settings.value(static_cast<int>(lane)));
        scaleFont(title, 1, QFont::DemiBold);
        Door door {new QrView(m_doors),
                   plainLabel(QStringLiteral("network-url-") + number, m_doors)};
        door.code->setObjectName(QStringLiteral("network-code-") + number);
        door.address->setTextInteractionFlags(Qt::TextSelectableByMouse
                                              | Qt::TextSelectableByKeyboard);
        connect(door.code, &QrView::clicked, this, [this, lane] { enlarge(lane); });
        auto* column = new QVBoxLayout;
        column->addWidget(title);
        column->addWidget(door.code, 0, Qt::AlignLeft);
        column->addWidget(door.address);
        column->addStretch(1);
        row->addLayout(column);
        m_lanes.push_back(door);
    }
    showAddress(0);
}

void NetworkPanel::showAddress(int number)
{
    for (std::size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const QString url =
            fromCore(m_urls[lane][static_cast<std::size_t>(number)]) + QLatin1Char('/');
        m_lanes[lane].code->setAddress(url);
        m_lanes[lane].address->setText(url);
    }
}

void NetworkPanel::enlarge(std::size_t lane)
{
    delete m_large;
    m_large =
        new QrDialog(m_settings.value(static_cast<int>(lane)), m_lanes[lane].code->address(), this);
    m_large->open();
}

void NetworkPanel::setSnapshot(const Snapshot& snapshot)
{
    if (!isOpen() || (m_listed.isValid() && m_listed.elapsed() < listEvery))
        return;
    m_listed.start();
    const auto traffic = m_traffic.lock();
    if (!traffic)
        return;
    std::vector<GuestModel::Row> rows;
    int outside = 0;
    int here = 0;
    bool came = false; // somebody from outside, whenever
    if (snapshot.lanes.size() < m_urls.size())
        return;
    // A model may stand before them.
    const std::size_t before = snapshot.lanes.size() - m_urls.size();
    for (std::size_t lane = 0; lane < m_urls.size(); ++lane) {
        for (const lab::Guest& guest : traffic->guests(lane)) {
            rows.push_back(guestRow(guest, m_settings.value(static_cast<int>(lane)),
                                    snapshot.lanes[before + lane]));
            came = came || guest.outside;
            if (guest.sockets > 0
                || std::chrono::steady_clock::now() - guest.lastAsked <= connectedFor)
                (guest.outside ? outside : here) += 1;
        }
    }
    m_guests->setRows(std::move(rows));
    m_count->setText(
        tr("Who is connected: %1 from other machines, %2 from this one.").arg(outside).arg(here));
    const bool nobody = !came && m_opened.elapsed() >= m_patience.count();
    m_hint->setVisible(nobody);
    if (!nobody)
        return;
    std::vector<std::string> urls;
    for (const auto& lane : m_urls)
        urls.insert(urls.end(), lane.begin(), lane.end());
    QStringList lines;
    for (const std::string& line : lab::whyNobodyComes(urls))
        lines << fromCore(line);
    m_hint->setText(lines.join(QLatin1Char('\n')));
}

} // namespace stickyscope
