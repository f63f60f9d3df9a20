// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/live/shell_words.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace stickyscope::live {

namespace {

struct ShellError
{
    std::string text;
};

class Words
{
public:
    explicit Words(std::string_view text)
        : m_text(text)
    {
    }

    std::vector<std::string> all()
    {
        while (m_place < m_text.size())
            take(m_text[m_place++]);
        if (m_begun)
            m_words.push_back(m_word);
        return m_words;
    }

private:
    void take(char letter)
    {
        switch (letter) {
        case ' ':
        case '\t':
        case '\n':
        case '\r':
            if (m_begun)
                m_words.push_back(std::exchange(m_word, {}));
            m_begun = false;
            return;
        case '\'':
            return quoted('\'');
        case '"':
            return quoted('"');
        case '\\':
            return escaped();
        case '$':
            if (m_place < m_text.size() && m_text[m_place] == '\'') {
                ++m_place;
                return ansiQuoted();
            }
            break;
        case '|':
        case ';':
        case '&':
        case '<':
        case '>':
        case '`':
            throw ShellError {std::string("the shell's '") + letter
                              + "' outside quotes is not understood; paste one command alone"};
        default:
            break;
        }
        add(letter);
    }

    void add(char letter)
    {
        m_word += letter;
        m_begun = true;
    }

    void escaped()
    {
        if (m_place >= m_text.size())
            return;
        const char letter = m_text[m_place++];
        if (letter != '\n')
            add(letter);
    }

    void quoted(char quote)
    {
        m_begun = true;
        while (m_place < m_text.size() && m_text[m_place] != quote) {
            char letter = m_text[m_place++];
            if (quote == '"' && letter == '\\' && m_place < m_text.size()
                && std::string_view("\"\\$`\n").find(m_text[m_place]) != std::string_view::npos)
                letter = m_text[m_place++];
            if (letter != '\n' || quote == '\'')
                m_word += letter;
        }
        close();
    }

    // Chrome and Firefox write $'...' where the text holds line breaks or quotes.
    void ansiQuoted()
    {
        static constexpr std::string_view from = "nrtabfv\\'\"e";
        static constexpr std::string_view to = "\n\r\t\a\b\f\v\\'\"\x1b";
        m_begun = true;
        while (m_place < m_text.size() && m_text[m_place] != '\'') {
            char letter = m_text[m_place++];
            if (letter == '\\' && m_place < m_text.size()) {
                letter = m_text[m_place++];
                if (letter == 'u' || letter == 'x') {
                    codePoint(letter == 'u' ? 4 : 2);
                    continue;
                }
                if (const auto known = from.find(letter); known != std::string_view::npos)
                    letter = to[known];
            }
            m_word += letter;
        }
        close();
    }

    void codePoint(std::size_t digits)
    {
        unsigned code = 0;
        const char* begin = m_text.data() + m_place;
        const char* end = begin + std::min(digits, m_text.size() - m_place);
        m_place += static_cast<std::size_t>(std::from_chars(begin, end, code, 16).ptr - begin);
        if (code < 0x80) {
            m_word += static_cast<char>(code);
        } else if (code < 0x800) {
            m_word += static_cast<char>(0xc0U | (code >> 6U));
            m_word += static_cast<char>(0x80U | (code & 0x3fU));
        } else {
            m_word += static_cast<char>(0xe0U | (code >> 12U));
            m_word += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
            m_word += static_cast<char>(0x80U | (code & 0x3fU));
        }
    }

    void close()
    {
        if (m_place >= m_text.size())
            throw ShellError {"a quote is not closed"};
        ++m_place;
    }

    std::string_view m_text;
    std::size_t m_place = 0;
    std::string m_word;
    bool m_begun = false;
    std::vector<std::string> m_words;
};

} // namespace

Outcome<std::vector<std::string>> shellWords(std::string_view text)
{
    try {
        return Words(text).all();
    } catch (const ShellError& error) {
        return Outcome<std::vector<std::string>>::failure(error.text);
    }
}

} // namespace stickyscope::live
