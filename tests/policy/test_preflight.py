"""The pre-flight script: it only reads, stops in the wrong account, and is stopped by nothing else."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onboarding.facts import CONTROL_PLANE_ACCOUNT
from onboarding.facts.node_types import node_types
from onboarding.facts.preflight import NotAnswered, Preflight, parse
from onboarding.facts.preflight_questions import questions
from onboarding.facts.regions import regions
from onboarding.policy import preflight
from tests.policy.conftest import Run

BIN = Path(sys.executable).parent
ACCOUNT, OTHER = "210987654321", "320987654321"
SCRIPT = preflight.script(ACCOUNT, "ap-east-1", "m5.xlarge")
FILE = preflight.file_name(ACCOUNT)
SHELLS = ("dash", "bash")
SLOW = "sleep 20"

STUB = """#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/calls"
case $2 in
  get-caller-identity) printf '%s\\n' "$STUB_ACCOUNT" ;;
  *) {answer} ;;
esac
"""


def stub(tmp_path: Path, answer: str) -> dict[str, str]:
    """An environment with an `aws` that notes its arguments and answers so."""
    folder, scratch = tmp_path / "stub", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    program = folder / "aws"
    program.write_text(STUB.replace("{answer}", answer))
    program.chmod(0o755)
    path = f"{folder}:{os.defpath}"
    return {"PATH": path, "STUB_ACCOUNT": ACCOUNT, "TMPDIR": str(scratch), "HOME": str(tmp_path)}


def saying(text: str) -> str:
    """What the AWS CLI does when AWS refuses."""
    return f"printf '%s\\n' '{text}' >&2; exit 254"


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text().splitlines()


def report(tmp_path: Path) -> Preflight:
    return parse((tmp_path / FILE).read_text())


@pytest.mark.parametrize("region", ["us-east-1", "ap-east-1"])
@pytest.mark.parametrize("dialect", ["sh", "dash", "bash"])
def test_shellcheck_finds_nothing(region: str, dialect: str) -> None:
    told = subprocess.run(
        [BIN / "shellcheck", "--shell", dialect, "--enable", "quote-safe-variables", "-"],
        input=preflight.script(ACCOUNT, region, "m5.xlarge"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


@pytest.mark.parametrize("sh", SHELLS)
def test_every_call_only_reads_and_was_announced(sh: str, run_script: Run, tmp_path: Path) -> None:
    done = run_script(SCRIPT, shell=sh, env=stub(tmp_path, "echo '{}'"))
    assert done.returncode == 0
    made = calls(tmp_path)
    assert made[0].startswith("sts get-caller-identity ")
    assert len(made) == 1 + sum(not each.otherwise for each in questions("ap-east-1", "m5.xlarge"))
    announced = done.stdout.partition("AWS answers")[0]
    for call in made:
        assert re.match(r"[a-z0-9-]+ (?:get|list|describe)-[a-z-]+ --", call), call
        assert call.startswith("sts ") or f"  aws {' '.join(call.split()[:2])} (" in announced


def test_nothing_in_it_speaks_to_anybody_but_aws() -> None:
    assert not re.search(r"\bcurl\b|\bwget\b|\bnc\b|https?:|\beval\b|/tmp|/dev/tcp", SCRIPT)


@pytest.mark.parametrize("region", regions())
def test_every_region_and_node_type_has_a_script_of_plain_text(region: str) -> None:
    for node_type in node_types():
        assert preflight.script(ACCOUNT, region, node_type).isascii()


@pytest.mark.parametrize(
    ("account_id", "region", "node_type"),
    [
        ("$(touch CANARY)", "us-east-1", "m5.xlarge"),
        (f"{ACCOUNT}\n", "us-east-1", "m5.xlarge"),
        ("２１０９８７６５４３２１", "us-east-1", "m5.xlarge"),
        ("", "us-east-1", "m5.xlarge"),
        (CONTROL_PLANE_ACCOUNT, "us-east-1", "m5.xlarge"),
        (ACCOUNT, "us-east-1; touch CANARY", "m5.xlarge"),
        (ACCOUNT, "us-east-1", "m5.xlarge`touch CANARY`"),
    ],
)
def test_no_script_is_made_of_anything_typed(account_id: str, region: str, node_type: str) -> None:
    with pytest.raises(ValueError, match=r"^no "):
        preflight.script(account_id, region, node_type)


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize("account", [OTHER, CONTROL_PLANE_ACCOUNT, "", "None"])
def test_another_account_stops_it_before_any_question(
    account: str, sh: str, run_script: Run, tmp_path: Path
) -> None:
    env = stub(tmp_path, "echo '{}'") | {"STUB_ACCOUNT": account}
    done = run_script(SCRIPT, shell=sh, env=env)
    assert done.returncode == 1
    assert done.stderr == (
        f"\nStopped: You are signed in to the AWS account {account}.\n"
        f"This script is about {ACCOUNT}: sign in there, then run it again.\n"
    )
    assert len(calls(tmp_path)) == 1
    assert not (tmp_path / FILE).exists()


def test_missing_cli_is_said_in_one_sentence(run_script: Run) -> None:
    done = run_script(SCRIPT, env={"PATH": ""})
    assert done.returncode == 1
    assert done.stderr == (
        "\nStopped: The AWS CLI is not installed here. AWS CloudShell has it ready.\n"
    )


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            saying(
                "An error occurred (AccessDeniedException) when calling the X operation: User: "
                "arn:aws:sts::1:assumed-role/r/s is not authorized to perform: x because no "
                "identity-based policy allows the x action"
            ),
            NotAnswered("AccessDeniedException", "identity-based policy"),
        ),
        (
            saying(
                "aws: [ERROR]: An error occurred (UnauthorizedOperation) when calling X: with an "
                "explicit deny in a service control policy: arn:aws:organizations::1:policy/p"
            ),
            NotAnswered("UnauthorizedOperation", "explicit deny in a service control policy"),
        ),
        (
            saying("An error occurred (AccessDenied) when calling X: with an explicit deny"),
            NotAnswered("AccessDenied", "explicit deny"),
        ),
        (
            saying('Could not connect to the endpoint URL: "x" ($(touch CANARY))'),
            NotAnswered("NoAnswer"),
        ),
        (
            saying("aws: error: argument command: Invalid choice, valid choices are:"),
            NotAnswered("NoAnswer"),
        ),
        ("exit 0", NotAnswered("NoAnswer")),
    ],
    ids=[
        "denied",
        "denied by SCP",
        "denied by something",
        "no connection",
        "an old CLI",
        "silence",
    ],
)
def test_no_failing_call_ends_it_half_way(
    answer: str, told: NotAnswered, sh: str, run_script: Run, tmp_path: Path
) -> None:
    done = run_script(SCRIPT, shell=sh, env=stub(tmp_path, answer))
    assert (done.returncode, done.stderr) == (0, "")
    found = report(tmp_path)
    assert found.answers == {}
    assert found.errors == {each.name: told for each in questions("ap-east-1", "m5.xlarge")}
    assert not list(tmp_path.rglob("*CANARY*"))


def test_it_ends_with_where_the_report_is_and_how_to_get_it(
    run_script: Run, tmp_path: Path
) -> None:
    done = run_script(SCRIPT, env=stub(tmp_path, "echo '{}'"))
    assert done.stdout.startswith("Pre-flight for Astro, version 1\n")
    assert f"\n\n  {tmp_path / FILE}\n\n" in done.stdout
    assert "Actions, then Download file" in done.stdout
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert json.loads((tmp_path / FILE).read_text())["region"] == "ap-east-1"
    assert list((tmp_path / "scratch").iterdir()) == []


def test_report_of_an_earlier_run_is_replaced_and_a_link_is_not_followed(
    run_script: Run, tmp_path: Path
) -> None:
    planted = tmp_path / "precious"
    planted.write_text("mine")
    (tmp_path / FILE).symlink_to(planted)
    run_script(SCRIPT, env=stub(tmp_path, "echo '{}'"))
    assert planted.read_text() == "mine"
    assert not (tmp_path / FILE).is_symlink()


def test_what_it_made_for_itself_is_gone_when_it_is_interrupted(tmp_path: Path) -> None:
    script = tmp_path / "preflight.sh"
    script.write_text(SCRIPT)
    running = subprocess.Popen(
        ["dash", script],
        env=stub(tmp_path, SLOW),
        cwd=tmp_path,
        start_new_session=True,
        # Whoever runs the tests in the background has told their children to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 20
    while time.monotonic() < until and not list((tmp_path / "scratch").glob("*/said")):
        time.sleep(0.05)
    assert list((tmp_path / "scratch").iterdir())
    os.killpg(running.pid, signal.SIGINT)
    assert running.wait(timeout=20) != 0
    assert list((tmp_path / "scratch").iterdir()) == []
    assert not (tmp_path / FILE).exists()


def test_pasted_into_a_terminal_it_leaves_the_terminal_open(tmp_path: Path) -> None:
    env = stub(tmp_path, "echo '{}'") | {"STUB_ACCOUNT": OTHER}
    subprocess.run(
        ["bash", "--norc", "-i"],
        input=f"set -o history -o histexpand\n{SCRIPT}\necho still here $- > after\n",
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert len(calls(tmp_path)) == 1
    assert (tmp_path / "after").read_text().startswith("still here ")
