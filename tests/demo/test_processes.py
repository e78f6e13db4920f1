"""Processes end with whoever started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.demo.processes import PYTHON, Died, Processes

FOREVER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"
)
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]]).wait()"


def exists(pid: int) -> bool:
    """Whether the process still runs; one that only waits to be collected does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


def members(group: int) -> set[int]:
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) == group and exists(int(entry.name)):
                found.add(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def wait_until_gone(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(exists(pid) for pid in pids):
        time.sleep(0.05)
    return {pid for pid in pids if exists(pid)}


def test_a_process_that_ends_by_itself_is_named_with_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "broken.log"
    with Processes() as processes:
        processes.start("broken", [PYTHON, "-c", "raise SystemExit('no table')"], log=log)
        with pytest.raises(Died, match="broken") as died:
            processes.wait_for(lambda: False, what="It")
    assert died.value.last_lines() == "no table"


def test_what_does_not_get_ready_in_time_is_named() -> None:
    with Processes() as processes:
        processes.start("queue", [PYTHON, "-c", FOREVER])
        with pytest.raises(TimeoutError, match="The queue"):
            processes.wait_for(lambda: False, what="The queue", seconds=0.1)


def test_a_process_that_will_not_end_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    processes = Processes()
    processes.start("stubborn", [PYTHON, "-c", f"{STUBBORN}; {FOREVER}"], log=log)
    processes.wait_for(lambda: log.read_text() == "1\n", what="It")
    pid = processes.pids()["stubborn"]
    processes.stop(grace=0.2)
    assert not exists(pid)


def test_what_a_process_started_ends_with_it() -> None:
    processes = Processes()
    processes.start("parent", [PYTHON, "-c", PARENT, FOREVER])
    group = processes.pids()["parent"]
    processes.wait_for(lambda: len(members(group)) == 2, what="The child")
    pids = members(group)
    processes.stop()
    assert wait_until_gone(pids) == set()


def test_a_killed_supervisor_leaves_nothing_running() -> None:
    supervise = (
        "import sys, time; from portal.demo.processes import Processes; p = Processes();"
        f"p.start('child', [sys.executable, '-c', {FOREVER!r}]);"
        "print(p.pids()['child'], flush=True); time.sleep(600)"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", supervise], stdout=subprocess.PIPE, text=True
    )
    assert supervisor.stdout is not None
    child = int(supervisor.stdout.readline())
    assert exists(child)
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()
    supervisor.stdout.close()
    assert wait_until_gone({child}) == set()
