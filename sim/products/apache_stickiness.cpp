// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/apache_stickiness.h"

#include "sim/products/cookie_text.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stickyscope {

const Rule apachePicked {"It carries no route: Apache picks a member by its lbmethod.",
                         "Apache: mod_proxy_balancer"};

namespace {

constexpr Rule valid {"The route in its cookie is a member's: Apache keeps to it.",
                      "Apache: mod_proxy_balancer, find_session_route"};
constexpr Rule draining {
    "The route in its cookie is that of a draining member: Apache keeps to it.",
    "Apache: mod_proxy_balancer, status N"};
constexpr Rule unknown {"The route in its cookie is no member's: Apache picks anew.",
                        "Apache 2.4, measured"};
constexpr Rule noRoute {"Its cookie has no separator, hence no route: Apache picks anew.",
                        "Apache: mod_proxy_balancer, stickysessionsep; measured"};
constexpr Rule down {"The route in its cookie is that of a member in error: Apache picks anew.",
                     "Apache: mod_proxy_balancer"};
constexpr Rule redirected {"The route in its cookie is that of a member in error: the request goes "
                           "to the member that its redirect names, and gets that one's cookie.",
                           "Apache: mod_proxy_balancer, find_route_worker; measured on 2.4.71"};
constexpr Rule refused {"The route in its cookie is that of a member in error, and nofailover is "
                        "on: Apache answers 503.",
                        "Apache: mod_proxy_balancer, nofailover; measured"};
bool isSpace(char letter)
{
    return std::isspace(static_cast<unsigned char>(letter)) != 0;
}

// get_cookie_param: the name may stand behind a comma or a blank as well, and the value ends at a
// comma as at a semicolon.
std::optional<std::string_view> cookieParameter(std::string_view cookies, std::string_view name)
{
    for (auto at = cookies.find(name); at != std::string_view::npos;
         at = cookies.find(name, at + 1)) {
        const char before = at == 0 ? ';' : cookies[at - 1];
        if (before != ';' && before != ',' && !isSpace(before))
            continue;
        std::string_view rest = cookies.substr(at + name.size());
        while (!rest.empty() && isSpace(rest.front()))
            rest.remove_prefix(1);
        if (rest.size() > 1 && rest.front() == '=')
            return rest.substr(1, std::min(rest.find_first_of(";,"), rest.size()) - 1);
    }
    return std::nullopt;
}

// get_path_param: behind ';', '?' or '&' in the address.
std::optional<std::string_view> urlParameter(std::string_view target, std::string_view name)
{
    for (auto at = target.find(name); at != std::string_view::npos;
         at = target.find(name, at + 1)) {
        std::string_view rest = target.substr(at + name.size());
        const bool begins =
            at > 0 && std::string_view(";?&").find(target[at - 1]) != std::string_view::npos;
        if (begins && rest.size() > 1 && rest.front() == '=')
            return rest.substr(1, std::min(rest.find_first_of("?&;"), rest.size()) - 1);
    }
    return std::nullopt;
}

class ApacheRoute final : public CloneableSticky<ApacheRoute>
{
public:
    ApacheRoute(const BalancerSpec& balancer, const ReplicaSet& replicas)
        : m_spec(*balancer.sticky)
        , m_name(m_spec.cookie.empty() ? "ROUTEID" : m_spec.cookie)
        , m_separator(apacheSeparator(m_spec))
        , m_parameter(m_spec.settings.text("url-parameter"))
        , m_applications(m_spec.settings.flag("application-cookie"))
        , m_noFailover(balancer.settings.flag("nofailover"))
    {
        for (const ReplicaView& replica : replicas)
            added(replica);
    }

    void added(const ReplicaView& replica) override { m_named.add(replica.routeOrName()); }
    void removed(ReplicaIndex replica) override { m_named.remove(replica); }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        std::optional<std::string_view> session;
        if (!m_parameter.empty())
            session = urlParameter(arrival.request.target, m_parameter);
        std::string merged;
        if (!session) {
            merged = mergedCookies(arrival.request);
            session = cookieParameter(merged, m_name);
        }
        if (!session || session->empty())
            return {.rule = &apachePicked};
        // Measured: the first of several separators counts; Off, and all of it is the route.
        const auto place = session->find(m_separator);
        if (place == std::string_view::npos)
            return {.state = CookieIn::unknown, .rule = &noRoute};
        const std::string_view route = session->substr(place + m_separator.size());
        const ReplicaIndex index = route.empty() ? noReplica : m_named.find(route);
        if (index == noReplica)
            return {.state = CookieIn::unknown, .rule = &unknown};
        std::vector<ReplicaIndex> passed;
        const ReplicaIndex usable = usableOf(route, replicas, passed);
        if (usable == noReplica && m_noFailover)
            return {.state = CookieIn::refused, .names = index, .status = 503, .rule = &refused};
        if (usable == noReplica)
            return {.state = CookieIn::down, .names = index, .rule = &down};
        const ReplicaIndex instead = usable == index ? noReplica : usable;
        if (m_named.valueOf(usable) != route)
            return {.state = CookieIn::down,
                    .names = index,
                    .bound = true,
                    .instead = instead,
                    .rule = &redirected};
        // See the product: it has no weight 0.
        const bool drains = replicas[usable].draining || replicas[usable].weight == 0;
        return {.state = drains ? CookieIn::draining : CookieIn::valid,
                .names = index,
                .bound = true,
                .instead = instead,
                .rule = drains ? &draining : &valid};
    }

