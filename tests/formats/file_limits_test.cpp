// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// How large an opened file may be, and how much of anything it may hold: beyond, the error line
// says the number.
#include "sim/formats/scenario_yaml.h"
#include "sim/formats/text_file.h"
#include "tests/support/folder.h"
#include "tests/support/scenarios.h"

#include <doctest/doctest.h>
#include <fstream>

using namespace stickyscope;
using test::errorOf;

namespace {

std::string listOf(std::size_t count)
{
    std::string text = "[1";
    for (; count > 1; --count)
        text += ",1";
    return text + "]";
}

bool namesLimit(const std::string& error, const char* number)
{
    CAPTURE(error);
    return error.find(number) != std::string::npos && error.find('\n') == std::string::npos;
}

const std::string rest = "\nbalancer: {product: traefik}\n";

} // namespace

TEST_CASE("A file of more than 64 MiB is refused, and none of it is read")
{
    const test::Folder folder;
    const auto path = folder.path() / "large.sticky.yaml";
    std::ofstream(path) << "version: 1\n";
    std::filesystem::resize_file(path, largestTextFile);
    CHECK(readTextFile(path, "large"));
    std::filesystem::resize_file(path, largestTextFile + 1);
    const auto read = readTextFile(path, "large");
    REQUIRE_FALSE(read);
    CHECK(read.error() == "large: the file is larger than 64 MiB");
}

TEST_CASE("Below the file's own mapping 64 levels may stand in one another, not more")
{
    const auto nested = [](std::size_t depth) {
        return errorOf("version: 1\ntitle: " + std::string(depth, '[') + std::string(depth, ']'));
    };
    CHECK_FALSE(namesLimit(nested(64), "at most 64"));
    CHECK(namesLimit(nested(65), "at most 64"));
}

TEST_CASE("More than 10,000 replicas, 100,000 clients or 1,000,000 events are refused")
{
    const std::string clients = "clients: [{name: c, kind: curl}]";
    CHECK(namesLimit(errorOf("version: 1\nreplicas: " + listOf(10'001) + rest + clients), "10000"));
    CHECK(namesLimit(errorOf("version: 1\nreplicas: [{name: a}]" + rest
                             + "clients: [{name: c, kind: curl, count: 100001}]"),
                     "100000"));
    CHECK(
        namesLimit(errorOf("version: 1\nreplicas: [{name: a}]" + rest
                           + "clients: [{name: c, kind: curl, count: 60000}, {name: d, kind: curl, "
                             "count: 40001}]"),
                   "100000"));
    CHECK(namesLimit(errorOf("version: 1\nreplicas: [{name: a}]" + rest + clients
                             + "\ntimeline: " + listOf(1'000'001)),
                     "1000000"));
}
