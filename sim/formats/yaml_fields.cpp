// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/yaml_fields.h"

#include "sim/formats/time_text.h"
#include "sim/http/secrets.h"

#include <algorithm>
#include <charconv>

namespace stickyscope {

namespace {

std::string list(std::span<const std::string_view> words)
{
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

} // namespace

Place Place::item(std::size_t index) const
{
    return {m_node->children[index], m_path + "[" + std::to_string(index) + "]"};
}

Place Place::entry(std::size_t index) const
{
    const std::string key = m_node->key(index).text.substr(0, 60);
    return {m_node->value(index), m_path.empty() ? key : m_path + "." + key};
}

std::string Place::shown() const
{
    switch (m_node->kind) {
    case YamlNode::Kind::sequence:
        return "a list";
    case YamlNode::Kind::mapping:
        return "a mapping";
    case YamlNode::Kind::scalar:
        break;
    }
    if (m_node->isNull())
        return "nothing";
    // Secrets stay out of errors, which end up in logs.
    const auto header = m_path.rfind(".headers.");
    if (header != std::string::npos && http::isSecretHeader(m_path.substr(header + 9)))
        return "what stands there";
    std::string text = http::wrongWithoutSecrets(m_node->text).substr(0, 60);
    for (char& letter : text) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            letter = ' ';
    }
    return m_node->plain ? text : "'" + text + "'";
}

void Place::fail(const std::string& sentence) const
{
    throw FieldError {std::to_string(m_node->line) + ":" + std::to_string(m_node->column) + ": "
                      + sentence};
}

void Place::mustBe(std::string_view allowed) const
{
    fail((m_path.empty() ? "the file" : m_path) + " must be " + std::string(allowed) + ", not "
         + shown());
}

std::string Place::text(std::size_t longestText) const
{
    const bool text = m_node->kind == YamlNode::Kind::scalar && !m_node->isNull();
    const bool clean =
        std::none_of(m_node->text.begin(), m_node->text.end(),
                     [](unsigned char letter) { return letter < 0x20 || letter == 0x7f; });
    if (!text || !clean || m_node->text.size() > longestText || m_node->text.empty())
        mustBe("one line of text, 1 to " + std::to_string(longestText) + " bytes long");
    return m_node->text;
}

std::string Place::name() const
{
    const std::string& name = m_node->text;
    const bool good =
        m_node->kind == YamlNode::Kind::scalar && !name.empty() && name.size() <= 63
        && std::isalnum(static_cast<unsigned char>(name.front()))
        && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
               return std::isalnum(letter) || letter == '.' || letter == '_' || letter == '-';
           });
    if (!good)
        mustBe(
            "a name of letters, digits, '.', '_' and '-', 1 to 63 long, a letter or digit first");
    return name;
}

std::string Place::newName(std::set<std::string>& seen) const
{
    std::string result = name();
    if (!seen.insert(result).second)
        fail(m_path + ": the name '" + result + "' stands here twice");
    return result;
}

std::int64_t Place::integer(std::int64_t least, std::int64_t most) const
{
    std::int64_t number = 0;
    const std::string& text = m_node->text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool good = m_node->kind == YamlNode::Kind::scalar && m_node->plain
        && error == std::errc {} && end == text.data() + text.size() && number >= least
        && number <= most;
    if (!good)
        mustBe(std::to_string(least) + " to " + std::to_string(most));
    return number;
}

int Place::whole(int least, int most) const
{
    return static_cast<int>(integer(least, most));
}

double Place::number(double least, double most) const
{
    double number = 0;
    const std::string& text = m_node->text;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    const bool good = m_node->kind == YamlNode::Kind::scalar && m_node->plain
        && error == std::errc {} && end == text.data() + text.size() && number >= least
        && number <= most;
    if (!good)
        mustBe("a number, " + writeNumber(least) + " to " + writeNumber(most));
    return number;
}

bool Place::boolean() const
{
    if (m_node->kind != YamlNode::Kind::scalar || !m_node->plain
        || (m_node->text != "true" && m_node->text != "false"))
        mustBe("true or false");
    return m_node->text == "true";
}

