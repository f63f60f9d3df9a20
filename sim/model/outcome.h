// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace stickyscope {

/// A value, or one line for the user that says what is wrong and what is allowed.
template <typename Value>
class Outcome
{
public:
    Outcome(Value value) // NOLINT(google-explicit-constructor): reads as "return value;"
        : m_value(std::move(value))
    {
    }
    static Outcome failure(const std::string& error)
    {
        Outcome outcome;
        outcome.m_error = error;
        return outcome;
    }

    explicit operator bool() const { return m_value.has_value(); }
    const Value& operator*() const { return *m_value; }
    Value& operator*() { return *m_value; }
    const Value* operator->() const { return &*m_value; }
    Value* operator->() { return &*m_value; }
    const std::string& error() const { return m_error; }

private:
    Outcome() = default;

    std::optional<Value> m_value;
    std::string m_error;
};

} // namespace stickyscope
