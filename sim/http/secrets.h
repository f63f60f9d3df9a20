// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace stickyscope::http {

/// Whether a field of this name may hold a secret, as any may but a few whose values are known:
/// what is accepted, content types, hosts, addresses.
bool isSecretHeader(std::string_view name);
/// Whether its value is an address, in which a secret may stand: Referer, Origin.
bool isAddressHeader(std::string_view name);
/// Whether a query's value does: token, key, password, sig and the like, also as the last word of a
/// name ("access_token"), and where letters of it are percent-encoded ("to%6ben").
bool isSecretParameter(std::string_view name);

/// An address, right or wrong, with a scheme or without one, with each secret in it replaced by
/// hide(secret): the user's name and password, and such values in its query and fragment.
std::string hideSecrets(std::string_view address,
                        const std::function<std::string(std::string_view)>& hide);
/// The same, to be shown or printed: "http://***@app.example/?token=***".
std::string withoutSecrets(std::string_view address);
/// What was to be an address and is none, to be shown: a password with a slash in it ends nowhere
/// but at the last '@', so nothing stands before that one.
std::string wrongWithoutSecrets(std::string_view text);

} // namespace stickyscope::http
