"""`manage.py demo`, as a person meets it."""

import signal
import socket
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from portal.demo.folder import DemoProblem, check_room
from portal.demo.people import PASSWORD, PEOPLE
from portal.demo.ports import HOST, free_port
from portal.demo.processes import alive
from tests.demo.test_processes import wait_until_gone
from tests.harness.demo import Demo, launch, start


def ends_with(folder: Path, port: int | str, *arguments: str) -> tuple[int, str]:
    """Run the command until it ends by itself; gives its exit code and what it said."""
    with launch(folder, port, *arguments) as process:
        try:
            said, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    return process.returncode, said


def is_one_sentence(said: str) -> bool:
    return len(said.strip().splitlines()) == 1 and "Traceback" not in said


def session_processes(demo: Demo) -> set[int]:
    """The demo's process and every process below it."""
    below = {demo.process.pid}
    while True:
        found = {
            int(child)
            for pid in below
            for task in Path(f"/proc/{pid}/task").glob("*/children")
            for child in task.read_text().split()
        }
        if found <= below:
            return below
        below |= found


def counts(folder: Path) -> dict[str, int]:
    """How many rows of each table the demo's people and their work have."""
    tables = ("onboarding_user", "onboarding_organization", "onboarding_installation")
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in tables
        }


def test_it_says_what_a_person_needs_and_then_that_it_is_ready(demo: Demo) -> None:
    said = "\n".join(demo.lines)
    assert demo.lines[-1] == f"ready: {demo.url}"
    for expected in (PASSWORD, "/admin/", "/demo/mailbox/", "/console/accounts", "Ctrl-C"):
        assert expected in said
    assert all(person.email in said for person in PEOPLE)


def test_its_pages_answer(demo: Demo) -> None:
    for path in ("/health/live", "/accounts/login/", "/demo/mailbox/"):
        assert alive(demo.url + path)


def test_its_worker_does_the_work_that_is_due(demo: Demo) -> None:
    deadline = time.monotonic() + 45  # the clock's first round comes within 30 seconds
    while not alive(demo.url + "/health/ready"):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_second_one_in_the_same_folder_is_refused(demo: Demo) -> None:
    for arguments in ((), ("--reset",)):
        code, said = ends_with(demo.folder, free_port(), *arguments)
        assert code == 1, said
        assert is_one_sentence(said)
        assert "A demo is running" in said


def test_a_stopped_demo_leaves_no_process_and_goes_on_with_its_data(tmp_path: Path) -> None:
    killed = start(tmp_path / "demo", free_port())
    made, running = counts(killed.folder), session_processes(killed)
    assert len(running) > 5
    assert killed.stop(signal.SIGKILL) == -signal.SIGKILL
    assert wait_until_gone(running) == set()

    again = start(killed.folder, free_port())
    running = session_processes(again)
    assert counts(again.folder) == made
    assert made["onboarding_user"] == len(PEOPLE)
    assert again.stop(signal.SIGINT) == 0
    assert wait_until_gone(running) == set()


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        code, said = ends_with(tmp_path, port)
    assert code == 1, said
    assert is_one_sentence(said)
    assert f"Port {port} is taken" in said


def test_a_port_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    code, said = ends_with(tmp_path, "80 80")
    assert code == 1, said
    assert is_one_sentence(said)
    assert "DEMO_PORT" in said


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, said = ends_with(tmp_path / "file" / "demo", free_port())
    assert code == 1, said
    assert is_one_sentence(said)
    assert "DEMO_DIR" in said


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to("/dev/full")  # every write fails as on a full disk
    code, said = ends_with(tmp_path, free_port())
    assert code == 1, said
    assert is_one_sentence(said)
    assert "The disk is full" in said


def test_too_little_room_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(DemoProblem, match="The disk is full"):
        check_room(tmp_path, needed=10**18)


def test_beginning_again_removes_what_the_demo_wrote_and_nothing_else(tmp_path: Path) -> None:
    for name in ("portal.sqlite3", "portal.sqlite3-wal", "secrets.json", "mail/a.eml", "mine.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "secrets.json").write_text('{"SECRET_KEY": "k", "SEALING_KEYS": "k"}')
    code, said = ends_with(tmp_path, free_port(), "--reset")
    assert code == 0, said
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_persons_own_aws_settings_are_out_of_reach(demo: Demo) -> None:
    environments = [
        Path(f"/proc/{pid}/environ").read_bytes() for pid in session_processes(demo) - {0}
    ]
    seen = [text for text in environments if b"AWS_ENDPOINT_URL=http://127.0.0.1:" in text]
    assert len(seen) >= 3
    assert not any(b"AWS_PROFILE=" in text for text in seen)
