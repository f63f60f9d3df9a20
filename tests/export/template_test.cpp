// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/export/template.h"

#include <doctest/doctest.h>

using namespace stickyscope;

namespace {

std::string filled(std::string_view text, const TemplateValues& values)
{
    const auto result = fillTemplate(text, values);
    return result ? *result : "error: " + result.error();
}

} // namespace

TEST_CASE("A name is replaced, and what replaces it is not read again")
{
    TemplateValues values;
    values.set("a", "{{b}}");
    values.set("b", "no");
    CHECK(filled("x{{a}}y {{b}}", values) == "x{{b}}y no");
}

TEST_CASE("A block is repeated with its own values, and knows those around it")
{
    TemplateValues values;
    values.set("end", ";");
    for (const char* name : {"one", "two"})
        values.repeat("servers").set("name", name);
    values.showIf("none", false);
    CHECK(filled("{{#servers}}\n  {{name}}{{end}}\n{{/servers}}\nlast {{#none}}x{{/none}}", values)
          == "  one;\n  two;\nlast ");
}

TEST_CASE("A block within a block of the same name is its own")
{
    TemplateValues values;
    TemplateValues& outer = values.repeat("a");
    outer.repeat("a").set("n", "1");
    outer.repeat("a").set("n", "2");
    CHECK(filled("{{#a}}[{{#a}}{{n}}{{/a}}]{{/a}}", values) == "[12]");
}

TEST_CASE("A text that is there shows its block")
{
    TemplateValues values;
    values.setIf("path", true, "/a");
    values.setIf("domain", false, "x");
    CHECK(filled("{{#path}}path {{path}}{{/path}}{{#domain}}domain {{domain}}{{/domain}}", values)
          == "path /a");
}

TEST_CASE("What is wrong with a template is said with its line")
{
    const TemplateValues values;
    CHECK(filled("a\n{{b}}", values) == "error: line 2: nobody knows {{b}}");
    CHECK(filled("\n\n{{#b}}{{/b}}", values) == "error: line 3: nobody knows {{#b}}");
    CHECK(filled("{{b", values) == "error: line 1: {{ has no }}");
    CHECK(filled("{{/b}}", values) == "error: line 1: {{/b}} ends nothing");
    CHECK(filled("{{#b}}", values) == "error: line 1: {{#b}} has no end");
    CHECK(filled("{{#b}}{{/c}}", values) == "error: line 1: {{/c}} ends {{#b}}");
}
