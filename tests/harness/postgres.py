"""A PostgreSQL of the tests' own, from the machine's binaries, on a free port."""

import os
import pwd
import re
import shutil
import signal
import subprocess
from pathlib import Path

from portal.demo.ports import HOST, free_port
from portal.demo.processes import Processes

UNPRIVILEGED = ("postgres", "nobody")


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the one on PATH, else the newest of Debian's."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(installed, key=lambda path: [int(n) for n in re.findall("[0-9]+", str(path))])
    return newest[-1].parent if newest else None


def user() -> int | None:
    """Whom the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    people = {person.pw_name: person.pw_uid for person in pwd.getpwall()}
    return next(people[name] for name in UNPRIVILEGED if name in people)


def start(processes: Processes, tools: Path, folder: Path) -> str:
    """Start a server with its data in `folder`, and give its URL."""
    port, uid = free_port(), user()
    data = folder / "postgres"
    data.mkdir()
    if uid is not None:
        folder.chmod(0o711)  # the server must be able to pass through
        os.chown(data, uid, -1)
    initdb = [str(tools / "initdb"), "-D", str(data), "-U", "portal", "-A", "trust", "-E", "UTF8", "-N"]
    made = subprocess.run(
        [*initdb, "--locale=C"], user=uid, cwd=data, capture_output=True, text=True
    )
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")
    # Nothing survives the tests, so nothing has to reach the disk.
    quick = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    processes.start(
        "postgres",
        [
            *(tools / "postgres", "-D", data, "-h", HOST, "-p", str(port), "-k", ""),
            *(word for setting in quick for word in ("-c", setting)),
        ],
        log=folder / "postgres.log",
        user=uid,
        cwd=data,
        ask=signal.SIGINT,  # does not wait for clients to leave
    )
    ready = [str(tools / "pg_isready"), "-q", "-h", HOST, "-p", str(port)]
    processes.wait_for(lambda: subprocess.run(ready).returncode == 0, what="PostgreSQL")
    return f"postgres://portal@{HOST}:{port}/postgres"
