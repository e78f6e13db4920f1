"""Processes that end with whoever started them: for the demo, and for the tests.

Each process leads a group of its own, so that Ctrl-C reaches the supervisor alone and the
supervisor ends every process together with what that process started. A watchdog ends them if
the supervisor itself is killed.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PYTHON = sys.executable
GRACE_SECONDS = 5.0

WATCHDOG = """
import os, signal, sys
groups = [int(line) for line in sys.stdin]
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
"""
"""Reads process groups until its input closes, which happens when the supervisor ends."""


class Died(Exception):
    """A process ended by itself."""

    def __init__(self, name: str, log: Path | None) -> None:
        super().__init__(f"{name} ended by itself.")
        self.name = name
        self.log = log

    def last_lines(self, count: int = 15) -> str:
        if self.log is None or not self.log.is_file():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[bytes]
    log: Path | None
    ask: signal.Signals

    def kill(self) -> None:
        """End the whole group, with what a process that ended in time has left behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Processes:
    """Running processes by name. Used in a `with` statement, they all end at its end."""

    def __init__(self) -> None:
        self._running: dict[str, Running] = {}
        # The watchdog reads until nobody can write any more, which is when this process has ended.
        reads, self._groups = os.pipe()
        self._watchdog = subprocess.Popen(
            [PYTHON, "-ISc", WATCHDOG], stdin=reads, start_new_session=True
        )
        os.close(reads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: int | None = None,
        ask: signal.Signals = signal.SIGTERM,
    ) -> None:
        """Start `command`; what it prints goes to `log`, or nowhere. `ask` makes it end."""
        with (log or Path(os.devnull)).open("ab") as output:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=None if env is None else dict(env),
                cwd=cwd,
                user=user,
            )
        self._running[name] = Running(process, log, ask)
        os.write(self._groups, f"{process.pid}\n".encode())

    def pids(self) -> dict[str, int]:
        return {name: running.process.pid for name, running in self._running.items()}

    def check(self) -> None:
        """Raise `Died` if a process has ended by itself."""
        for name, running in self._running.items():
            if running.process.poll() is not None:
                raise Died(name, running.log)

    def wait_for(self, ready: Callable[[], bool], *, what: str, seconds: float = 60) -> None:
        """Wait until `ready`. Raises `Died`, or `TimeoutError` naming `what`."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} did not get ready within {seconds:.0f} seconds.")
            time.sleep(0.05)

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End every process: ask all, wait `grace` seconds for them together, then kill."""
        for running in reversed(self._running.values()):
            # Only the group's leader: it ends what it has started in good order.
            running.process.send_signal(running.ask)
        deadline = time.monotonic() + grace
        for running in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                running.process.wait(max(0.0, deadline - time.monotonic()))
            running.kill()
        self._running.clear()
        if self._watchdog.returncode is None:
            self._watchdog.kill()  # before its input ends: the groups' numbers are free again
            self._watchdog.wait()
            os.close(self._groups)


def alive(address: str) -> bool:
    """Whether a server on this machine answers 200 at `address`."""
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  (loopback)
            return bool(answer.status == 200)
    except OSError:
        return False
