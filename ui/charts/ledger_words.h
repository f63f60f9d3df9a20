// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/observation.h"

#include <QString>
#include <Qt>

namespace stickyscope {

/// How a key of the affinity ledger is said and drawn. Patterns tell keys apart; colours are the
/// replicas' own.
struct LedgerWords
{
    const char* name; ///< short, for a legend
    const char* sentence; ///< what it means
    Qt::BrushStyle pattern;
};

const LedgerWords& wordsOf(Ledger key);
QString nameInWords(Ledger key);
QString sentenceOf(Ledger key);

} // namespace stickyscope
