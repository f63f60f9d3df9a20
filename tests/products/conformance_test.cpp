// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// What every product's row keeps, whatever it does with its cookie.
#include "sim/balance/algorithms.h"
#include "tests/support/product_variants.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using test::StickyTrial;

namespace {

// Cookies that come from elsewhere.
const std::vector<std::string> strange {"",
                                        "other=1",
                                        "sticky=",
                                        "sticky=bogus",
                                        "SRV=s2",
                                        "AWSALB=AAAA; AWSALBCORS=AAAA",
                                        "BIGipServerpool=1.2.0000",
                                        "route=7",
                                        "sticky=s1|99999999999999999999|x; =; ;;",
                                        std::string("sticky=\"") + std::string(500, 'x')};

bool takesBound(const ReplicaSet& replicas, const Recall& recall)
{
    return recall.names != noReplica && raw(recall.names) < replicas.size();
}

} // namespace

TEST_CASE("Every product gives a reason for what it reads, and binds to a replica that is there")
{
    for (const test::ProductVariant& variant : test::productVariants()) {
        CAPTURE(variant.product->id);
        StickyTrial trial(test::specOf(variant));
        std::vector<std::string> cookies = strange;
        for (int count = 0; count < 6; ++count)
            cookies.push_back(trial.ask().cookie);
        for (const bool changed : {false, true}) {
            if (changed) {
                trial.dispatcher.tell(ReplicaIndex {0}, false, {});
                trial.dispatcher.setDraining(ReplicaIndex {1}, true);
            }
            for (const std::string& cookie : cookies) {
                CAPTURE(cookie);
                const Recall recall = trial.recall(cookie);
                REQUIRE(recall.rule);
                CHECK_FALSE(recall.rule->sentence.empty());
                CHECK_FALSE((recall.bound && recall.hashed));
                CHECK_FALSE((recall.bound && recall.status != 0));
                if (!recall.bound)
                    continue;
                REQUIRE(takesBound(trial.dispatcher.replicas(), recall));
                CHECK((recall.state == CookieIn::valid || recall.state == CookieIn::draining));
            }
        }
    }
}

TEST_CASE("Every product reads back what it has written")
{
    for (const test::ProductVariant& variant : test::productVariants()) {
        CAPTURE(variant.product->id);
        StickyTrial trial(test::specOf(variant));
        for (int count = 0; count < 10; ++count) {
            const StickyTrial::Answer first = trial.ask();
            REQUIRE(first.decision.replica != noReplica);
            const StickyTrial::Answer second = trial.ask(first.cookie);
            const bool remembers = !first.cookie.empty() || trial.dispatcher.looksAtSource();
            if (!remembers)
                continue;
            CAPTURE(first.cookie);
            CHECK(second.recall.state == CookieIn::valid);
            CHECK(second.decision.replica == first.decision.replica);
        }
    }
}

TEST_CASE("A copy of a product's policy answers as the original, and goes its own way")
{
    for (const test::ProductVariant& variant : test::productVariants()) {
        CAPTURE(variant.product->id);
        StickyTrial trial(test::specOf(variant));
        const std::string cookie = trial.ask().cookie;
        StickyTrial copy = trial;
        copy.dispatcher.tell(ReplicaIndex {2}, false, {});
        copy.dispatcher.tell(ReplicaIndex {2}, true, {});
        for (const std::string& text : {std::string(), cookie}) {
            const StickyTrial::Answer one = trial.ask(text);
            const StickyTrial::Answer other = copy.ask(text);
            CHECK(one.recall.state == other.recall.state);
            CHECK(one.recall.names == other.recall.names);
            // An algorithm that draws among equals may have them in another order.
            if (one.decision.replica == other.decision.replica)
                CHECK(one.setCookies == other.setCookies);
        }
    }
}

TEST_CASE("Every product can send clients to a replica that is added later, and bind them to it")
{
    for (const test::ProductVariant& variant : test::productVariants()) {
        CAPTURE(variant.product->id);
        StickyTrial trial(test::specOf(variant));
        const ReplicaIndex added = trial.dispatcher.add(test::serverAt(3));
        for (std::size_t place = 0; place < 3; ++place)
            trial.dispatcher.tell(static_cast<ReplicaIndex>(place), false, {});
        StickyTrial::Answer first = trial.ask();
        // Envoy asks them all where so few are up.
        for (int more = 0; more < 100 && first.decision.replica != added; ++more)
            first = trial.ask();
        REQUIRE(first.decision.replica == added);
        for (std::size_t place = 0; place < 3; ++place)
            trial.dispatcher.tell(static_cast<ReplicaIndex>(place), true, {});
        const StickyTrial::Answer second = trial.ask(first.cookie);
        if (second.recall.state == CookieIn::valid && second.recall.bound)
            CHECK(second.recall.names == added);
    }
}

TEST_CASE("What a failed request meets ends, with a reason each time")
{
    for (const Product* product : products()) {
        CAPTURE(product->id);
        BalancerSpec spec {.product = std::string(product->id)};
        if (!product->hasCookie())
            spec.sticky.reset();
        for (const Fault fault : {Fault::refused, Fault::reset}) {
            for (const Bound bound : {Bound::no, Bound::yes}) {
                OnFailure next;
                int attempts = 0;
                do {
                    next = product->failed(
                        spec, {fault, attempts, bound, std::chrono::seconds(attempts), 2, 3});
                    REQUIRE(next.rule);
                    ++attempts;
                } while (next.action != OnFailure::Action::giveUp && attempts < 100);
                // Apache goes on for as long as there are members.
                CHECK((attempts < 100 || product == &apache));
            }
        }
    }
}

TEST_CASE("The custom balancer has every algorithm")
{
    for (const Algorithm& algorithm : algorithms())
        CHECK_MESSAGE(stickyscope::findAlgorithm(custom, algorithm.id) != nullptr,
                      "sim/products/custom_settings.h: name \"" << algorithm.id << "\" in ids");
}
