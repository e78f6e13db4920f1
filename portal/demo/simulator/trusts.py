"""Which trust policy of a role is in force, and what has just become of an account's roles."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo.simulator import backends
from portal.demo.simulator.spread import Spread


@dataclass(frozen=True)
class _Trust:
    role_id: str
    document: str


@dataclass(frozen=True)
class Seen:
    """A change to a role that the last call made."""

    action: str
    role_name: str


class Trusts:
    def __init__(self) -> None:
        self._spread: Spread[_Trust] = Spread()

    def observe(self, account_id: str, now: datetime, delay_seconds: float) -> list[Seen]:
        """Note what changed among an account's roles since the last look."""
        roles = backends.roles(account_id)
        effective = now + timedelta(seconds=delay_seconds)
        seen = []
        for name in sorted({*self._spread.names(account_id), *roles}):
            last = self._spread.latest(account_id, name)
            role = roles.get(name)
            trust = _Trust(role.id, role.assume_role_policy_document) if role else None
            if trust != last:
                self._spread.note(account_id, name, trust, effective)
                seen.append(Seen(_action(last, trust), name))
        return seen

    def in_force(self, account_id: str, role_name: str, now: datetime) -> str | None:
        """The trust policy AWS answers by. None: no such role, or not visible yet."""
        trust = self._spread.in_force(account_id, role_name, now)
        return trust.document if trust else None


def _action(last: _Trust | None, new: _Trust | None) -> str:
    if new is None:
        return "DeleteRole"
    return "CreateRole" if last is None else "UpdateAssumeRolePolicy"
