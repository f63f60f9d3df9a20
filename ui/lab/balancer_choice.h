// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

#include <optional>
#include <string>

namespace stickyscope {

namespace lab {
struct ManagedProduct;
} // namespace lab

/// Who balances in Real: our own balancer, or a real one that is installed here or shown to us.
/// What is not installed names the package that brings it.
class BalancerChoice : public QComboBox
{
    Q_OBJECT

public:
    struct Program
    {
        std::string product;
        std::string path; ///< empty: on the PATH
    };

    explicit BalancerChoice(QWidget* parent);

    /// Our own balancer, or so many of them, do as these products do.
    void setOurs(const QString& products, int balancers);
    /// Why no program can be chosen; empty where one can. Ours is chosen then.
    void setPrograms(const QString& whyNot);
    /// Nothing where our own balancer is chosen.
    std::optional<Program> program() const;
    int choice() const { return m_chosen; }
    /// Takes back what the user has chosen.
    void setChoice(int index);

signals:
    /// By the user.
    void chosen();

private:
    void fill();
    void disable(int index);
    void choose(int index);
    bool findByHand(int index);
    bool wantsToShowIt(const lab::ManagedProduct& product);

    QString m_ours;
    int m_balancers = 1;
    QString m_whyNoProgram;
    int m_chosen = 0;
};

} // namespace stickyscope
