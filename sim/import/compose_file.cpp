// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/compose_file.h"

#include "sim/http/head.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace stickyscope {

namespace {

constexpr int mostContainers = 10'000;

const YamlNode* find(const YamlNode& mapping, std::string_view key)
{
    if (mapping.kind != YamlNode::Kind::mapping)
        return nullptr;
    for (std::size_t entry = 0; entry < mapping.entries(); ++entry) {
        if (mapping.key(entry).text == key)
            return &mapping.value(entry);
    }
    return nullptr;
}

bool isNameLetter(unsigned char letter)
{
    return letter < 0x80 && (std::isalnum(letter) != 0 || letter == '_');
}

// What stands between ${ and }: a default, where there is one; else nobody here knows the value.
std::optional<std::string> defaultOf(std::string_view variable)
{
    const auto end = std::find_if_not(variable.begin(), variable.end(), isNameLetter);
    std::string_view rest = variable.substr(static_cast<std::size_t>(end - variable.begin()));
    if (rest.starts_with(':'))
        rest.remove_prefix(1);
    if (!rest.starts_with('-') || rest.find('$') != std::string_view::npos)
        return std::nullopt;
    return std::string(rest.substr(1));
}

// Compose's variables (compose-spec, 12-interpolation): $$ is a $, ${NAME:-text} has a default.
std::optional<std::string> interpolated(std::string_view text)
{
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '$') {
            result += text[at];
            continue;
        }
        const char next = at + 1 < text.size() ? text[at + 1] : ' ';
        if (next == '$') {
            result += '$';
            ++at;
            continue;
        }
        const auto close = text.find('}', at);
        const auto value = next == '{' && close != std::string_view::npos
            ? defaultOf(text.substr(at + 2, close - at - 2))
            : std::nullopt;
        if (!value)
            return std::nullopt;
        result += *value;
        at = close;
    }
    return result;
}

class Reading
{
public:
    Reading(std::string_view name, ComposeFile& file)
        : m_name(name)
        , m_file(&file)
    {
    }

    void services(const YamlNode& root)
    {
        const YamlNode* services = find(root, "services");
        if (!services || services->kind != YamlNode::Kind::mapping) {
            complain(root, "there is no mapping `services`: this is no compose file");
            return;
        }
        for (std::size_t entry = 0; entry < services->entries(); ++entry)
            service(services->key(entry), services->value(entry));
    }

private:
    std::string placeOf(const YamlNode& node) const
    {
        return m_name + ":" + std::to_string(node.line) + ":" + std::to_string(node.column);
    }

    void complain(const YamlNode& node, const std::string& sentence)
    {
        m_file->errors.push_back(placeOf(node) + ": " + sentence);
    }

    void service(const YamlNode& key, const YamlNode& node)
    {
        ComposeService service {.name = key.text, .place = placeOf(key)};
        const YamlNode* deploy = find(node, "deploy");
        if (const YamlNode* all = find(node, "labels"))
            labels(*all, service);
        if (const YamlNode* all = deploy ? find(*deploy, "labels") : nullptr)
            labels(*all, service);
        if (service.labels.empty())
            return;
        if (const YamlNode* scale = find(node, "scale"))
            count(*scale, service);
        if (const YamlNode* replicas = deploy ? find(*deploy, "replicas") : nullptr)
            count(*replicas, service);
        m_file->services.push_back(std::move(service));
    }

    void count(const YamlNode& node, ComposeService& service)
    {
        const auto text = interpolated(node.text);
        int number = -1;
        if (text)
            std::from_chars(text->data(), text->data() + text->size(), number);
        if (!text || *text != std::to_string(number) || number < 0 || number > mostContainers)
            complain(node, "the number of containers must be 0 to 10000, not " + node.text);
        else
            service.count = number;
    }

    // "key=value" items, or a mapping.
    void labels(const YamlNode& node, ComposeService& service)
    {
        if (node.kind == YamlNode::Kind::scalar && !node.isNull())
            complain(node, "labels must be a list or a mapping");
        for (const YamlNode& item : node.children) {
            if (node.kind != YamlNode::Kind::sequence)
                break;
            if (item.kind != YamlNode::Kind::scalar) {
                complain(item, "a label must be a text such as key=value");
                continue;
            }
            const auto equals = std::min(item.text.find('='), item.text.size());
            label(item, item.text.substr(0, equals),
                  item.text.substr(std::min(equals + 1, item.text.size())), service);
        }
        for (std::size_t entry = 0; node.kind == YamlNode::Kind::mapping && entry < node.entries();
             ++entry) {
            const YamlNode& value = node.value(entry);
            if (value.kind != YamlNode::Kind::scalar)
                complain(value, "a label's value must be a text");
            else
                label(node.key(entry), node.key(entry).text, value.isNull() ? "" : value.text,
                      service);
        }
    }

    void label(const YamlNode& node, std::string_view key, std::string_view value,
               ComposeService& service)
    {
        if (!http::lowered(key).starts_with("traefik."))
            return;
        const auto whole = interpolated(value);
        const auto name = interpolated(key);
        if (whole && name)
            service.labels.push_back({http::lowered(*name), *whole, placeOf(node)});
        else
            complain(node,
                     "the label " + std::string(key)
                         + " has a variable of Compose's without a default: write its value out");
    }

    std::string m_name;
    ComposeFile* m_file;
};

} // namespace

ComposeFile readComposeFile(std::string_view yaml, std::string_view name)
{
    ComposeFile file;
    const auto root = parseYaml(yaml);
    if (root)
        Reading(name, file).services(*root);
    else
        file.errors.push_back(std::string(name) + ":" + root.error());
    return file;
}

} // namespace stickyscope
