# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# What app/start, tests/run and .ci share: installing Debian's packages, and building within the
# machine's memory. Sourced, not run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# What it takes to build and to show the window.
build_packages=(g++ cmake ninja-build pkg-config qt6-base-dev qt6-base-dev-tools qt6-svg-dev libqt6sql6-sqlite
    libqcustomplot-dev libgl-dev libboost-dev libssl-dev libyaml-dev libpsl-dev libpcre2-dev librandom123-dev libxxhash-dev
    nlohmann-json3-dev libcli11-dev libwslay-dev libqrencode-dev
    qt6-wayland libqt6svg6 fonts-inter fonts-dejavu-core)
test_packages=(doctest-dev librapidcheck-dev python3-yaml python3-jsonschema haproxy apache2-bin python3-venv curl openssl iproute2 zbar-tools
    chromium)

say() { printf '%s\n' "stickyscope: $*" >&2; }

# missing PACKAGE...: those that are not installed.
missing() {
    local package
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s\n' "$package"
    done
}

# as_root COMMAND...: as it is for root, else with sudo; without sudo says what root has to do.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        return 9
    fi
}

# install PACKAGE...: those that are missing. Without any it does not touch the network.
install() {
    local wanted apt log status
    mapfile -t wanted < <(missing "$@")
    [ "${#wanted[@]}" -gt 0 ] || return 0
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120)
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null 2>&1; then
        say "these packages are missing, and there is no sudo. Please run once:"
        say "  su -c 'apt-get update && apt-get install --no-install-recommends -y ${wanted[*]}'"
        exit 1
    fi
    say "installing ${wanted[*]}"
    log=$(mktemp)
    update_lists "${apt[@]}"
    as_root "${apt[@]}" install --no-install-recommends -y "${wanted[@]}" >>"$log" 2>&1
    status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 15 "$log" >&2
        if grep -rqsE '^(deb|Types:.*)? *.*cdrom:' /etc/apt/sources.list /etc/apt/sources.list.d; then
            say "a source of apt is a disc (cdrom:), which is not in the drive. Take its line out of /etc/apt/sources.list, and try again."
        fi
        say "the packages could not be installed; the lines above say why"
        rm -f "$log"
        exit 1
    fi
    rm -f "$log"
}

# "apt-get update" does not wait for its own lock: it is tried again for up to 120 s.
update_lists() {
    local second
    for second in $(seq 120); do
        LC_ALL=C as_root "$@" update >"$log" 2>&1 && return 0
        grep -qi 'could not get lock' "$log" || return 0
        [ "$second" -gt 1 ] || say "waiting for another package manager to finish"
        sleep 1
    done
}

# As many compilers side by side as there are processors, and no more than memory / 1.5 GB.
jobs_that_fit() {
    local kilobytes jobs
    kilobytes=$(awk '/MemTotal/ {print $2}' /proc/meminfo)
    jobs=$((kilobytes / 1500000))
    [ "$jobs" -ge 1 ] || jobs=1
    [ "$jobs" -le "$(nproc)" ] || jobs=$(nproc)
    printf '%s\n' "$jobs"
}

# build FOLDER TARGET... [-- CMAKE OPTION...]
build() {
    local folder=$1 targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        targets+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    local launcher=()
    if command -v ccache >/dev/null 2>&1; then
        launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    cmake -S "$root" -B "$folder" -G Ninja "${launcher[@]}" "$@" >"$folder.log" 2>&1 || {
        tail -n 20 "$folder.log" >&2
        return 1
    }
    cmake --build "$folder" --parallel "$(jobs_that_fit)" --target "${targets[@]}" >&2
}
