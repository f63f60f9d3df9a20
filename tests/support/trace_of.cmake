# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# The digests of scenarios, for a comparison of compilers (.ci/run): g++ builds it with the tests, clang with
# the fuzzers.
add_executable(trace_of ${CMAKE_CURRENT_LIST_DIR}/trace_of.cpp)
set_target_properties(trace_of PROPERTIES AUTOMOC OFF)
target_link_libraries(trace_of PRIVATE stickyscope_core)
