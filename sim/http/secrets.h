// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace stickyscope::http {

/// Whether a field of this name holds a secret: Authorization, X-Api-Key, tokens. Cookies are
/// another matter.
bool isSecretHeader(std::string_view name);
/// Whether a query's value does: token, key, password, sig and the like, also as the last word of a
/// name ("access_token").
bool isSecretParameter(std::string_view name);

/// An address, right or wrong, with each secret in it replaced by hide(secret): the user's name and
/// password, and such values in its query and fragment.
std::string hideSecrets(std::string_view address,
                        const std::function<std::string(std::string_view)>& hide);
/// The same, to be shown or printed: "http://***@app.example/?token=***".
std::string withoutSecrets(std::string_view address);

} // namespace stickyscope::http
