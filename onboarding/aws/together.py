"""Calls that do not wait for each other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any


def at_once(*asks: Callable[[], Any]) -> list[Any]:
    """What each gives, asked side by side. Of several failures, the first in their order rises."""
    with ThreadPoolExecutor(max_workers=len(asks) or 1, thread_name_prefix="ask") as pool:
        # A context each, so that a call counts among those of the check that made it.
        going = [pool.submit(copy_context().run, ask) for ask in asks]
        return [each.result() for each in going]