Duration Place::duration(Duration least, Duration most) const
{
    const auto duration =
        m_node->kind == YamlNode::Kind::scalar ? readTime(m_node->text) : std::nullopt;
    if (!duration || *duration < least || *duration > most)
        mustBe("a time such as 500ms or 1.5s (ns, us, ms, s, m, h), " + writeTime(least) + " to "
               + writeTime(most));
    return *duration;
}

Duration Place::rate() const
{
    const auto gap = m_node->kind == YamlNode::Kind::scalar ? readRate(m_node->text) : std::nullopt;
    if (!gap)
        mustBe("a rate such as 0.5/s or 30/m, at most 1000000/s");
    return *gap;
}

Distribution Place::distribution() const
{
    if (m_node->kind == YamlNode::Kind::scalar)
        return {.mean = duration({}, longestTime)};
    if (m_node->kind != YamlNode::Kind::mapping || m_node->entries() != 1)
        mustBe("a time, or one of {constant: T}, {exponential: T}, {uniform: [T, T]}, "
               "{lognormal: {mean: T, p99: T}}");
    Distribution result;
    fields({
        {"constant", [&](const Place& at) { result.mean = at.duration({}, longestTime); }},
        {"exponential",
         [&](const Place& at) {
             result = {.shape = Distribution::Shape::exponential,
                       .mean = at.duration({}, longestTime)};
         }},
        {"uniform",
         [&](const Place& at) {
             const auto ends = at.items(2, 2);
             result.shape = Distribution::Shape::uniform;
             result.least = ends[0].duration({}, longestTime);
             result.most = ends[1].duration(result.least, longestTime);
             result.mean = (result.least + result.most) / 2;
         }},
        {"lognormal",
         [&](const Place& at) {
             result.shape = Distribution::Shape::lognormal;
             constexpr Duration least = std::chrono::microseconds(1);
             at.fields(
                 {{"mean",
                   [&](const Place& of) {
                       result.mean = of.duration(least, std::chrono::hours(600));
                   },
                   true},
                  {"p99", [&](const Place& of) { result.p99 = of.duration(least, longestTime); },
                   true}});
             if (result.p99 <= result.mean || result.p99 > result.mean * 14)
                 at.fail(at.path() + ".p99 must be above the mean and at most 14 times it");
         }},
    });
    return result;
}

std::size_t Place::oneOf(std::span<const std::string_view> words) const
{
    const auto found = m_node->kind == YamlNode::Kind::scalar
        ? std::find(words.begin(), words.end(), m_node->text)
        : words.end();
    if (found == words.end())
        mustBe("one of " + list(words));
    return static_cast<std::size_t>(found - words.begin());
}

std::vector<Place> Place::items(std::size_t least, std::size_t most) const
{
    const bool good = m_node->kind == YamlNode::Kind::sequence && m_node->children.size() >= least
        && m_node->children.size() <= most;
    if (!good && m_node->kind == YamlNode::Kind::sequence)
        fail(m_path + " must hold " + std::to_string(least) + " to " + std::to_string(most)
             + " entries, not " + std::to_string(m_node->children.size()));
    if (!good)
        mustBe("a list");
    std::vector<Place> places;
    places.reserve(m_node->children.size());
    for (std::size_t index = 0; index < m_node->children.size(); ++index)
        places.push_back(item(index));
    return places;
}

void Place::fields(const std::vector<Field>& fields) const
{
    if (m_node->kind != YamlNode::Kind::mapping)
        mustBe("a mapping");
    for (std::size_t index = 0; index < m_node->entries(); ++index) {
        const YamlNode& key = m_node->key(index);
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&](const Field& known) { return known.key == key.text; });
        if (field == fields.end()) {
            std::vector<std::string_view> keys;
            for (const Field& known : fields) {
                if (known.named)
                    keys.push_back(known.key);
            }
            Place(key, {}).fail("unknown key '" + key.text.substr(0, 60) + "'"
                                + (m_path.empty() ? "" : " in " + m_path) + "; allowed are "
                                + list(keys));
        }
        field->read(entry(index));
    }
    for (const Field& field : fields) {
        if (field.required && !m_node->has(field.key))
            fail((m_path.empty() ? "the file" : m_path) + " lacks '" + std::string(field.key)
                 + "'");
    }
}

} // namespace stickyscope
