// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/experiment/agreement.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>
#include <utility>

namespace stickyscope {

namespace {

/// What one client adds to a ratio.
struct Part
{
    double counted = 0;
    double of = 0;
};

using PartOf = std::function<Part(const ClientResult&)>;
using Pairs = std::vector<std::pair<const ClientResult*, const ClientResult*>>;

Pairs pairsOf(const LaneResult& model, const LaneResult& real)
{
    Pairs pairs;
    // Visitors of the real lane come behind the scenario's clients.
    const std::size_t both = std::min(model.clients.size(), real.clients.size());
    for (std::size_t index = 0; index < both; ++index) {
        const ClientResult& left = model.clients[index];
        const ClientResult& right = real.clients[index];
        if (left.name == right.name && left.requests > 0 && right.requests > 0)
            pairs.emplace_back(&left, &right);
    }
    return pairs;
}

/// A ratio of sums, and by how much each client pulls it: the pulls' mean is the ratio.
struct Ratio
{
    double value = 0;
    std::vector<double> pulls;
};

Ratio ratioOf(const std::vector<Part>& parts)
{
    double counted = 0;
    double of = 0;
    for (const Part& part : parts) {
        counted += part.counted;
        of += part.of;
    }
    Ratio ratio;
    ratio.value = of > 0 ? counted / of : 0;
    const double mean = of / static_cast<double>(parts.size());
    for (const Part& part : parts)
        ratio.pulls.push_back(ratio.value
                              + (mean > 0 ? (part.counted - ratio.value * part.of) / mean : 0));
    return ratio;
}

AgreementRow rowOf(std::string name, const Pairs& pairs, const PartOf& part)
{
    std::vector<Part> left;
    std::vector<Part> right;
    for (const auto& [model, real] : pairs) {
        left.push_back(part(*model));
        right.push_back(part(*real));
    }
    const Ratio model = ratioOf(left);
    const Ratio real = ratioOf(right);
    const auto count = static_cast<double>(pairs.size());
    const double difference = real.value - model.value;
    double squares = 0;
    for (std::size_t client = 0; client < pairs.size(); ++client)
        squares += std::pow(real.pulls[client] - model.pulls[client] - difference, 2);
    const double error = std::sqrt(squares / (count - 1) / count);
    const boost::math::students_t t(count - 1);
    const double reach = boost::math::quantile(t, 0.975) * error;
    AgreementRow row {std::move(name), model.value, real.value, difference - reach,
                      difference + reach};
    // Rounding is no difference.
    constexpr double rounding = 1e-12;
    if (std::abs(difference) > rounding)
        row.p = error < rounding
            ? 0
            : 2 * boost::math::cdf(boost::math::complement(t, std::abs(difference) / error));
    return row;
}

// Holm's step-down: the smallest p counts as often as there are rows, the next once less.
void adjust(std::vector<AgreementRow>& rows)
{
    std::vector<AgreementRow*> order(rows.size());
    std::transform(rows.begin(), rows.end(), order.begin(), [](AgreementRow& row) { return &row; });
    std::stable_sort(order.begin(), order.end(),
                     [](const AgreementRow* a, const AgreementRow* b) { return a->p < b->p; });
    double least = 0;
    for (std::size_t place = 0; place < order.size(); ++place) {
        const auto left = static_cast<double>(order.size() - place);
        least = std::max(least, std::min(1.0, order[place]->p * left));
        order[place]->p = least;
    }
}

std::string points(double value)
{
    std::array<char, 32> text {};
    const int length = std::snprintf(text.data(), text.size(), "%.1f", value * 100 + 0.0);
    return {text.data(), static_cast<std::size_t>(length)};
}

std::string nameOf(const AgreementRow& row)
{
    return row.ofReplica ? "the share of " + row.name : "requests that stayed";
}

bool followUps(const LaneResult& lane)
{
    return std::any_of(lane.clients.begin(), lane.clients.end(),
                       [](const ClientResult& client) { return client.followUps > 0; });
}

std::string sentenceFor(const AgreementResult& agreement)
{
    if (agreement.rows.empty())
        return "Too few clients answered in both (" + std::to_string(agreement.clients)
            + ") to tell the model's difference from chance; it takes "
            + std::to_string(fewestClientsToTell) + ".";
    std::string beyond;
    for (const AgreementRow& one : agreement.rows) {
        if (one.p < chanceLevel)
            beyond += (beyond.empty() ? "" : "; ") + nameOf(one) + ": model " + points(one.model)
                + " %, real " + points(one.real) + " % (95 % interval of the " + "difference "
                + points(one.low) + " to " + points(one.high) + " points)";
    }
    if (!beyond.empty())
        return "Model and real differ by more than chance in " + beyond + ".";
    constexpr double tooWide = 0.25;
    for (const AgreementRow& row : agreement.rows) {
        if ((row.high - row.low) / 2 > tooWide)
            return "Too early to tell the model's difference from chance: in " + nameOf(row)
                + " it may be anything from " + points(row.low) + " to " + points(row.high)
                + " points.";
    }
    // A row without data says nothing.
    std::string stayed;
    std::optional<double> widest;
    for (const AgreementRow& row : agreement.rows) {
        const double difference = std::abs(row.real - row.model);
        if (row.ofReplica)
            widest = std::max(widest.value_or(0), difference);
        else
            stayed = points(difference) + " points in requests that stayed";
    }
    std::string text = "Model and real differ by no more than chance in "
        + std::to_string(agreement.clients) + " clients: " + stayed;
    if (widest)
        text += (stayed.empty() ? "at most " : ", at most ") + points(*widest)
            + (stayed.empty() ? " points in a server's share; no request of a client has followed "
                                "another one yet"
                              : " in a server's share");
    return text + ".";
}

} // namespace

AgreementResult agreementOf(const LaneResult& model, const LaneResult& real)
{
    const Pairs pairs = pairsOf(model, real);
    AgreementResult agreement {.clients = pairs.size()};
    if (agreement.clients < fewestClientsToTell)
        return agreement;
    if (followUps(model) && followUps(real))
        agreement.rows.push_back(rowOf("stickiness", pairs, [](const ClientResult& client) {
            const auto of = static_cast<double>(client.followUps);
            return Part {of - static_cast<double>(client.switches), of};
        }));
    const std::size_t replicas = std::min(model.replicas.size(), real.replicas.size());
    for (std::size_t replica = 0; replica < replicas; ++replica) {
        agreement.rows.push_back(
            rowOf(model.replicas[replica].name, pairs, [replica](const ClientResult& client) {
                const auto all =
                    std::accumulate(client.replicas.begin(), client.replicas.end(), Count {0});
                return Part {replica < client.replicas.size()
                                 ? static_cast<double>(client.replicas[replica])
                                 : 0,
                             static_cast<double>(all)};
            }));
        agreement.rows.back().ofReplica = true;
    }
    adjust(agreement.rows);
    agreement.moreThanChance =
        std::any_of(agreement.rows.begin(), agreement.rows.end(),
                    [](const AgreementRow& row) { return row.p < chanceLevel; });
    return agreement;
}

ComparisonResult compareToModel(const LaneResult& model, const LaneResult& real)
{
    ComparisonResult result;
    if (model.stickiness && real.stickiness)
        result.stickinessDifference = *real.stickiness - *model.stickiness;
    result.agreement = agreementOf(model, real);
    result.sentence = sentenceFor(*result.agreement);
    return result;
}

} // namespace stickyscope
