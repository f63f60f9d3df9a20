// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/balancer_settings.h"

#include "ui/controls/experiment_session.h"
#include "ui/controls/transport_bar.h"
#include "ui/format.h"
#include "ui/panels/page_area.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

#include <utility>

namespace stickyscope {

namespace {

QLabel* plainLabel(const QString& what, QWidget* parent)
{
    auto* label = new QLabel(what, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

// As a line's placeholder.
void showMuted(QComboBox& box, bool muted)
{
    if (box.property("faint").toBool() == muted)
        return;
    box.setProperty("faint", muted);
    box.style()->unpolish(&box);
    box.style()->polish(&box);
}

} // namespace

QString documentsOnlyNote(const Product& product)
{
    return product.documentsOnly.empty()
        ? QString()
        : QObject::tr("%1 rests on documents: %2")
              .arg(fromCore(product.title), fromCore(product.documentsOnly));
}

QString differencesNote(const Product& product)
{
    const std::vector<Difference> all = differencesOf(product);
    if (all.empty())
        return {};
    QStringList lines {QObject::tr("Known to differ from the real one:")};
    for (const Difference& one : all)
        lines << QStringLiteral("• ") + fromCore(one.what) + QLatin1Char(' ') + fromCore(one.why);
    return lines.join(QLatin1Char('\n'));
}

BalancerSettings::BalancerSettings(ExperimentSession& session, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_title(plainLabel({}, this))
    , m_area(new PageArea(this))
{
    setObjectName(QStringLiteral("balancer-settings"));
    setWindowTitle(tr("Settings of the balancer"));
    scaleFont(m_title, 1.35, QFont::Bold);
    QPushButton* close =
        makeButton(tr("Close"), QStringLiteral("close-settings"), tr("Close (Esc)"), this);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 16, 20, 14);
    layout->setSpacing(6);
    layout->addWidget(m_title);
    layout->addWidget(m_area, 1);
    layout->addSpacing(4);
    layout->addWidget(close, 0, Qt::AlignRight);
    connect(close, &QPushButton::clicked, this, &QWidget::close);
    connect(&m_session, &ExperimentSession::scenarioChanged, this, &BalancerSettings::refresh);
    const int em = fontMetrics().height();
    resize(QSize(50 * em, 38 * em).boundedTo(parent->window()->size() - QSize(2 * em, 3 * em)));
    rebuild();
}

BalancerSettings::~BalancerSettings()
{
    forgetFields();
}

// A field that goes says that it was left, which is no edit any more.
void BalancerSettings::forgetFields()
{
    for (const Row& row : m_rows)
        row.editor->blockSignals(true);
    m_rows.clear();
}

// What was refused when it was last open is not set.
void BalancerSettings::showEvent(QShowEvent* event)
{
    refresh();
    QDialog::showEvent(event);
}

// Enter in a field applies it, and closes nothing.
void BalancerSettings::keyPressEvent(QKeyEvent* event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (!enter || !qobject_cast<QLineEdit*>(focusWidget()))
        QDialog::keyPressEvent(event);
}

void BalancerSettings::rebuild()
{
    const BalancerSpec& spec = m_session.scenario().balancer;
    const Product& product = *findProduct(spec.product);
    m_product = spec.product;
    m_cookie = product.hasCookie() && spec.sticky;
    m_title->setText(fromCore(product.title));
    forgetFields();
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 4, 8, 4);
    layout->setSpacing(10);
    // First what people come for.
    if (m_cookie)
        addGroup(*layout, tr("Sticky cookie"), cookieFieldsOf(product));
    addGroup(*layout, tr("Balancer"), balancerFieldsOf(product));
    if (!m_cookie && product.hasCookie())
        layout->addWidget(plainLabel(tr("This scenario has no sticky cookie to set."), page));
    if (m_rows.empty())
        layout->addWidget(plainLabel(tr("There is nothing to set."), page));
    addProvenance(*layout, product);
    layout->addStretch(1);
    m_area->setPage(page);
    refresh();
}

void BalancerSettings::addGroup(QVBoxLayout& page, const QString& title,
                                std::vector<BalancerField> fields)
{
    if (fields.empty())
        return;
    QLabel* heading = plainLabel(title, page.parentWidget());
    scaleFont(heading, 1.12, QFont::Bold);
    page.addWidget(heading);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(8);
    grid->setColumnMinimumWidth(0, fontMetrics().height() * 8);
    grid->setColumnMinimumWidth(1, fontMetrics().height() * 9);
    grid->setColumnStretch(3, 1);
    page.addLayout(grid);
    page.addSpacing(6);
    for (BalancerField& field : fields)
        addRow(*grid, std::move(field));
}

// Behind all that can be set: who wants to know it comes by its mark.
void BalancerSettings::addProvenance(QVBoxLayout& page, const Product& product)
{
    QLabel* heading = plainLabel(tr("Where this comes from"), page.parentWidget());
    scaleFont(heading, 1.12, QFont::Bold);
    page.addWidget(heading);
    m_provenance = plainLabel(
        tr("Follows %1. By: %2.").arg(fromCore(product.follows), fromCore(product.source)),
        page.parentWidget());
    page.addWidget(m_provenance);
    if (const QString note = documentsOnlyNote(product); !note.isEmpty()) {
        m_provenance = plainLabel(note, page.parentWidget());
        scaleFont(m_provenance, 1, QFont::DemiBold);
        page.addWidget(m_provenance);
    }
    if (const QString note = differencesNote(product); !note.isEmpty()) {
        QLabel* differences = plainLabel(note, page.parentWidget());
        differences->setObjectName(QStringLiteral("known-differences"));
        page.addWidget(differences);
    }
}

void BalancerSettings::showProvenance()
{
    QTimer::singleShot(0, m_area, [this] { m_area->ensureWidgetVisible(m_provenance); });
}

void BalancerSettings::addRow(QGridLayout& grid, BalancerField field)
{
    QWidget* page = grid.parentWidget();
    const std::size_t index = m_rows.size();
    Row& row = m_rows.emplace_back();
    row.field = std::move(field);
    row.editor = makeEditor(index);
    row.editor->setObjectName(QStringLiteral("setting-") + row.field.key);
    row.editor->setAccessibleName(row.field.key);
    const QString usual = tr("Default: %1.").arg(row.field.usual);
    row.editor->setAccessibleDescription(row.field.explanation + QLatin1Char(' ') + usual);
    row.reset = makeButton(QStringLiteral("↺"), QStringLiteral("reset-") + row.field.key,
                           tr("%1: back to the default").arg(row.field.key), page);
    row.fault = plainLabel({}, page);
    row.fault->setObjectName(QStringLiteral("fault-") + row.field.key);
    scaleFont(row.fault, 1, QFont::DemiBold);
    row.fault->setVisible(false);
    auto* key = plainLabel(row.field.key, page);
    key->setBuddy(row.editor);
    key->setWordWrap(false);
    QString explanation = row.field.explanation;
    if (!row.field.allowed.isEmpty())
        explanation += QLatin1Char(' ') + row.field.allowed + QLatin1Char('.');
    explanation += QLatin1Char(' ') + usual;
    QLabel* meaning = plainLabel(explanation, page);
    meaning->setProperty("faint", true);
    const int at = grid.rowCount();
    grid.addWidget(key, at, 0);
    grid.addWidget(row.editor, at, 1);
    grid.addWidget(row.reset, at, 2);
    grid.addWidget(meaning, at, 3);
    grid.addWidget(row.fault, at + 1, 1, 1, 3);
    connect(row.reset, &QPushButton::clicked, this, [this, index] { apply(index, std::nullopt); });
}

QWidget* BalancerSettings::makeEditor(std::size_t row)
{
    const BalancerField& field = m_rows[row].field;
    if (field.choices.isEmpty()) {
        auto* line = new QLineEdit(m_area);
        line->setPlaceholderText(field.usual);
        connect(line, &QLineEdit::editingFinished, this, [this, row, line] {
            const QString words = line->text().trimmed();
            apply(row, words.isEmpty() ? std::nullopt : std::optional(words));
        });
        return line;
    }
    auto* box = new QComboBox(m_area);
    box->addItem(tr("%1 (default)").arg(field.usual));
    box->addItems(field.choices);
    connect(box, &QComboBox::activated, this, [this, row, box](int choice) {
        apply(row, choice == 0 ? std::nullopt : std::optional(box->currentText()));
    });
    return box;
}

void BalancerSettings::refresh()
{
    const BalancerSpec& spec = m_session.scenario().balancer;
    const bool cookie = findProduct(spec.product)->hasCookie() && spec.sticky;
    if (spec.product != m_product || cookie != m_cookie)
        return rebuild();
    for (Row& row : m_rows) {
        const auto set = row.field.read(spec);
        const QSignalBlocker quiet(row.editor);
        if (auto* box = qobject_cast<QComboBox*>(row.editor)) {
            box->setCurrentIndex(
                set ? std::max(0, 1 + static_cast<int>(row.field.choices.indexOf(*set))) : 0);
            showMuted(*box, !set);
        } else
            static_cast<QLineEdit*>(row.editor)->setText(set.value_or(QString()));
        row.editor->setEnabled(m_session.isModel());
        row.reset->setEnabled(set.has_value() && m_session.isModel());
        row.fault->setVisible(false);
    }
}

// What is wrong stays to be seen, with what is wrong about it.
void BalancerSettings::apply(std::size_t index, const std::optional<QString>& words)
{
    if (m_session.scenario().balancer.product != m_product)
        return;
    Row& row = m_rows[index];
    BalancerSpec spec = m_session.scenario().balancer;
    if (words == row.field.read(spec))
        return refresh();
    QString fault;
    if (!row.field.write(spec, words))
        fault = row.field.allowed.isEmpty()
            ? tr("%1 is none of what can stand here.").arg(*words)
            : tr("It must be %1, not %2.").arg(row.field.allowed, *words);
    else
        fault = fromCore(m_session.setBalancer(std::move(spec)));
    row.fault->setText(QStringLiteral("✕ ") + fault);
    row.fault->setVisible(!fault.isEmpty());
    // Once there is room for it.
    if (!fault.isEmpty())
        QTimer::singleShot(0, row.fault,
                           [area = m_area, what = row.fault] { area->ensureWidgetVisible(what); });
}

} // namespace stickyscope
