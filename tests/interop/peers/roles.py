# SPDX-FileCopyrightText: 2026 Stickyscope contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Servers that wait for others, stand in for them, or leave their requests to them."""


def as_servers(roles, member, backups="status=+H", spares="status=+R"):
    """What stands on the line of a server that waits for others (`backups`, `spares`) or leaves its requests to one (`redirects`)."""
    def line(replica):
        return (member + (f" {backups}" if replica.name in roles.get("backups", ()) else "") + (f" {spares}" if replica.name in roles.get("spares", ()) else "")
                + (f" redirect={roles['redirects'][replica.name]}" if replica.name in roles.get("redirects", {}) else ""))
    return line


def roles_in_scenario(of, replica):
    """The same in a scenario's replica."""
    return ((", backup: true" if replica.name in of.backups else "") + (", spare: true" if replica.name in of.spares else "")
            + (f", redirect: {of.redirects[replica.name]}" if replica.name in of.redirects else ""))
