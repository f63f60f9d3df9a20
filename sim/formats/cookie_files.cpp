// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/cookie_files.h"

#include "sim/formats/text_file.h"
#include "sim/http/cookie_file.h"

namespace stickyscope {

Outcome<std::vector<http::CookieJar>> readCookieFiles(const Scenario& scenario,
                                                      const std::filesystem::path& folder)
{
    std::vector<http::CookieJar> jars(scenario.clients.size());
    for (std::size_t group = 0; group < jars.size(); ++group) {
        const std::string& name = scenario.clients[group].cookieFile;
        if (name.empty())
            continue;
        const auto text = readTextFile(folder / name, name);
        if (!text)
            return Outcome<std::vector<http::CookieJar>>::failure(text.error());
        jars[group] = http::readCookieFile(*text);
        // Each client gets a copy.
        if (jars[group].cookies().size() > http::CookieJar::mostInAll)
            return Outcome<std::vector<http::CookieJar>>::failure(
                name + ": more than " + std::to_string(http::CookieJar::mostInAll)
                + " cookies, which no jar holds");
    }
    return jars;
}

} // namespace stickyscope
