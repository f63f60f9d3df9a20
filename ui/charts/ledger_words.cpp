// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ledger_words.h"

#include <QCoreApplication>

#include <array>

namespace stickyscope {

namespace {

// By Ledger.
constexpr std::array<LedgerWords, ledgerKeys> ledgerTable {{
    {QT_TRANSLATE_NOOP("Ledger", "valid cookie"),
     QT_TRANSLATE_NOOP("Ledger", "the sticky cookie named a server that was up"), Qt::SolidPattern},
    {QT_TRANSLATE_NOOP("Ledger", "no cookie"),
     QT_TRANSLATE_NOOP("Ledger", "no sticky cookie was sent, and the algorithm chose"),
     Qt::NoBrush},
    {QT_TRANSLATE_NOOP("Ledger", "its server down"),
     QT_TRANSLATE_NOOP("Ledger", "the server that the cookie named was down"), Qt::BDiagPattern},
    {QT_TRANSLATE_NOOP("Ledger", "draining server"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie named a server that is draining, and is followed"),
     Qt::FDiagPattern},
    {QT_TRANSLATE_NOOP("Ledger", "unknown cookie"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie named no server of this balancer"),
     Qt::DiagCrossPattern},
    {QT_TRANSLATE_NOOP("Ledger", "expired cookie"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie was older than the balancer allows"),
     Qt::CrossPattern},
    {QT_TRANSLATE_NOOP("Ledger", "cookie refused"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie was read, but not accepted"), Qt::Dense5Pattern},
    {QT_TRANSLATE_NOOP("Ledger", "hash"),
     QT_TRANSLATE_NOOP("Ledger", "what the balancer hashes belongs to this server"),
     Qt::HorPattern},
    {QT_TRANSLATE_NOOP("Ledger", "same connection"),
     QT_TRANSLATE_NOOP("Ledger", "its connection was placed here before"), Qt::VerPattern},
    {QT_TRANSLATE_NOOP("Ledger", "cookie kept to"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie that was sent had come from this server"),
     Qt::SolidPattern},
    {QT_TRANSLATE_NOOP("Ledger", "cookie not kept to"),
     QT_TRANSLATE_NOOP("Ledger", "the cookie that was sent had come from another server"),
     Qt::BDiagPattern},
    {QT_TRANSLATE_NOOP("Ledger", "not identified"),
     QT_TRANSLATE_NOOP("Ledger", "nobody knows who answered"), Qt::Dense6Pattern},
}};

} // namespace

const LedgerWords& wordsOf(Ledger key)
{
    return ledgerTable.at(static_cast<std::size_t>(key));
}

QString nameInWords(Ledger key)
{
    return QCoreApplication::translate("Ledger", wordsOf(key).name);
}

QString sentenceOf(Ledger key)
{
    return QCoreApplication::translate("Ledger", wordsOf(key).sentence);
}

} // namespace stickyscope
