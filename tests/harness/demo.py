"""`manage.py demo` as a person starts it: a process, with nothing else set."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from portal.demo.ports import HOST
from tests.harness.environment import FORGOTTEN, PLAIN

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Demo:
    """A running demo. `lines` holds what it has said."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def mail_folder(self) -> Path:
        return self.folder / "mail"

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=20)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def person_environment(folder: Path, port: int | str) -> dict[str, str]:
    """The environment of somebody who has set up nothing."""
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith((*FORGOTTEN, "DJANGO", "PYTEST", "PORTAL_TESTS"))
        and name not in PLAIN
        and name not in ("STATIC_ROOT", "ALLOWED_HOSTS")
    }
    return plain | {"DEMO_DIR": str(folder), "DEMO_PORT": str(port)}


def launch(folder: Path, port: int | str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=ROOT,
        env=person_environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def start(folder: Path, port: int, seconds: float = 90) -> Demo:
    """Start the demo and wait until it says that it is ready."""
    demo = Demo(folder, port, launch(folder, port))
    said: queue.Queue[str] = queue.Queue()
    threading.Thread(target=listen, args=(demo.process, said), daemon=True).start()
    deadline = time.monotonic() + seconds
    try:
        while line := said.get(timeout=max(0.1, deadline - time.monotonic())):
            demo.lines.append(line.rstrip("\n"))
            if line.startswith("ready: "):
                return demo
    except queue.Empty:
        demo.lines.append(f"Nothing more within {seconds:.0f} seconds.")
    demo.stop()
    raise AssertionError("The demo did not get ready:\n" + "\n".join(demo.lines))


def listen(process: subprocess.Popen[str], said: "queue.Queue[str]") -> None:
    """Pass on what the process says, and "" at its end."""
    assert process.stdout is not None
    while line := process.stdout.readline():
        said.put(line)
        if line.startswith("ready: "):
            return
    said.put("")
