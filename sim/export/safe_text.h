// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

// Texts from outside, made safe for one place in one kind of configuration. Each of these throws
// ExportError where the place cannot hold the text at all: nothing is ever left out in silence.
namespace stickyscope {

/// One line for the user. Thrown while a configuration is written, and caught by
/// exportScenario().
struct ExportError
{
    std::string text;
};

/// Letters, digits, '.', '_' and '-' alone: names of servers, domains.
std::string plainName(std::string_view text);
/// host:port, the host of letters, digits, '.', '_' and '-', or an IPv6 address in brackets.
std::string plainAddress(std::string_view text);
/// A path of letters, digits and /._~- that begins with /, as checks ask for it.
std::string plainPath(std::string_view text);
/// For a line that begins with #: without controls, line ends (YAML 1.1 has some beyond ASCII),
/// marks that turn the direction of writing, and {{, which begins a template in Traefik's files.
std::string inComment(std::string_view text);
/// Between double quotes, as haproxy.cfg reads them: $ would be a variable.
std::string haproxyQuoted(std::string_view text);
/// Between double quotes, as nginx.conf reads them. $ has no escape there: refused.
std::string nginxQuoted(std::string_view text);
/// A regular expression that matches this text alone.
std::string regexLiteral(std::string_view text);
/// The same between double quotes in nginx.conf, where a regular expression has no variables.
std::string nginxRegex(std::string_view expression);
/// Between double quotes or backticks, as a Caddyfile reads them. Braces are refused: they are
/// placeholders, which have no escape in 2.6.
std::string caddyQuoted(std::string_view text);
/// What stands between double quotes in httpd.conf, without these. ${ would be a variable:
/// refused.
std::string apacheText(std::string_view text);
/// The same in the value of a Header directive, where % begins a variable.
std::string apacheHeaderText(std::string_view text);
/// A YAML scalar in a compose file, where $ begins a variable.
std::string composeScalar(std::string_view text);
/// A YAML scalar; controls are refused.
std::string yamlText(std::string_view text);
/// A YAML scalar in a file of Traefik's, which is a template before it is YAML: {{ is refused.
std::string traefikScalar(std::string_view text);
/// Between double quotes in an expression of Go's syntax, such as a rule of Traefik's.
std::string goQuoted(std::string_view text);
/// A name of Kubernetes: at most 63 small letters, digits and hyphens, a letter first.
std::string kubernetesName(std::string_view text);

} // namespace stickyscope
