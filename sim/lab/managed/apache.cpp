// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/lab/managed/administration.h"

#include <QXmlStreamReader>

#include <csignal>

namespace stickyscope::lab {

namespace {

constexpr const char* page = "/balancer-manager";

// One process, so that there is one set of counters.
std::vector<std::string> arguments(const ManagedRun& run)
{
    return {"-X", "-d", run.folder.string(), "-f", (run.folder / "httpd.conf").string()};
}

std::string urlOf(const ReplicaSpec& replica)
{
    return "http://" + replica.address;
}

// It takes what is asked for only from its own page.
http::Fields ownReferer(const ManagedRun& run)
{
    http::Fields fields;
    fields.set("Referer", "http://127.0.0.1:" + std::to_string(run.site.adminPort) + page);
    return fields;
}

// Its page changes a member by a form with a number that only its own page tells.
std::string manage(const ManagedRun& run, const std::string& fields)
{
    const auto form = askAdmin(run, "GET", page);
    const auto at = form ? form->body.find("nonce=") : std::string::npos;
    if (at == std::string::npos)
        return "Apache's balancer-manager does not answer";
    const auto begin = at + 6;
    const auto end = form->body.find_first_not_of("0123456789abcdef-", begin);
    const std::string body = "b=app&nonce=" + form->body.substr(begin, end - begin) + "&" + fields;
    http::Fields head = ownReferer(run);
    head.set("Content-Type", "application/x-www-form-urlencoded");
    const auto answer = askAdmin(run, "POST", page, body, head);
    return answer && answer->status == 200 ? "" : "Apache's balancer-manager refuses a change";
}

// Names and addresses are plain (the configuration was written with them): ':' and '/' may stand
// in a form as they are.
std::string apply(ManagedRun& run, std::size_t added)
{
    const auto& replicas = run.scenario.replicas;
    for (std::size_t server = replicas.size() - added; server < replicas.size(); ++server) {
        const ReplicaSpec& replica = replicas[server];
        std::string error = manage(run, "b_nwrkr=" + urlOf(replica) + "&b_wyes=1");
        if (error.empty())
            error = manage(run,
                           "w=" + urlOf(replica) + "&w_wr=" + replica.route.value_or(replica.name)
                               + "&w_lf=" + std::to_string(std::max(replica.weight, 1)) + "&w_rr="
                               + replica.redirect + "&w_status_H=" + (replica.backup ? "1" : "0")
                               + "&w_status_R=" + (replica.spare ? "1" : "0"));
        if (!error.empty())
            return error;
    }
    for (std::size_t server = 0; server < replicas.size(); ++server) {
        const auto& orders = run.site.orders;
        const ServerOrder order = server < orders.size() ? orders[server] : ServerOrder::ready;
        const bool drains = order == ServerOrder::drain || replicas[server].weight == 0;
        std::string error =
            manage(run,
                   "w=" + urlOf(replicas[server]) + "&w_status_N=" + (drains ? "1" : "0")
                       + "&w_status_D=" + (order == ServerOrder::stop ? "1" : "0"));
        if (!error.empty())
            return error;
    }
    return {};
}

bool settled(const ManagedRun& run)
{
    return askAdmin(run, "GET", page) && listens(run);
}

// The same page as XML: <httpd:worker> with <httpd:name>, <httpd:elected>, <httpd:status>.
Outcome<std::vector<ServerCount>> counts(const ManagedRun& run)
{
    const auto answer = askAdmin(run, "GET", std::string(page) + "?xml=1", {}, ownReferer(run));
    if (!answer || answer->status != 200)
        return Outcome<std::vector<ServerCount>>::failure(
            "Apache's balancer-manager does not answer");
    std::vector<ServerCount> result;
    for (const ReplicaSpec& replica : run.scenario.replicas)
        result.push_back({.name = replica.name});
    ServerCount* current = nullptr;
    QXmlStreamReader xml(QString::fromStdString(answer->body));
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QStringView name = xml.name();
        if (name == QLatin1String("name")) {
            const std::string url = xml.readElementText().toStdString();
            current = nullptr;
            for (std::size_t server = 0; server < result.size(); ++server) {
                if (url == urlOf(run.scenario.replicas[server]))
                    current = &result[server];
            }
        } else if (current && name == QLatin1String("elected")) {
            current->requests = xml.readElementText().toULongLong();
        } else if (current && name == QLatin1String("status")) {
            current->state = xml.readElementText().trimmed().toStdString();
        }
    }
    return result;
}

} // namespace

// It removes its shared memory itself, at once, as it is one process.
constexpr ManagedProduct managedApache {
    "apache", "apache2", "Debian's package apache2-bin", "apache", SIGTERM, true, arguments, apply,
    settled,  counts};

} // namespace stickyscope::lab