    // Each member that it passes is tried again once its time is over.
    bool asks(const Recall& recall, ReplicaIndex replica, const ReplicaSet& replicas) const override
    {
        std::vector<ReplicaIndex> passed;
        usableOf(m_named.valueOf(recall.names), replicas, passed);
        return std::find(passed.begin(), passed.end(), replica) != passed.end();
    }

    // Apache joins fields of one name.
    void forward(http::RequestHead& request) const override
    {
        if (request.fields.all("Cookie").size() > 1)
            request.fields.set("Cookie", mergedCookies(request));
    }

    // The documented Header line: where BALANCER_ROUTE_CHANGED is set, that is where a member was
    // picked. It does not reach Apache's own answers, nor a 101.
    CookieOut remember(const Placement& placement, http::ResponseHead& response) override
    {
        const Recall& recall = placement.recall;
        const bool kept = recall.bound && placement.replica == recall.leadsTo()
            && m_named.valueOf(placement.replica) == m_named.valueOf(recall.names);
        if (m_applications || kept || placement.origin == Origin::balancer
            || placement.replica == noReplica || response.status == 101)
            return CookieOut::none;
        response.fields.add("Set-Cookie",
                            m_name + "=" + m_separator + m_named.valueOf(placement.replica)
                                + attributes());
        return recall.state == CookieIn::none ? CookieOut::inserted : CookieOut::rewritten;
    }

    std::string_view cookieName() const override { return m_name; }

private:
    // find_route_worker: several members may have the route, standbys come last, and the redirect
    // of one that is down is followed at once. `passed` are those that are down; a route that was
    // tried in vain is not tried again.
    ReplicaIndex usableOf(std::string_view route, const ReplicaSet& replicas,
                          std::vector<ReplicaIndex>& passed) const
    {
        const ReplicaIndex first = m_named.find(route);
        if (first == noReplica || (replicas[first].up && !replicas[first].backup))
            return first;
        if (std::any_of(passed.begin(), passed.end(),
                        [&](ReplicaIndex member) { return m_named.valueOf(member) == route; }))
            return noReplica;
        for (const bool standbys : {false, true}) {
            for (std::size_t place = raw(first); place < replicas.size(); ++place) {
                const auto member = static_cast<ReplicaIndex>(place);
                if (replicas[member].backup != standbys || m_named.valueOf(member) != route)
                    continue;
                if (replicas[member].up)
                    return member;
                passed.push_back(member);
                if (replicas[member].redirect.empty())
                    continue;
                const ReplicaIndex other = usableOf(replicas[member].redirect, replicas, passed);
                if (other != noReplica)
                    return other;
            }
        }
        return noReplica;
    }

    static std::string mergedCookies(const http::RequestHead& request)
    {
        std::string merged;
        for (const std::string_view field : request.fields.all("Cookie"))
            merged.append(merged.empty() ? "" : ", ").append(field);
        return merged;
    }

    // They stand in the Header line, as its writer likes them.
    std::string attributes() const
    {
        std::string text = "; path=" + m_spec.path.value_or("/");
        if (!m_spec.domain.empty())
            text += "; domain=" + m_spec.domain;
        if (m_spec.maxAge)
            text += "; Max-Age=" + std::to_string(m_spec.maxAge->count());
        if (m_spec.httpOnly)
            text += "; HttpOnly";
        if (m_spec.secure)
            text += "; Secure";
        if (m_spec.sameSite != SameSite::unset)
            text.append("; SameSite=").append(sameSiteWord(m_spec.sameSite));
        return text;
    }

    StickySpec m_spec;
    std::string m_name;
    std::string m_separator;
    std::string m_parameter;
    bool m_applications;
    bool m_noFailover;
    NamedReplicas m_named;
};

} // namespace

std::string apacheSeparator(const StickySpec& spec)
{
    const std::string given = spec.settings.text("stickysessionsep", ".");
    return given == "Off" ? std::string() : given.substr(0, 1);
}

std::unique_ptr<StickyPolicy> makeApacheRoute(const BalancerSpec& balancer,
                                              const ReplicaSet& replicas)
{
    return std::make_unique<ApacheRoute>(balancer, replicas);
}

} // namespace stickyscope
