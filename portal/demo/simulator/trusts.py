"""Which trust policy of a role is in force. AWS answers by the old one until a change has spread.

Source: IAM User Guide, "Troubleshoot IAM: Changes that I make are not always immediately visible".
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.demo.simulator import backends


@dataclass(frozen=True)
class _Change:
    in_force_from: datetime
    role_id: str
    document: str | None
    """None: the role is gone."""


@dataclass(frozen=True)
class Seen:
    """A change to a role that the last call made."""

    action: str
    role_name: str


class Trusts:
    def __init__(self) -> None:
        self._changes: dict[tuple[str, str], list[_Change]] = {}

    def observe(self, account_id: str, now: datetime, delay_seconds: float) -> list[Seen]:
        """Note what changed among an account's roles since the last look."""
        roles = backends.roles(account_id)
        known = {name for account, name in self._changes if account == account_id}
        effective = now + timedelta(seconds=delay_seconds)
        seen = []
        for name in sorted(known | set(roles)):
            changes = self._changes.setdefault((account_id, name), [])
            last = changes[-1] if changes else _Change(now, "", None)
            role = roles.get(name)
            document = role.assume_role_policy_document if role else None
            role_id = role.id if role else ""
            if (role_id, document) == (last.role_id, last.document):
                continue
            changes.append(_Change(effective, role_id, document))
            seen.append(Seen(_action(last, document), name))
        return seen

    def in_force(self, account_id: str, role_name: str, now: datetime) -> str | None:
        """The trust policy AWS answers by. None: no such role, or not visible yet."""
        changes = self._changes.get((account_id, role_name), [])
        spread = [change for change in changes if change.in_force_from <= now]
        return spread[-1].document if spread else None


def _action(last: _Change, document: str | None) -> str:
    if document is None:
        return "DeleteRole"
    return "CreateRole" if last.document is None else "UpdateAssumeRolePolicy"
