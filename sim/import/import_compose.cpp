// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/import/import_compose.h"

#include "sim/formats/scenario_writer.h"
#include "sim/formats/scenario_yaml.h"
#include "sim/http/head.h"
#include "sim/import/traefik_labels.h"

#include <algorithm>
#include <map>

namespace stickyscope {

namespace {

/// A service of the file that stands behind a service of Traefik's.
struct Member
{
    const ComposeService* compose;
    std::string service; ///< Traefik's name for what it serves
    TraefikService says;
};

class Importing
{
public:
    Importing(const ComposeFile& file, std::string_view name, ComposeImport& result)
        : m_name(name)
        , m_result(&result)
    {
        result.errors = file.errors;
        for (const ComposeService& service : file.services)
            take(service);
    }

    void run(std::string_view wanted)
    {
        if (!m_result->errors.empty() || !choose(wanted) || !agree())
            return;
        Scenario scenario;
        scenario.title = "Imported from " + m_name;
        scenario.balancer = m_members.front().says.balancer;
        scenario.balancer.product = "traefik";
        if (const Settings* again = retry()) {
            // middlewares/retry/retry.go, New
            if (!again->has("attempts"))
                return fail("a retry without attempts: Traefik makes no router that names it");
            for (const auto& [key, value] : *again)
                scenario.balancer.settings.set(key, value);
        }
        for (const Member& member : m_members)
            addReplicas(member, scenario);
        scenario.clients = {{.name = "browsers", .count = 6}};
        // A file without lanes has one that is sticky.
        scenario.lanes = offAndOn();
        if (!scenario.balancer.sticky)
            scenario.lanes.pop_back();
        if (scenario.replicas.empty())
            return fail("the service " + m_members.front().service + " has no container");
        // What is written must be read again: names that are too long, or stand there twice.
        const auto read = readScenario(writeScenario(scenario), "the scenario");
        if (!read)
            return fail(read.error());
        noteStickiness();
        noteLeftOut();
        m_result->scenario = *read;
    }

private:
    void fail(const std::string& sentence) { m_result->errors.push_back(m_name + ": " + sentence); }

    void take(const ComposeService& service)
    {
        TraefikLabels labels = readTraefikLabels(service);
        if (!labels.enabled)
            return;
        m_result->errors.insert(m_result->errors.end(), labels.errors.begin(), labels.errors.end());
        m_retries.insert(labels.retries.begin(), labels.retries.end());
        m_middlewares.insert(m_middlewares.end(), labels.middlewares.begin(),
                             labels.middlewares.end());
        // Without a service's label, Traefik makes one up for whatever a router leads to.
        if (labels.services.empty() && labels.routed)
            labels.services[http::lowered(service.name)];
        for (const auto& [name, says] : labels.services)
            m_members.push_back({&service, name, says});
    }

    // Keeps the members of one service.
    bool choose(std::string_view wanted)
    {
        std::string known;
        for (const Member& member : m_members) {
            if ((", " + known + ", ").find(", " + member.service + ", ") == std::string::npos)
                known.append(known.empty() ? "" : ", ").append(member.service);
        }
        const bool several = known.find(", ") != std::string::npos;
        if (known.empty())
            fail("no service has labels by which Traefik would serve it");
        else if (wanted.empty() && several)
            fail("the labels name several services, " + known
                 + ": say with --service which to import");
        if (known.empty() || (wanted.empty() && several))
            return false;
        const std::string name = wanted.empty() ? m_members.front().service : http::lowered(wanted);
        std::erase_if(m_members, [&](const Member& member) { return member.service != name; });
        if (m_members.empty())
            fail("--service must be one of " + known + ", not " + std::string(wanted));
        return !m_members.empty();
    }

    // Containers of one service must say the same of it, their own weights apart (Traefik: "service
    // defined multiple times with different configurations").
    bool agree()
    {
        const Member& first = m_members.front();
        const auto other =
            std::find_if(m_members.begin(), m_members.end(), [&first](const Member& member) {
                return member.says.balancer != first.says.balancer;
            });
        if (other == m_members.end())
            return true;
        m_result->errors.push_back(other->compose->place + ": " + other->compose->name + " and "
                                   + first.compose->name + " say different things of the service "
                                   + first.service + ": Traefik leaves out both");
        return false;
    }

    // Null where no router names one.
    const Settings* retry() const
    {
        for (const std::string& name : m_middlewares) {
            if (const auto found = m_retries.find(http::lowered(name)); found != m_retries.end())
                return &found->second;
        }
        return nullptr;
    }

    // Docker calls the containers of one service app-1, app-2 and so on.
    static void addReplicas(const Member& member, Scenario& scenario)
    {
        const int count = member.compose->count;
        for (int number = 1; number <= count; ++number) {
            ReplicaSpec& replica = scenario.replicas.emplace_back();
            replica.name =
                member.compose->name + (count > 1 ? "-" + std::to_string(number) : std::string());
            replica.weight = member.says.weight;
        }
    }

    void noteStickiness()
    {
        const TraefikService& says = m_members.front().says;
        if (!says.balancer.sticky && says.stickyWithoutCookie)
            m_result->notes.push_back(m_name
                                      + ": the label sticky sets no cookie by itself: "
                                        "sticky.cookie=true, or sticky.cookie.name, does");
        else if (!says.balancer.sticky)
            m_result->notes.push_back(m_name + ": no label sets a sticky cookie");
    }

    // An export would have to be told of it.
    void noteLeftOut()
    {
        std::string all;
        for (const std::string& label : m_members.front().says.leftOut)
            all.append(all.empty() ? "" : ", ").append(label);
        for (const std::string& name : m_middlewares) {
            if (!m_retries.contains(http::lowered(name)))
                all.append(all.empty() ? "" : ", ").append("the middleware ").append(name);
        }
        if (!all.empty())
            m_result->notes.push_back(m_name + ": not of a scenario, and left out: " + all);
    }

    std::string m_name;
    ComposeImport* m_result;
    std::vector<Member> m_members;
    std::vector<std::string> m_middlewares;
    std::map<std::string, Settings> m_retries;
};

} // namespace

ComposeImport importCompose(std::string_view yaml, std::string_view name, std::string_view service)
{
    ComposeImport result;
    const ComposeFile file = readComposeFile(yaml, name);
    Importing(file, name, result).run(service);
    return result;
}

} // namespace stickyscope
