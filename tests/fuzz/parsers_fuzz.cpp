// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that reads text from outside, for libFuzzer (.ci/full). The first octet says which.
#include "sim/export/config_format.h"
#include "sim/export/export_scenario.h"
#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/http/cookie_file.h"
#include "sim/http/cookie_jar.h"
#include "sim/import/import_compose.h"
#include "sim/live/curl_command.h"
#include "sim/live/replica_identity.h"
#include "sim/live/sticky_cookie.h"
#include "sim/wire/message_reader.h"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace stickyscope;

namespace {

void readFile(std::string_view text)
{
    const auto scenario = readScenario(text, "f");
    if (!scenario)
        return;
    // What was understood can be written, and means the same.
    const auto again = readScenario(writeScenario(*scenario), "f");
    if (!again || *again != *scenario)
        std::abort();
}

void readCookies(std::string_view text)
{
    http::CookieJar jar;
    const http::Url url = *http::parseUrl("https://app.example/a/b");
    const WallSeconds now {std::chrono::seconds(1767225600)};
    jar.receive(text, url, now);
    jar.cookieFor(url, now);
    http::parseCookieField(text);
    http::parseCookieDate(text);
    const auto written = http::writeCookieFile(http::readCookieFile(text));
    if (http::writeCookieFile(http::readCookieFile(written)) != written)
        std::abort();
}

void readAddress(std::string_view text)
{
    const auto url = http::parseUrl(text);
    // What was understood is understood again, and means the same.
    if (url && http::parseUrl(url->text()) != url)
        std::abort();
}

// Whatever a scenario holds, each configuration is written or refused; and Traefik's labels say the
// same sticky cookie to who reads them.
void exportFile(std::string_view text)
{
    const auto scenario = readScenario(text, "f");
    if (!scenario || scenario->replicas.size() > 20)
        return;
    for (const std::string_view name : exportTargets()) {
        const auto target = *findExportTarget(name);
        const auto exported = exportScenario(*scenario, scenario->balancer, target);
        if (!exported || target.format->id != "compose" || scenario->balancer.product != "traefik")
            continue;
        const auto back = importCompose(exported->files.front().text, "f");
        if (!back.scenario || back.scenario->balancer.sticky != scenario->balancer.sticky)
            std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    switch (data[0] % 9) {
    case 0:
        readFile(text);
        break;
    case 1:
        readCookies(text);
        break;
    case 2:
        wire::ResponseReader().feed(text);
        break;
    case 3:
        wire::RequestReader().feed(text);
        break;
    case 4:
        live::parseCurlCommand(text);
        break;
    case 5:
        readAddress(text);
        break;
    case 6:
        importCompose(text, "f");
        break;
    case 7:
        exportFile(text);
        break;
    default:
        live::IdentityRule().identify({}, text);
        live::fingerprintOf(text.substr(0, text.size() / 2), text.substr(text.size() / 2));
        break;
    }
    return 0;
}
