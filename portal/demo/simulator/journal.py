"""The record of every call, as CloudTrail would keep it. No secret, no parameter but names."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from threading import Lock
from typing import Any

_KEPT = 20_000


@dataclass(frozen=True)
class Entry:
    time: str
    account: str
    """The account acted upon. For AssumeRole that is the role's account."""
    caller_account: str
    principal: str
    service: str
    action: str
    region: str
    outcome: str
    """`ok`, or AWS's error code."""
    request_id: str
    names: Mapping[str, str]
    """Names of roles, policies and stacks."""
    via: str = ""
    """`cloudformation` when a stack made the call."""

    def by_stack(self, service: str, action: str) -> "Entry":
        return replace(self, service=service, action=action, via="cloudformation")


class Journal:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._lock = Lock()

    def add(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def about(self, account_id: str = "") -> list[dict[str, Any]]:
        """What happened in an account or was called from it; everything when none is named."""
        with self._lock:
            entries = list(self._entries)
        return [
            asdict(entry)
            for entry in entries
            if not account_id or account_id in (entry.account, entry.caller_account)
        ]
