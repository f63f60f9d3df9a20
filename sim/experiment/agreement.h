// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/model/result.h"

namespace stickyscope {

/// Fewer clients than these say nothing about chance.
constexpr Count fewestClientsToTell = 5;
/// What is likelier than this is chance.
constexpr double chanceLevel = 0.05;

/// Whether `real` did as `model` for the clients that both have: stickiness, and each replica's
/// share. Requests of one client depend on each other (its cookie brings them to one replica), so
/// the clients are the independent ones: each row is a ratio of sums over clients, its interval
/// that of the clients' paired differences (Student's t on linearised residuals; Cochran, Sampling
/// Techniques, chapter 6), and the rows' p are adjusted for their number (Holm 1979).
AgreementResult agreementOf(const LaneResult& model, const LaneResult& real);

/// The comparison of a model with the real lane beside it, with a sentence that says whether they
/// differ by more than chance.
ComparisonResult compareToModel(const LaneResult& model, const LaneResult& real);

} // namespace stickyscope
