// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/formats/scenario_parts.h"
#include "sim/formats/time_text.h"
#include "sim/formats/yaml_text.h"
#include "sim/model/replica_faults.h"
#include "sim/model/rolling_update.h"

#include <cmath>

namespace stickyscope {

namespace {

std::int64_t readValue(const Place& at, const FaultSetting& setting)
{
    switch (setting.type) {
    case FaultSetting::Type::time:
        return at.duration(Duration {setting.least}, Duration {setting.most}).count();
    case FaultSetting::Type::whole:
        return at.integer(setting.least, setting.most);
    case FaultSetting::Type::share:
        return std::llround(at.number(0, 1) * faultUnit(setting.type));
    case FaultSetting::Type::factor:
        return std::llround(at.number(1, 1000) * faultUnit(setting.type));
    }
    return 0;
}

std::string writeValue(std::int64_t value, const FaultSetting& setting)
{
    switch (setting.type) {
    case FaultSetting::Type::time:
        return writeTime(Duration {value});
    case FaultSetting::Type::whole:
        return std::to_string(value);
    default:
        return writeNumber(static_cast<double>(value) / faultUnit(setting.type));
    }
}

// The settings that are not the usual ones, each "key: value, ".
std::string settingsText(const Intervention& intervention, const ReplicaFault& row)
{
    std::string text;
    for (const FaultSetting& setting : row.settings) {
        const std::int64_t value = valueOf(intervention, setting.field);
        if (!setting.required && value == setting.usual)
            continue;
        text.append(text.empty() ? "" : ", ").append(setting.key).append(": ");
        text.append(writeValue(value, setting));
    }
    return text;
}

} // namespace

std::vector<Place::Field> faultFields(const ReplicaFault& fault, Intervention& intervention)
{
    std::vector<Place::Field> fields;
    for (const FaultSetting& setting : fault.settings) {
        fields.push_back({setting.key,
                          [&setting, &intervention](const Place& of) {
                              setValue(intervention, setting.field, readValue(of, setting));
                          },
                          setting.required});
    }
    return fields;
}

// A mapping of faults to their settings, so that each is there once.
std::vector<Intervention> readFaults(const Place& at)
{
    std::vector<Intervention> faults;
    std::vector<Place::Field> fields;
    for (const ReplicaFault& row : replicaFaults()) {
        if (!row.fromBeginning)
            continue;
        fields.push_back({nameOf(row.kind), [&faults, &row](const Place& of) {
                              Intervention fault = usualFault(row);
                              of.fields(faultFields(row, fault));
                              faults.push_back(fault);
                          }});
    }
    at.fields(fields);
    return faults;
}

std::string faultsText(const std::vector<Intervention>& faults)
{
    std::string text;
    for (const Intervention& fault : faults) {
        text.append(text.empty() ? "" : ", ").append(nameOf(fault.kind)).append(": {");
        text.append(settingsText(fault, *findFault(fault.kind))).append("}");
    }
    return "{" + text + "}";
}

std::string rollingUpdateText(const RollingUpdate& update)
{
    return "{every: " + writeTime(update.every) + ", drain: " + writeTime(update.drain)
        + ", starts-in: " + writeTime(update.startsIn)
        + ", addresses: " + (update.newAddresses ? "new" : "same") + "}";
}

std::string interventionText(const Intervention& what, const Scenario& scenario,
                             const std::vector<std::string>& clients)
{
    const auto client = [&clients](ClientIndex index) {
        return index == noClient ? "all" : yamlScalar(clients.at(raw(index)));
    };
    if (what.kind == Intervention::Kind::shareCookies)
        return "{from: " + client(what.from) + ", to: " + client(what.client) + "}";
    if (what.kind == Intervention::Kind::swapCookies)
        return "{of: " + client(what.client) + ", with: " + client(what.from) + "}";
    if (isOfClients(what.kind))
        return client(what.client);
    if (isOfBalancer(what.kind))
        return what.balancer == 0 ? std::string(inFront)
                                  : yamlScalar(scenario.balancers.at(what.balancer - 1).name);
    if (what.kind == Intervention::Kind::rollingUpdate)
        return rollingUpdateText(rollingUpdateOf(what));
    const std::string replica = what.replica == noReplica
        ? "all"
        : yamlScalar(scenario.replicas.at(raw(what.replica)).name);
    if (const auto only = onlyFault(what); only && what.kind == Intervention::Kind::mend)
        return "{of: " + replica + ", fault: " + std::string(nameOf(*only)) + "}";
    if (what.kind == Intervention::Kind::setWeight)
        return "{of: " + replica + ", to: " + std::to_string(what.amount) + "}";
    const ReplicaFault* row = findFault(what.kind);
    const std::string settings = row ? settingsText(what, *row) : std::string();
    return settings.empty() ? replica : "{of: " + replica + ", " + settings + "}";
}

} // namespace stickyscope
