// SPDX-FileCopyrightText: 2026 Stickyscope contributors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sim/lab/lane_log.h"
#include "sim/lab/proxy_record.h"
#include "sim/record/secret_mask.h"

#include <nlohmann/json.hpp>
#include <string>

namespace stickyscope::cli {

/// One request that a balancer has ended, for people and for programs. `target` without secrets;
/// `replica` its name, empty where there is none. Lines have no end.
std::string lineOf(const lab::ProxyRecord& record, const std::string& target,
                   const std::string& replica);
nlohmann::ordered_json jsonOf(const lab::ProxyRecord& record, const std::string& target,
                              const std::string& replica);
/// On one line, with its end; what is no UTF-8 is replaced.
std::string jsonLine(const nlohmann::ordered_json& value);

/// One request in a lab, likewise: lane and client first.
std::string lineOf(const lab::LaneLog& entry);
nlohmann::ordered_json jsonOf(const lab::LaneLog& entry, const record::SecretMask& mask);

} // namespace stickyscope::cli
