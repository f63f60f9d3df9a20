// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/yaml_merge.h"

#include "sim/formats/yaml_text.h"

#include <algorithm>

namespace stickyscope {

namespace {

const YamlNode* find(const YamlNode& mapping, std::string_view key)
{
    for (std::size_t entry = 0; entry < mapping.entries(); ++entry) {
        if (mapping.key(entry).text == key)
            return &mapping.value(entry);
    }
    return nullptr;
}

bool isNamed(const YamlNode& node)
{
    return node.kind == YamlNode::Kind::mapping && node.has("name");
}

bool isListOfNamed(const YamlNode& node)
{
    return node.kind == YamlNode::Kind::sequence && !node.children.empty()
        && std::all_of(node.children.begin(), node.children.end(), isNamed);
}

YamlNode mergedMapping(const YamlNode& base, const YamlNode& change)
{
    YamlNode result = base;
    for (std::size_t entry = 0; entry < change.entries(); ++entry) {
        std::size_t place = 0;
        while (place < base.entries() && base.key(place).text != change.key(entry).text)
            ++place;
        if (place < base.entries()) {
            result.children[2 * place + 1] = merged(base.value(place), change.value(entry));
        } else {
            result.children.push_back(change.key(entry));
            result.children.push_back(change.value(entry));
        }
    }
    return result;
}

YamlNode mergedList(const YamlNode& base, const YamlNode& change)
{
    YamlNode result = base;
    for (const YamlNode& item : change.children) {
        const std::string& name = find(item, "name")->text;
        const auto same =
            std::find_if(result.children.begin(), result.children.end(),
                         [&](const YamlNode& other) { return find(other, "name")->text == name; });
        if (same == result.children.end())
            result.children.push_back(item);
        else
            *same = mergedMapping(*same, item);
    }
    return result;
}

// What a plain scalar means without quotes alone.
bool isValue(const YamlNode& node)
{
    if (!node.plain)
        return false;
    const std::string& text = node.text;
    const bool word = text == "true" || text == "false" || node.isNull();
    const bool number = !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos
        && std::count(text.begin(), text.end(), '.') <= 1;
    return word || number;
}

} // namespace

YamlNode merged(const YamlNode& base, const YamlNode& change)
{
    if (base.kind == YamlNode::Kind::mapping && change.kind == YamlNode::Kind::mapping)
        return mergedMapping(base, change);
    if (isListOfNamed(base) && isListOfNamed(change))
        return mergedList(base, change);
    return change;
}

std::string flowText(const YamlNode& node)
{
    std::string text;
    switch (node.kind) {
    case YamlNode::Kind::scalar:
        return isValue(node) ? node.text : yamlScalar(node.text);
    case YamlNode::Kind::sequence:
        for (const YamlNode& item : node.children)
            text.append(text.empty() ? "" : ", ").append(flowText(item));
        return "[" + text + "]";
    case YamlNode::Kind::mapping:
        for (std::size_t entry = 0; entry < node.entries(); ++entry)
            text.append(text.empty() ? "" : ", ")
                .append(yamlScalar(node.key(entry).text))
                .append(": ")
                .append(flowText(node.value(entry)));
        return "{" + text + "}";
    }
    return text;
}

} // namespace stickyscope
