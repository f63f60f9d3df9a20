# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real balancers and our replicas on loopback, for the tests beside this folder: a file for each product."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
from expectations import end, expect  # noqa: E402, F401

from .apache import Apache  # noqa: E402, F401
from .balancer import Balancer  # noqa: E402, F401
from .caddy import Caddy  # noqa: E402, F401
from .envoy import Envoy  # noqa: E402, F401
from .haproxy import Haproxy  # noqa: E402, F401
from .machine import Connection, certificates, die_with_us, free_port, get, listens, wait_until  # noqa: E402, F401
from .nginx import Nginx  # noqa: E402, F401
from .ours import Ours, probe  # noqa: E402, F401
from .replicas import GoaReplica, Replica  # noqa: E402, F401
from .roles import as_servers, roles_in_scenario  # noqa: E402, F401
from .traefik import Traefik  # noqa: E402, F401
