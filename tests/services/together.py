"""Doing things in the same moment, on a database that several may write to."""

import threading
from collections.abc import Callable, Iterable

from django.db import connections


def at_once(works: Iterable[Callable[[], None]]) -> None:
    """Do every work in a thread of its own, starting as nearly together as can be."""
    works = list(works)
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        gate.wait()
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not [thread for thread in threads if thread.is_alive()]
