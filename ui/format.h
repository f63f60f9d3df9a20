// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <string_view>

namespace stickyscope {

/// Text from the core, which is UTF-8.
inline QString fromCore(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// "97 %", never 100 % for less than all, nor 0 % for more than nothing; a dash where absent.
QString asPercent(const std::optional<double>& share);
/// "1.31", or a dash.
QString asRatio(const std::optional<double>& ratio);
/// With thin spaces between thousands.
QString asCount(unsigned long long count);

/// With a capital at its beginning and a full stop at its end, where it ends with neither that nor
/// another mark.
QString asSentence(const QString& words);

} // namespace stickyscope
