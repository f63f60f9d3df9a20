# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program of ours has begun on this machine, to see that nothing of it is left over."""
import glob
import os
import time

MARK = "STICKYSCOPE_TEST_RUN"  # stands in the environment of what a test begins


def processes_of(run, temporary, folders):
    """Every process that has inherited this run's mark, however far it has gone away from it, or works in one of its folders
    in `temporary` (nginx writes its title over what it inherited)."""
    mark, found = f"{MARK}={run}".encode(), set()
    for path in glob.glob("/proc/[0-9]*"):
        try:
            with open(path + "/environ", "rb") as file:
                marked = mark in file.read().split(b"\0")
            here = os.readlink(path + "/cwd").removesuffix(" (deleted)")
            if marked or os.path.dirname(here) == temporary and os.path.basename(here) in folders:
                found.add(int(path.split("/")[2]))
        except OSError:
            pass
    return found


def listening():
    """Ports by the inode of their sockets."""
    ports = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as file:
            for line in file.readlines()[1:]:
                words = line.split()
                if words[3] == "0A":
                    ports[words[9]] = int(words[1].rsplit(":", 1)[1], 16)
    return ports


def sockets_of(processes):
    """Those of them that listen, likewise: a port may be somebody else's a moment later, a socket may not."""
    ports, found = listening(), {}
    for process in processes:
        for link in glob.glob(f"/proc/{process}/fd/*"):
            try:
                target = os.readlink(link)
            except OSError:
                continue
            inode = target[8:-1] if target.startswith("socket:[") else None
            if inode in ports:
                found[inode] = ports[inode]
    return found


def memory_of(process):
    """What it has in shared memory, by name."""
    try:
        with open(f"/proc/{process}/maps") as file:
            return {line.split("/dev/shm/", 1)[1].split(" ")[0].strip() for line in file if "/dev/shm/" in line}
    except OSError:
        return set()


def lost_memory():
    """Pieces of shared memory, as Apache and Envoy have them, that no process uses any more."""
    there = {name for name in os.listdir("/dev/shm") if name.startswith(("ShM.", "envoy_shared_memory"))}
    return there - set().union(*(memory_of(path.split("/")[2]) for path in glob.glob("/proc/[0-9]*")))


def memory_left(before, seconds=10):
    """What is lost now and was not before; what another test's program leaves for a moment has that long to go."""
    deadline = time.monotonic() + seconds
    while (left := lost_memory() - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left
