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


def make_cluster(tools: Path, data: Path, uid: int | None) -> None:
    """An empty database server, with one superuser `portal` who needs no password on loopback."""
    data.mkdir()
    if uid is not None:
        data.parent.chmod(0o711)  # the server must be able to pass through
        os.chown(data, uid, -1)
    options = ["-U", "portal", "-A", "trust", "-E", "UTF8", "-N", "--locale=C"]
    command = [str(tools / "initdb"), "-D", str(data), *options]
    made = subprocess.run(command, user=uid, cwd=data, capture_output=True, text=True)
    if made.returncode:
        raise RuntimeError(f"initdb failed: {made.stderr}")


def start(processes: Processes, tools: Path, folder: Path) -> str:
    """Start a server with its data in `folder`, and give its URL."""
    port, uid, data = free_port(), user(), folder / "postgres"
    make_cluster(tools, data, uid)
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
