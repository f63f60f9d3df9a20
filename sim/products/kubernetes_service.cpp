// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/products/product.h"

#include <array>
#include <map>

namespace stickyscope {

namespace {

using namespace std::chrono_literals;

// The first is that of iptables and nftables, the others are ipvs's.
constexpr std::array<ProductAlgorithm, 3> algorithmNames {
    {{"random", "random"}, {"rr", "round-robin"}, {"lc", "least-connections"}}};

constexpr std::array<Setting, 1> cookieSettings {
    {{"timeout", Setting::Type::time,
      "How long a client's address is remembered after its latest connection "
      "(sessionAffinityConfig.clientIP.timeoutSeconds).",
      "3h", 1, 86400}}};

constexpr Rule picked {"Nothing is remembered of its address: kube-proxy picks a pod.",
                       "Kubernetes: Service, virtual IPs and service proxies"};
constexpr Rule valid {"Its address came to this pod of late: kube-proxy keeps to it.",
                      "Kubernetes: Service, sessionAffinity ClientIP"};
constexpr Rule lost {"The pod that its address came to is no endpoint any more: kube-proxy picks "
                     "another.",
                     "Kubernetes: Service, EndpointSlices"};
constexpr Rule forgotten {"Its address was not seen for longer than the timeout: kube-proxy picks.",
                          "Kubernetes: Service, timeoutSeconds"};
constexpr Rule refusedIt {"The pod refuses the connection, and kube-proxy does not try another: "
                          "the client sees it.",
                          "Kubernetes: virtual IPs and service proxies, iptables"};

// A table from addresses to pods, of each node: nothing is read in a request, nothing is written.
class ClientAddresses final : public CloneableSticky<ClientAddresses>
{
public:
    explicit ClientAddresses(const StickySpec& spec)
        : m_timeout(std::chrono::floor<std::chrono::seconds>(spec.settings.time("timeout", 3h)))
    {
    }

    Recall recall(const Arrival& arrival, const ReplicaSet& replicas) const override
    {
        const auto found = m_pods.find(arrival.source);
        if (found == m_pods.end())
            return {.rule = &picked};
        const auto [pod, lastUsed] = found->second;
        const WallSeconds until = lastUsed + m_timeout + 1s;
        if (arrival.now >= until)
            return {.state = CookieIn::expired, .rule = &forgotten};
        if (!replicas[pod].up || replicas[pod].draining)
            return {.state = CookieIn::down, .names = pod, .rule = &lost, .goodUntil = until};
        return {.state = CookieIn::valid,
                .names = pod,
                .bound = true,
                .rule = &valid,
                .goodUntil = until};
    }

    // Each connection counts, the refused ones as well.
    void placed(ReplicaIndex pod, std::string_view source, WallSeconds now) override
    {
        ++m_version;
        m_pods.insert_or_assign(std::string(source), Pod {pod, now});
    }
    CookieOut remember(const Placement&, http::ResponseHead&) override { return CookieOut::none; }

    bool looksAtSource() const override { return true; }
    std::uint32_t version() const override { return m_version; }

private:
    struct Pod
    {
        ReplicaIndex pod = noReplica;
        WallSeconds lastUsed {};
    };

    std::chrono::seconds m_timeout;
    std::map<std::string, Pod, std::less<>> m_pods;
    std::uint32_t m_version = 0;
};

std::unique_ptr<StickyPolicy> makeAffinity(const BalancerSpec& balancer, const ReplicaSet&)
{
    return std::make_unique<ClientAddresses>(*balancer.sticky);
}

OnFailure failed(const BalancerSpec&, const Attempt&)
{
    return {.action = OnFailure::Action::giveUp, .status = 0, .rule = &refusedIt};
}

} // namespace

constexpr Product kubernetesService {
    .id = "kubernetes-service",
    .title = "Kubernetes Service",
    .follows = "1.34, kube-proxy",
    .source = "Kubernetes: Service, virtual IPs and service proxies",
    .documentsOnly = "All of it rests on the documentation. It knows connections, not requests: "
                     "with `per: connection` requests share them, else each has its own.",
    .algorithms = algorithmNames,
    .largestWeight = 1,
    .hasZones = true,
    .cookieSettings = cookieSettings,
    .statusWithoutReplica = 0,
    .picked = &picked,
    .sticky = makeAffinity,
    .failed = failed,
    .reloadKeepsPicks = always};

} // namespace stickyscope
