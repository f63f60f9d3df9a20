// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/model/active_faults.h"

#include <doctest/doctest.h>

using namespace stickyscope;
using namespace std::chrono_literals;
using Kind = Intervention::Kind;

namespace {

const Draw luck = Chance {1}.draw(ClientIndex {1}, 1, Purpose::replicaFault);

}

TEST_CASE("Of each kind one fault is active, and each ends when its time is over")
{
    ActiveFaults faults;
    CHECK(faults.empty());
    const auto first = faults.begin({.kind = Kind::latency, .lasts = 5s, .time = 1s}, Instant(1s));
    CHECK(first.until == Instant(6s));
    faults.begin({.kind = Kind::pause}, Instant(2s));
    const auto again = faults.begin({.kind = Kind::latency, .lasts = 5s, .time = 2s}, Instant(3s));
    CHECK(faults.all().size() == 2);
    CHECK(faults.fault(Kind::latency)->time == 2s);
    CHECK_FALSE(faults.kindOf(first.number));
    CHECK(faults.kindOf(again.number) == Kind::latency);
    CHECK_FALSE(faults.dueBy(Instant(7s)));
    REQUIRE(faults.dueBy(Instant(8s)));
    CHECK(faults.dueBy(Instant(8s))->fault.kind == Kind::latency);
    CHECK(faults.end(Kind::latency));
    CHECK_FALSE(faults.end(Kind::latency));
    // Without a length it lasts until somebody ends it.
    CHECK_FALSE(faults.dueBy(Instant(100h)));
    CHECK(faults.of(ReplicaIndex {2})
          == std::vector {Intervention {.kind = Kind::pause, .replica = ReplicaIndex {2}}});
}

TEST_CASE("The earliest to end is due first")
{
    ActiveFaults faults;
    faults.begin({.kind = Kind::pause, .lasts = 9s}, Instant {});
    faults.begin({.kind = Kind::errors, .lasts = 3s}, Instant {});
    CHECK(faults.dueBy(Instant(10s))->fault.kind == Kind::errors);
}

TEST_CASE("A request's demand grows by latency, bandwidth and a slow start, and by nothing else")
{
    ActiveFaults faults;
    CHECK(faults.demand(100ms, Instant {}, luck, 5000) == 100ms);
    faults.begin({.kind = Kind::latency, .time = 1s}, Instant {});
    CHECK(faults.demand(100ms, Instant {}, luck, 5000) == 1100ms);
    faults.begin({.kind = Kind::latency, .time = 1s, .jitter = 200ms}, Instant {});
    const Duration swung = faults.demand({}, Instant {}, luck, 5000);
    CHECK(swung != 1s);
    CHECK(swung >= 800ms);
    CHECK(swung <= 1200ms);
    faults.end(Kind::latency);
    faults.begin({.kind = Kind::bandwidth, .amount = 10'000}, Instant {});
    CHECK(faults.demand(100ms, Instant {}, luck, 5000) == 600ms);
    faults.end(Kind::bandwidth);
    faults.begin({.kind = Kind::slowStart, .lasts = 10s, .amount = 5000}, Instant(10s));
    CHECK(faults.demand(100ms, Instant(10s), luck, 5000) == 500ms);
    CHECK(faults.demand(100ms, Instant(15s), luck, 5000) == 300ms);
    CHECK(faults.demand(100ms, Instant(20s), luck, 5000) == 100ms);
}

TEST_CASE("A share strikes none at zero, all at a million, and a quarter between")
{
    ActiveFaults faults;
    CHECK_FALSE(faults.strikes(Kind::errors, luck));
    int struck = 0;
    for (const std::int64_t amount : {0, 1'000'000, 250'000}) {
        faults.begin({.kind = Kind::errors, .amount = amount}, Instant {});
        struck = 0;
        for (std::uint32_t ordinal = 0; ordinal < 4000; ++ordinal)
            struck +=
                faults.strikes(Kind::errors,
                               Chance {1}.draw(ClientIndex {1}, ordinal, Purpose::replicaFault))
                ? 1
                : 0;
        if (amount != 250'000)
            CHECK(struck == (amount == 0 ? 0 : 4000));
    }
    CHECK(struck > 850);
    CHECK(struck < 1150);
}

TEST_CASE("Checks fail where nothing answers them")
{
    for (const Kind kind : {Kind::blackHole, Kind::pause, Kind::reset, Kind::errors}) {
        ActiveFaults faults;
        faults.begin({.kind = kind, .amount = 1'000'000}, Instant {});
        CHECK(faults.failsChecks() == (kind != Kind::errors));
    }
    ActiveFaults half;
    half.begin({.kind = Kind::reset, .amount = 500'000}, Instant {});
    CHECK_FALSE(half.failsChecks());
}

TEST_CASE("Idle connections have the queue's places first, and then slots")
{
    CHECK(roomBeside(0, 8, 100) == RoomLeft {8, 100});
    CHECK(roomBeside(60, 8, 100) == RoomLeft {8, 40});
    CHECK(roomBeside(103, 8, 100) == RoomLeft {5, 0});
    CHECK(roomBeside(1'000'000'000, 8, 100) == RoomLeft {0, 0});
}

TEST_CASE("An answer's end comes later by its pieces and by a slow close")
{
    ActiveFaults faults;
    CHECK(faults.tail(10'000) == 0s);
    faults.begin({.kind = Kind::slicer, .time = 100ms, .amount = 2000}, Instant {});
    CHECK(faults.tail(10'000) == 400ms);
    CHECK(faults.tail(10'001) == 500ms);
    CHECK(faults.tail(2000) == 0s);
    CHECK(faults.tail(0) == 0s);
    faults.begin({.kind = Kind::slowClose, .time = 1s}, Instant {});
    CHECK(faults.tail(10'000) == 1400ms);
    CHECK(faults.demand(50ms, Instant {},
                        Chance {1}.draw(ClientIndex {0}, 0, Purpose::replicaFault), 10'000)
          == 50ms);
}
