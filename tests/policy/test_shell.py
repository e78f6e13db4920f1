"""The shell script: what it refuses before it speaks to AWS, and that nothing breaks out of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from onboarding import facts
from onboarding.policy import document, shell
from tests.policy.conftest import Run
from tests.policy.external_ids import BOUNDARIES, HOSTILE, OTHER, VALID

EDITION = document.shipped()

BIN = Path(sys.executable).parent
SHELLS = ("dash", "bash")

STUB = """#!/bin/sh
printf '%s\\n' "$*" >> "$HOME/calls"
case $2 in
  get-caller-identity) printf '%s\\n' "$STUB_ACCOUNT" ;;
  get-*) echo "An error occurred (${STUB_ERROR:-NoSuchEntity})" >&2; exit 254 ;;
  create-*) cat > "$HOME/document" ;;
esac
"""


@pytest.fixture
def stub(tmp_path: Path) -> Path:
    """A folder with an `aws` that notes its arguments, in an account without roles."""
    folder = tmp_path / "stub"
    folder.mkdir()
    program = folder / "aws"
    program.write_text(STUB)
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    "text", [shell.script(EDITION), shell.script(EDITION, VALID)], ids=["env", "filled in"]
)
@pytest.mark.parametrize("dialect", ["sh", "dash", "bash"])
def test_shellcheck_finds_nothing(text: str, dialect: str) -> None:
    told = subprocess.run(
        [BIN / "shellcheck", "--shell", dialect, "--enable", "quote-safe-variables", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_script_fetches_nothing_and_keeps_nothing_on_disk() -> None:
    text = shell.script(EDITION)
    assert not re.search(r"\bcurl\b|\bwget\b|https?:|/tmp|mktemp|\beval\b|[^2]>\s*[^&/ ]", text)


def test_every_call_of_aws_names_its_output_format() -> None:
    text = shell.script(EDITION).replace("\\\n", " ")
    calls = [line for line in text.splitlines() if re.search(r"\baws (iam|sts) ", line)]
    assert len(calls) > 5
    assert all(re.search(r"--output (text|json)\b", call) for call in calls)


def test_script_differs_from_the_one_with_the_external_id_in_two_lines_only() -> None:
    plain, filled = shell.script(EDITION).splitlines(), shell.script(EDITION, VALID).splitlines()
    changed = [(a, b) for a, b in zip(plain, filled, strict=True) if a != b]
    assert len(changed) == 2
    assert changed[1] == ("external_id=${EXTERNAL_ID:-}", f"external_id={VALID}")


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_script_is_not_made_for_what_the_portal_did_not_make(value: str) -> None:
    with pytest.raises(ValueError, match="not an external ID") as refused:
        shell.script(EDITION, value)
    assert len(value) < 3 or value not in str(refused.value)


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_bad_external_id_in_the_environment_runs_nothing(
    value: str, sh: str, run_script: Run, stub: Path, tmp_path: Path
) -> None:
    env = {"EXTERNAL_ID": value, "STUB_ACCOUNT": "210987654321"}
    done = run_script(shell.script(EDITION), shell=sh, env=env, path=str(stub))
    assert done.returncode == 1
    assert "EXTERNAL_ID is" in done.stderr
    assert len(value) < 10 or value not in done.stdout + done.stderr
    assert not (tmp_path / "calls").exists()
    assert not list(tmp_path.rglob("*CANARY*"))


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize("account", [facts.CONTROL_PLANE_ACCOUNT, "", "None", "2109;touch CANARY"])
def test_wrong_or_unknown_account_stops_before_iam(
    account: str, sh: str, run_script: Run, stub: Path, tmp_path: Path
) -> None:
    done = run_script(
        shell.script(EDITION, VALID), shell=sh, env={"STUB_ACCOUNT": account}, path=str(stub)
    )
    assert done.returncode == 1
    assert "Stopped:" in done.stderr
    calls = (tmp_path / "calls").read_text()
    assert calls == "sts get-caller-identity --query Account --output text\n"


def test_missing_cli_is_said_in_one_sentence(run_script: Run) -> None:
    done = run_script(shell.script(EDITION, VALID), env={"PATH": ""})
    assert done.returncode == 1
    assert done.stderr == (
        "\nStopped: The AWS CLI is not installed here. AWS CloudShell has it ready.\n"
    )


def test_pasted_into_a_terminal_it_leaves_the_terminal_open(stub: Path, tmp_path: Path) -> None:
    env = {"PATH": f"{stub}:/usr/bin:/bin", "HOME": str(tmp_path)}
    env["STUB_ACCOUNT"] = facts.CONTROL_PLANE_ACCOUNT
    pasted = shell.script(EDITION, VALID) + "\necho still here $- > after\n"
    subprocess.run(
        ["bash", "--norc", "-i"],
        input=f"set -o history -o histexpand\n{pasted}",
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        timeout=60,
    )
    assert (tmp_path / "calls").read_text().startswith("sts get-caller-identity")
    flags = (tmp_path / "after").read_text()
    assert flags.startswith("still here ")
    assert "H" in flags
    assert "e" not in flags.split()[-1]


def test_external_id_is_never_an_argument(run_script: Run, stub: Path, tmp_path: Path) -> None:
    """Arguments can be read by everyone on the machine."""
    env = {"EXTERNAL_ID": OTHER, "STUB_ACCOUNT": "210987654321"}
    run_script(shell.script(EDITION), env=env, path=str(stub))
    calls = (tmp_path / "calls").read_text()
    assert calls.count("iam create-role") == 1
    assert OTHER not in calls
    assert OTHER in (tmp_path / "document").read_text()


def test_refusal_of_aws_is_not_taken_for_absence(
    run_script: Run, stub: Path, tmp_path: Path
) -> None:
    env = {"STUB_ACCOUNT": "210987654321", "STUB_ERROR": "AccessDenied"}
    done = run_script(shell.script(EDITION, VALID), env=env, path=str(stub))
    assert done.returncode == 1
    assert "Nothing was changed. AWS said:\nAn error occurred (AccessDenied)" in done.stderr
    assert "create" not in (tmp_path / "calls").read_text()


def test_script_tells_its_version_first(run_script: Run, stub: Path) -> None:
    done = run_script(
        shell.script(EDITION, VALID), env={"STUB_ACCOUNT": "210987654321"}, path=str(stub)
    )
    first, second, third = done.stdout.splitlines()[:3]
    assert first.endswith(f"version {EDITION.number}")
    assert second == f"Checksum {EDITION.checksum}"
    assert "210987654321" in third


def test_script_has_its_version_and_checksum_in_its_heading() -> None:
    heading = shell.script(EDITION).partition("\n\n")[0]
    assert heading.splitlines()[-1] == f"# {EDITION.line}"


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize("value", BOUNDARIES[1], ids=range(len(BOUNDARIES[1])))
def test_bad_boundary_runs_nothing(
    value: str, sh: str, run_script: Run, stub: Path, tmp_path: Path
) -> None:
    env = {"PERMISSIONS_BOUNDARY_ARN": value, "STUB_ACCOUNT": "210987654321"}
    done = run_script(shell.script(EDITION, VALID), shell=sh, env=env, path=str(stub))
    assert done.returncode == 1
    assert "PERMISSIONS_BOUNDARY_ARN is not" in done.stderr
    assert not (tmp_path / "calls").exists()
    assert not list(tmp_path.rglob("*CANARY*"))


@pytest.mark.parametrize("sh", SHELLS)
@pytest.mark.parametrize("value", ["", *BOUNDARIES[0]])
def test_boundary_is_passed_on_if_there_is_one(
    value: str, sh: str, run_script: Run, stub: Path, tmp_path: Path
) -> None:
    env = {"PERMISSIONS_BOUNDARY_ARN": value, "STUB_ACCOUNT": "210987654321"}
    done = run_script(shell.script(EDITION, VALID), shell=sh, env=env, path=str(stub))
    assert (done.returncode, done.stderr) == (0, "")
    made = next(
        line for line in (tmp_path / "calls").read_text().splitlines() if "create-role" in line
    )
    assert (f"--permissions-boundary {value}" in made) is bool(value)
