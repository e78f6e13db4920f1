"""Which permissions of a role are in force: its policies and its boundary, read and kept parsed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo.simulator import backends
from portal.demo.simulator.backends import Permissions
from portal.demo.simulator.spread import Spread


@dataclass(frozen=True)
class _Grant:
    role_id: str
    permissions: Permissions


class Grants:
    def __init__(self) -> None:
        self._spread: Spread[_Grant] = Spread()

    def observe(self, account_id: str, now: datetime, delay_seconds: float) -> None:
        """Note what changed among the permissions of an account's roles since the last look."""
        roles = backends.roles(account_id)
        effective = now + timedelta(seconds=delay_seconds)
        for name in {*self._spread.names(account_id), *roles}:
            role = roles.get(name)
            grant = _Grant(role.id, backends.permissions(role)) if role else None
            if grant != self._spread.latest(account_id, name):
                self._spread.note(account_id, name, grant, effective)

    def in_force(self, role_arn: str, role_id: str, now: datetime) -> Permissions:
        """What AWS judges a session of the role by; nothing once the role is gone."""
        account_id, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
        grant = self._spread.in_force(account_id, name, now)
        return grant.permissions if grant and grant.role_id == role_id else Permissions()
