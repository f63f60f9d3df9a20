// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/traefik_labels.h"

#include "sim/import/traefik_service_labels.h"

#include <algorithm>
#include <array>

namespace stickyscope {

namespace {

constexpr std::array<std::string_view, 9> routerKeys {"rule",        "rulesyntax",    "entrypoints",
                                                      "middlewares", "service",       "priority",
                                                      "tls",         "observability", "parentrefs"};

std::vector<std::string> commaSeparated(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        while (word.starts_with(' '))
            word.remove_prefix(1);
        while (word.ends_with(' '))
            word.remove_suffix(1);
        if (!word.empty())
            words.emplace_back(word);
    }
    return words;
}

// A name without its provider: "again@docker" is "again" here.
std::string withoutProvider(const std::string& name)
{
    return name.ends_with("@docker") ? name.substr(0, name.size() - 7) : name;
}

class LabelReading
{
public:
    explicit LabelReading(TraefikLabels& result)
        : m_result(&result)
    {
    }

    /// False where Traefik knows no such label.
    bool label(const ComposeLabel& label)
    {
        std::string_view key = label.key;
        const auto below = [&key](std::string_view prefix) {
            const bool is = key.starts_with(prefix);
            if (is)
                key.remove_prefix(prefix.size());
            return is;
        };
        if (key == "traefik.enable") {
            m_result->enabled = readFlag(label.value);
            m_routed = true; // where no router is named, Traefik makes one
            return true;
        }
        if (below("traefik.docker.") || below("traefik.swarm.") || below("traefik.tcp.")
            || below("traefik.udp.") || below("traefik.tls."))
            return !key.empty();
        if (below("traefik.http.routers."))
            return router(nameIn(key), key, label.value);
        if (below("traefik.http.middlewares."))
            return middleware(nameIn(key), key, label.value);
        if (below("traefik.http.services."))
            return service(nameIn(key), key, label.value);
        return false;
    }

    bool routed() const { return m_routed && !m_elsewhere; }

private:
    // Takes the name in front of the next dot off `key`.
    static std::string nameIn(std::string_view& key)
    {
        const auto dot = std::min(key.find('.'), key.size());
        std::string name(key.substr(0, dot));
        key.remove_prefix(std::min(dot + 1, key.size()));
        return name;
    }

    bool router(const std::string&, std::string_view key, const std::string& value)
    {
        const std::string_view word = key.substr(0, key.find('.'));
        if (std::find(routerKeys.begin(), routerKeys.end(), word) == routerKeys.end())
            return false;
        if (key == "middlewares") {
            for (const std::string& name : commaSeparated(value))
                m_result->middlewares.push_back(withoutProvider(name));
        }
        m_routed = true;
        if (key == "service" && withoutProvider(value).find('@') != std::string::npos)
            m_elsewhere = true;
        return true;
    }

    bool middleware(const std::string& name, std::string_view key, const std::string& value)
    {
        if (key == "retry.attempts")
            readSetting(m_result->retries[name], "attempts", value);
        if (key == "retry.initialinterval")
            readSetting(m_result->retries[name], "initial-interval", value);
        return !key.empty();
    }

    bool service(const std::string& name, std::string_view key, const std::string& value)
    {
        constexpr std::string_view balancer = "loadbalancer.";
        if (!key.starts_with(balancer) || name.empty())
            return false;
        key.remove_prefix(balancer.size());
        return readServiceLabel(m_result->services[name], key, value);
    }

    TraefikLabels* m_result;
    bool m_routed = false;
    bool m_elsewhere = false; ///< a router leads to a service of another provider's
};

} // namespace

TraefikLabels readTraefikLabels(const ComposeService& service)
{
    TraefikLabels result;
    LabelReading reading(result);
    for (const ComposeLabel& label : service.labels) {
        try {
            if (!reading.label(label))
                result.errors.push_back(label.place + ": Traefik knows no label " + label.key
                                        + ", and leaves out a container that has one");
        } catch (const BadValue& bad) {
            result.errors.push_back(label.place + ": " + label.key + " must be " + bad.allowed
                                    + ", not " + label.value);
        }
    }
    result.routed = reading.routed();
    return result;
}

} // namespace stickyscope
