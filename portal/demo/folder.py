"""DEMO_DIR: what the demo keeps between two starts, and who may use it."""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import IO

NEEDED_BYTES = 100 * 2**20
OURS = ("portal.sqlite3*", "celerybeat-schedule*", "*.json", "*.stamp", "lock")
OUR_FOLDERS = ("simulator", "mail", "static", "log")
"""All that the demo writes; beginning again removes nothing else."""


class DemoProblem(Exception):
    """Why the demo cannot go on: one sentence for the person who started it."""


def in_one_sentence(problem: OSError, folder: Path) -> str:
    """What went wrong with a file, and what to do."""
    where = problem.filename or folder
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full: {where} could not be written. Make room and start again."
    reason = (problem.strerror or str(problem)).lower()
    return f"{where} cannot be used: {reason}. Set DEMO_DIR to a folder that can be written."


def check_room(folder: Path, needed: int = NEEDED_BYTES) -> None:
    """Raise `DemoProblem` unless `needed` bytes are free in `folder`."""
    if shutil.disk_usage(folder).free < needed:
        raise DemoProblem(
            f"The disk is full: the demo needs {needed // 2**20} MB free in {folder}. "
            "Make room and start again."
        )


def lock(folder: Path) -> IO[str]:
    """Keep `folder` for this process until the file that is returned is closed.

    The system lets go of the lock when the process ends, however it ends.
    """
    file = (folder / "lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DemoProblem(
            f"A demo is running in {folder}. Stop it with Ctrl-C where it runs, then try again."
        ) from None
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def kept(path: Path, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` gave the first time, kept where only this person can read it."""
    if not path.exists():
        new = path.with_suffix(".new.json")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(make(), file)
        new.replace(path)
    read: dict[str, str] = json.loads(path.read_text())
    return read


def reset(folder: Path) -> None:
    """Remove what the demo wrote. The caller holds the lock."""
    for name in OUR_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for pattern in OURS:
        for path in folder.glob(pattern):
            path.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()
