"""Lets every test that uses the running demo run in one worker, so that one demo is started.

xdist's own grouping by mark writes the group into a test's id, which pytest 9.2 no longer allows.
"""

import os
from functools import cached_property
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling


def notes() -> Path:
    return Path(os.environ["PORTAL_TESTS_FOLDER"]) / "demo-tests.txt"


def note(tests: list[str]) -> None:
    """Tell the controller which tests use the demo. Every worker has collected the same ones."""
    own = notes().with_suffix(f".{os.getpid()}")
    own.write_text("\n".join(tests))
    own.replace(notes())


class OneDemo(LoadScopeScheduling):
    """Hands out test by test, and the demo's together."""

    @cached_property
    def demo_tests(self) -> set[str]:
        return set(notes().read_text().splitlines())

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid in self.demo_tests else nodeid
