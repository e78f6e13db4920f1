"""An SMTP server for the tests, and what it received."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.demo.mailbox import Received, received
from portal.demo.ports import is_answered
from portal.demo.processes import PYTHON, Processes


@dataclass(frozen=True)
class Mailbox:
    folder: Path

    def mails(self, to: str | None = None) -> list[Received]:
        """What arrived, newest first."""
        return [mail for mail in received(self.folder) if to in (None, mail.to)]

    def wait_for(self, subject: str, *, to: str | None = None, seconds: float = 20) -> Received:
        """The newest mail with `subject` in its subject; waits until it comes."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for mail in self.mails(to):
                if subject.lower() in mail.subject.lower():
                    return mail
            time.sleep(0.1)
        there = [(mail.to, mail.subject) for mail in self.mails()]
        raise AssertionError(f"No mail {subject!r} to {to or 'anybody'} came; there are {there}.")

    def clear(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()


@contextmanager
def running(port: int, folder: Path) -> Generator[Mailbox]:
    with Processes() as processes:
        processes.start(
            "mailbox",
            [PYTHON, "-m", "portal.demo.mailbox", "--port", str(port), "--folder", folder],
            log=folder.with_suffix(".log"),
        )
        processes.wait_for(lambda: is_answered(port), what="The SMTP server")
        yield Mailbox(folder)
