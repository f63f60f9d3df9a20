// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/replica_faults.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace stickyscope {

/// "Latency", "Black hole".
QString titleOf(const ReplicaFault& fault);
/// "octets per second".
QString wordsOf(const FaultSetting& setting);
/// What it does, in one sentence.
QString explanationOf(const ReplicaFault& fault);
/// One of its figures with its unit: "200 ms", "50 %", "5 times".
QString valueText(const FaultSetting& setting, std::int64_t value);
/// "Latency: add 1 s, jitter 200 ms".
QString inWords(const Intervention& fault);
/// For where there is little room: "latency, paused"; empty where nothing is wrong.
QString inShort(const std::vector<Intervention>& faults);

} // namespace stickyscope
