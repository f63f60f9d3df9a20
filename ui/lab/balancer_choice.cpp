// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/balancer_choice.h"

#include "sim/lab/managed/managed_product.h"
#include "sim/products/product.h"
#include "ui/format.h"
#include "ui/lab/missing_program.h"

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStandardItemModel>

namespace stickyscope {

namespace {

QString keyOf(const lab::ManagedProduct& product)
{
    return QStringLiteral("programs/") + fromCore(std::string(product.product));
}

// Where somebody has shown us the program, that one.
std::string givenPath(const lab::ManagedProduct& product)
{
    return QSettings().value(keyOf(product)).toString().toStdString();
}

bool isInstalled(const lab::ManagedProduct& product)
{
    return !lab::findProgram(product.program, givenPath(product)).empty();
}

QString titleOf(const lab::ManagedProduct& product)
{
    return fromCore(std::string(findProduct(product.product)->title));
}

} // namespace

BalancerChoice::BalancerChoice(QWidget* parent)
    : QComboBox(parent)
{
    setObjectName(QStringLiteral("lab-balancer"));
    setAccessibleName(tr("Balancer"));
    setToolTip(tr("Who balances: our own balancer, or a real one that is installed here"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(26);
    fill();
    connect(this, &QComboBox::activated, this, &BalancerChoice::choose);
}

void BalancerChoice::fill()
{
    clear();
    addItem(m_ours.isEmpty()      ? tr("Our balancer")
                : m_balancers > 1 ? tr("Our %1 balancers, as %2").arg(m_balancers).arg(m_ours)
                                  : tr("Our balancer, as %1").arg(m_ours));
    for (const lab::ManagedProduct* product : lab::managedProducts()) {
        const QString title = titleOf(*product);
        addItem(isInstalled(*product) ? tr("%1 itself").arg(title)
                                      : tr("%1: not installed…").arg(title));
        setItemData(count() - 1,
                    isInstalled(*product) ? tr("The real program")
                                          : missingProgram(*product).sentence,
                    Qt::ToolTipRole);
        if (!m_whyNoProgram.isEmpty())
            disable(count() - 1);
    }
    setCurrentIndex(m_chosen);
}

// Grey, and why stands there.
void BalancerChoice::disable(int index)
{
    setItemText(index, tr("%1: not here").arg(itemText(index)));
    setItemData(index, m_whyNoProgram, Qt::ToolTipRole);
    auto* rows = qobject_cast<QStandardItemModel*>(model());
    rows->item(index)->setEnabled(false);
}

void BalancerChoice::setOurs(const QString& products, int balancers)
{
    m_ours = products;
    m_balancers = balancers;
    fill();
}

void BalancerChoice::setPrograms(const QString& whyNot)
{
    m_whyNoProgram = whyNot.isEmpty() ? QString() : asSentence(whyNot);
    if (!whyNot.isEmpty())
        m_chosen = 0;
    setToolTip(whyNot.isEmpty()
                   ? tr("Who balances: our own balancer, or a real one that is installed here")
                   : tr("Who balances: our own. No real one: %1").arg(m_whyNoProgram));
    fill();
}

void BalancerChoice::setChoice(int index)
{
    m_chosen = index;
    setCurrentIndex(index);
}

std::optional<BalancerChoice::Program> BalancerChoice::program() const
{
    if (m_chosen == 0)
        return std::nullopt;
    const lab::ManagedProduct& product =
        *lab::managedProducts()[static_cast<std::size_t>(m_chosen - 1)];
    return Program {std::string(product.product), givenPath(product)};
}

// Who has just read how to get it need not look for a file.
bool BalancerChoice::wantsToShowIt(const lab::ManagedProduct& product)
{
    const MissingProgram missing = missingProgram(product);
    QMessageBox box(QMessageBox::Information, tr("Not installed"), missing.sentence,
                    QMessageBox::Cancel, this);
    box.setObjectName(QStringLiteral("program-missing"));
    box.setTextFormat(Qt::PlainText);
    box.setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    const QAbstractButton* copy = nullptr;
    if (!missing.command.isEmpty()) {
        box.setInformativeText(missing.command);
        copy = box.addButton(tr("Copy the command"), QMessageBox::ActionRole);
    }
    const QAbstractButton* show = box.addButton(tr("Show where it is…"), QMessageBox::ActionRole);
    box.exec();
    if (copy && box.clickedButton() == copy)
        QApplication::clipboard()->setText(missing.command);
    return box.clickedButton() == show;
}

bool BalancerChoice::findByHand(int index)
{
    const lab::ManagedProduct& product =
        *lab::managedProducts()[static_cast<std::size_t>(index - 1)];
    if (!wantsToShowIt(product))
        return false;
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Where is %1?").arg(fromCore(std::string(product.program))));
    if (path.isEmpty() || lab::findProgram(product.program, path.toStdString()).empty())
        return false;
    QSettings().setValue(keyOf(product), path);
    return true;
}

void BalancerChoice::choose(int index)
{
    const bool there = index == 0
        || isInstalled(*lab::managedProducts()[static_cast<std::size_t>(index - 1)])
        || findByHand(index);
    const bool other = there && index != m_chosen;
    if (there)
        m_chosen = index;
    fill();
    if (other)
        emit chosen();
}

} // namespace stickyscope
