// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/safe_text.h"

#include <doctest/doctest.h>
#include <functional>
#include <optional>
#include <string>
#include <vector>

using namespace stickyscope;

namespace {

std::optional<std::string> refused(const std::function<std::string()>& make)
{
    try {
        make();
    } catch (const ExportError& error) {
        return error.text;
    }
    return std::nullopt;
}

} // namespace

TEST_CASE("No text ends the quotes or the line that it stands in")
{
    CHECK(haproxyQuoted(R"(a"b\c$d)") == R"("a\"b\\c\$d")");
    CHECK(nginxQuoted(R"(a"b\c)") == R"("a\"b\\c")");
    CHECK(caddyQuoted(R"(a"b\c)") == R"(`a"b\c`)");
    CHECK(caddyQuoted("a`b") == "\"a`b\"");
    CHECK(apacheText(R"(a"b\c)") == R"(a\"b\\c)");
    CHECK(apacheHeaderText("100%{HOST}e") == "100%%{HOST}e");
    CHECK(composeScalar("a=$HOME") == "\"a=$$HOME\"");
    CHECK(yamlText("on") == "\"on\"");
}

TEST_CASE("What a format cannot hold is refused, not left out")
{
    const std::vector<std::string (*)(std::string_view)> all {
        haproxyQuoted, nginxQuoted,      nginxRegex,    caddyQuoted, apacheText,
        yamlText,      apacheHeaderText, composeScalar, plainName,   traefikScalar};
    for (const auto make : all) {
        for (const char* text : {"a\nb", "a\rb",
                                 "a\x01"
                                 "b",
                                 "a\x7f", "\xff"})
            CHECK(refused([&] { return make(text); }));
    }
    CHECK(refused([] { return nginxQuoted("a$b"); })->find("variable") != std::string::npos);
    CHECK(refused([] { return caddyQuoted("{env.HOME}"); }));
    CHECK(refused([] { return caddyQuoted("a`b\"c"); }));
    CHECK(refused([] { return apacheText("${HOME}"); }));
    CHECK(refused([] { return traefikScalar("{{env `HOME`}}"); }));
    CHECK(refused([] { return plainName("a b"); }));
    CHECK(refused([] { return plainName("-f"); }));
    CHECK(refused([] { return plainName(""); }));
    CHECK(refused([] { return kubernetesName("1a"); }));
    CHECK(kubernetesName("Server_1.") == "server-1");
}

TEST_CASE("An address is host and port, and nothing else")
{
    for (const char* good : {"10.0.0.3:8000", "app.example:80", "[::1]:8000", "my_app:1"})
        CHECK(plainAddress(good) == good);
    for (const char* bad : {"10.0.0.3", "a b:80", "a;b:80", "a:80 weight=3", "a:", ":80", "a:80x",
                            "[::1;]:80", "a:123456", "http://a:80", "[]:1",
                            "b\xc3\xbc"
                            "cher:80"})
        CHECK_MESSAGE(refused([&] { return plainAddress(bad); }), bad);
}

TEST_CASE("A path for checks holds nothing that a configuration could read as something else")
{
    CHECK(plainPath("/") == "/");
    CHECK(plainPath("/a/b-c_d.e~f") == "/a/b-c_d.e~f");
    for (const char* bad : {"", "a", "/a b", "/a;b", "/$a", "/{a}", "/a\"", "/a\n", "/%41", "/a#b"})
        CHECK_MESSAGE(refused([&] { return plainPath(bad); }), bad);
}

TEST_CASE("A comment stays one line, for every reader, and begins no template")
{
    CHECK(inComment("a\nb\tc") == "a b c");
    // The next line and the line separator end a line in YAML 1.1.
    CHECK(inComment("a\u2028b\u2029c\u0085d") == "a b c d");
    CHECK(inComment("a\u202eb") == "a b");
    CHECK(inComment("{{env}} {{{") == "{ {env}} { { {");
    CHECK(inComment("\xff"
                    "b")
          == " b");
    CHECK(inComment("caf\u00e9") == "caf\u00e9");
}

TEST_CASE("A regular expression matches its text alone")
{
    CHECK(regexLiteral("a.b*c") == R"(a\.b\*c)");
    CHECK(nginxRegex("~^a\\.b$") == R"("~^a\\.b$")");
}
