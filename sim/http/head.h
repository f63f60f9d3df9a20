// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope::http {

struct Field
{
    std::string name;
    std::string value;

    bool operator==(const Field&) const = default;
};

/// Header fields in the order in which they stand; names compare without case (RFC 9110 5.1).
class Fields
{
public:
    void add(std::string_view name, std::string_view value);
    void addFirst(std::string_view name, std::string_view value);
    /// Replaces every field of this name by one, in the place of the first.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    /// What becomes of a field's value; absent: the field goes.
    using Edit = std::function<std::optional<std::string>(const std::string&)>;
    void edit(std::string_view name, const Edit& edit);
    void clear() { m_fields.clear(); }

    /// The first one's value, or null.
    const std::string* find(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool empty() const { return m_fields.empty(); }

    auto begin() const { return m_fields.begin(); }
    auto end() const { return m_fields.end(); }

    bool operator==(const Fields&) const = default;

private:
    std::vector<Field> m_fields;
};

struct RequestHead
{
    std::string method = "GET";
    std::string target = "/"; ///< origin form
    Fields fields;
};

struct ResponseHead
{
    int status = 200;
    std::string reason;
    Fields fields;
};

/// Whether a request that may have been acted upon can be sent once more (RFC 9110 9.2.2).
bool isIdempotent(std::string_view method);

/// Equal but for the case of ASCII letters.
bool equalIgnoringCase(std::string_view left, std::string_view right);
/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);
std::string lowered(std::string_view text);

} // namespace stickyscope::http
