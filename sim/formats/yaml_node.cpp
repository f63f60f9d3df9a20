// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/yaml_node.h"

#include <algorithm>
#include <memory>
#include <yaml.h>

namespace stickyscope {

namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t mostNodes = 5'500'000;
constexpr std::size_t longestList = 1'000'000;
constexpr std::size_t largestFile = std::size_t {64} << 20U;

struct YamlError
{
    std::string text;
};

[[noreturn]] void fail(const yaml_mark_t& mark, const std::string& what)
{
    throw YamlError {std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1) + ": "
                     + what};
}

// libyaml's events for one input, released as they are read.
class Events
{
public:
    explicit Events(std::string_view text)
    {
        yaml_parser_initialize(&m_parser);
        yaml_parser_set_encoding(&m_parser, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&m_parser, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    ~Events()
    {
        yaml_event_delete(&m_event);
        yaml_parser_delete(&m_parser);
    }

    const yaml_event_t& current() const { return m_event; }

    void next()
    {
        yaml_event_delete(&m_event);
        if (yaml_parser_parse(&m_parser, &m_event) == 1)
            return;
        const std::string problem = m_parser.problem ? m_parser.problem : "cannot be read";
        fail(m_parser.problem_mark, "this is not YAML: " + problem);
    }

private:
    yaml_parser_t m_parser {};
    yaml_event_t m_event {};
};

class Reader
{
public:
    explicit Reader(std::string_view text)
        : m_events(text)
    {
    }

    YamlNode document()
    {
        m_events.next(); // stream start
        m_events.next();
        if (m_events.current().type == YAML_STREAM_END_EVENT)
            fail(m_events.current().start_mark, "the file is empty; it must hold a mapping");
        m_events.next(); // behind the document's start
        YamlNode root = node(0);
        m_events.next(); // document end
        if (m_events.current().type != YAML_STREAM_END_EVENT)
            fail(m_events.current().start_mark, "a second document; the file must hold one");
        return root;
    }

private:
    YamlNode node(std::size_t depth)
    {
        const yaml_event_t& event = m_events.current();
        if (depth > deepest)
            fail(event.start_mark, "nested too deeply; at most 64 levels are allowed");
        if (++m_nodes > mostNodes)
            fail(event.start_mark, "too many values; at most 5500000 are allowed");
        YamlNode result;
        result.line = static_cast<std::uint32_t>(event.start_mark.line + 1);
        result.column = static_cast<std::uint32_t>(event.start_mark.column + 1);
        switch (event.type) {
        case YAML_SCALAR_EVENT:
            refuse(event, event.data.scalar.anchor, event.data.scalar.tag);
            result.text.assign(reinterpret_cast<const char*>(event.data.scalar.value),
                               event.data.scalar.length);
            result.plain = event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
            break;
        case YAML_SEQUENCE_START_EVENT:
            refuse(event, event.data.sequence_start.anchor, event.data.sequence_start.tag);
            sequence(result, depth);
            break;
        case YAML_MAPPING_START_EVENT:
            refuse(event, event.data.mapping_start.anchor, event.data.mapping_start.tag);
            mapping(result, depth);
            break;
        case YAML_ALIAS_EVENT:
            fail(event.start_mark, "aliases (*name) are not allowed; write the value out");
        default:
            fail(event.start_mark, "a value is missing");
        }
        m_events.next();
        return result;
    }

    static void refuse(const yaml_event_t& event, const yaml_char_t* anchor, const yaml_char_t* tag)
    {
        if (anchor)
            fail(event.start_mark, "anchors (&name) are not allowed; write the value out");
        if (tag)
            fail(event.start_mark, "tags (!name) are not allowed");
    }

    void sequence(YamlNode& result, std::size_t depth)
    {
        result.kind = YamlNode::Kind::sequence;
        m_events.next();
        while (m_events.current().type != YAML_SEQUENCE_END_EVENT) {
            if (result.children.size() == longestList)
                fail(m_events.current().start_mark, "a list with more than 1000000 entries");
            result.children.push_back(node(depth + 1));
        }
    }

    void mapping(YamlNode& result, std::size_t depth)
    {
        result.kind = YamlNode::Kind::mapping;
        m_events.next();
        while (m_events.current().type != YAML_MAPPING_END_EVENT) {
            const yaml_mark_t mark = m_events.current().start_mark;
            YamlNode key = node(depth + 1);
            if (key.kind != YamlNode::Kind::scalar)
                fail(mark, "a key must be a word");
            if (result.has(key.text))
                fail(mark, "the key '" + key.text.substr(0, 40) + "' stands here twice");
            // Mappings of a scenario are small; a large one would make this check slow.
            if (result.entries() >= 1000)
                fail(mark, "a mapping with more than 1000 keys");
            result.children.push_back(std::move(key));
            result.children.push_back(node(depth + 1));
        }
    }

    Events m_events;
    std::size_t m_nodes = 0;
};

yaml_mark_t markAt(std::string_view text, std::size_t place)
{
    yaml_mark_t mark {};
    mark.index = place;
    for (const char letter : text.substr(0, place)) {
        mark.column = letter == '\n' ? 0 : mark.column + 1;
        mark.line += letter == '\n' ? 1 : 0;
    }
    return mark;
}

} // namespace

bool YamlNode::isNull() const
{
    return kind == Kind::scalar && plain
        && (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL");
}

const YamlNode* YamlNode::find(std::string_view key) const
{
    for (std::size_t entry = 0; entry < entries(); ++entry) {
        if (children[2 * entry].text == key)
            return &value(entry);
    }
    return nullptr;
}

std::size_t firstNotUtf8(std::string_view text)
{
    std::size_t place = 0;
    while (place < text.size()) {
        const auto lead = static_cast<unsigned char>(text[place]);
        std::size_t length = 1;
        if (lead >= 0xc2 && lead <= 0xdf)
            length = 2;
        else if (lead >= 0xe0 && lead <= 0xef)
            length = 3;
        else if (lead >= 0xf0 && lead <= 0xf4)
            length = 4;
        else if (lead >= 0x80)
            return place;
        if (place + length > text.size())
            return place;
        for (std::size_t next = 1; next < length; ++next) {
            if ((static_cast<unsigned char>(text[place + next]) & 0xc0U) != 0x80U)
                return place;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[place + 1]) : 0U;
        const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        const bool outside = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
        if (overlong || outside)
            return place;
        place += length;
    }
    return std::string_view::npos;
}

Outcome<YamlNode> parseYaml(std::string_view text)
{
    try {
        if (text.size() > largestFile)
            fail({}, "the file is larger than 64 MiB");
        if (const auto bad = firstNotUtf8(text); bad != std::string_view::npos)
            fail(markAt(text, bad), "this is not UTF-8; the file must be UTF-8 text");
        return Reader(text).document();
    } catch (const YamlError& error) {
        return Outcome<YamlNode>::failure(error.text);
    }
}

} // namespace stickyscope
