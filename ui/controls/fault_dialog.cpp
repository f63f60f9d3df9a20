// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/controls/fault_dialog.h"

#include "ui/fault_words.h"
#include "ui/format.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>
#include <cmath>

namespace stickyscope {

namespace {

/// How a setting's numbers are shown: times in seconds, shares in per cent.
struct Display
{
    double unit = 1; ///< as kept, for one as shown
    int decimals = 0;
    QString suffix;
};

Display displayOf(const FaultSetting& setting)
{
    switch (setting.type) {
    case FaultSetting::Type::time:
        return {1e9, 3, QObject::tr(" s")};
    case FaultSetting::Type::share:
        return {faultUnit(setting.type) / 100, 2, QObject::tr(" %")};
    case FaultSetting::Type::factor:
        return {faultUnit(setting.type), 1, {}};
    case FaultSetting::Type::whole:
        break;
    }
    return {};
}

QDoubleSpinBox* fieldFor(const FaultSetting& setting, std::int64_t value, QWidget* parent)
{
    const Display display = displayOf(setting);
    auto* field = new QDoubleSpinBox(parent);
    const QString key = fromCore(setting.key);
    field->setObjectName(QStringLiteral("fault-") + key);
    field->setAccessibleName(wordsOf(setting));
    field->setDecimals(display.decimals);
    field->setSuffix(display.suffix);
    // The least that can be typed, where nothing at all is not allowed.
    const double step = std::pow(10.0, -display.decimals);
    const double least = static_cast<double>(setting.least) / display.unit;
    field->setRange(setting.least > 0 ? std::max(least, step) : least,
                    static_cast<double>(setting.most) / display.unit);
    if (setting.field == FaultSetting::Field::lasts && setting.least == 0)
        field->setSpecialValueText(QObject::tr("until it is mended"));
    field->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    field->setGroupSeparatorShown(setting.field != FaultSetting::Field::status);
    field->setValue(static_cast<double>(value) / display.unit);
    return field;
}

} // namespace

FaultDialog::FaultDialog(const Intervention& fault, const QString& server, QWidget* parent)
    : QDialog(parent)
    , m_fault(fault)
{
    const ReplicaFault& row = *findFault(fault.kind);
    setObjectName(QStringLiteral("fault-dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("%1: %2").arg(server, titleOf(row)));
    auto* form = new QFormLayout(this);
    auto* words = new QLabel(explanationOf(row), this);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
    form->addRow(words);
    for (const FaultSetting& setting : row.settings) {
        auto* field = fieldFor(setting, valueOf(fault, setting.field), this);
        form->addRow(field->accessibleName(), field);
        m_fields.emplace_back(&setting, field);
    }
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Let it happen"));
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &FaultDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void FaultDialog::choose()
{
    for (const auto& [setting, field] : m_fields) {
        const double kept = field->value() * displayOf(*setting).unit;
        setValue(m_fault, setting->field, std::llround(kept));
    }
    emit faultChosen(m_fault);
    accept();
}

} // namespace stickyscope
