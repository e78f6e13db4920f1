"""The script that updates the role: it replaces what was published, and nothing else."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from onboarding import facts
from onboarding.policy import document, shell, update_shell
from tests.policy.conftest import Account, Run
from tests.policy.external_ids import VALID
from tests.policy.test_same_role import everything_in
from tests.policy.update_scene import (
    BIN,
    FOREIGN,
    NEW,
    OLD,
    arn,
    create,
    documents,
    on_role,
    put_text,
    renamed,
    tags_of_role,
    trust_of,
    versions,
)

SCRIPT = update_shell.script(NEW, (NEW, OLD))
CHANGED = [each.name for each in NEW.policies if each not in OLD.policies]


def run(account: Account, run_script: Run, text: str = SCRIPT, **more: Any) -> Any:
    return run_script(text, env=account.env, path=BIN, **more)


@pytest.mark.parametrize("text", [SCRIPT, update_shell.script(OLD, (OLD,))], ids=["new", "first"])
@pytest.mark.parametrize("dialect", ["sh", "dash", "bash"])
def test_shellcheck_finds_nothing(text: str, dialect: str) -> None:
    told = subprocess.run(
        [f"{BIN}/shellcheck", "--shell", dialect, "--enable", "quote-safe-variables", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.stderr, told.returncode) == ("", "", 0)


def test_script_fetches_nothing_and_keeps_nothing_on_disk() -> None:
    assert not re.search(r"\bcurl\b|\bwget\b|https?:|/tmp|mktemp|\beval\b", SCRIPT)
    assert "astro-" + "a" not in SCRIPT
    calls = [
        line
        for line in SCRIPT.replace("\\\n", " ").splitlines()
        if re.search(r"\b(aws (iam|sts)|look) [a-z]+-", line)
    ]
    assert len(calls) > 12
    assert all(re.search(r"--output (text|json)\b", call) for call in calls)
    assert SCRIPT.partition("\n\n")[0].splitlines()[-1] == f"# {NEW.line}"


@pytest.mark.parametrize(("first", "second"), [("dash", "bash"), ("bash", "dash")])
def test_a_role_of_the_old_version_becomes_one_of_the_new_and_a_second_run_changes_nothing(
    first: str, second: str, account: Account, run_script: Run
) -> None:
    made = run(account, run_script, shell.script(OLD, VALID))
    assert (made.returncode, made.stderr) == (0, "")
    trust = trust_of(account)

    done = run(account, run_script, shell=first)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.index(account.account_id) < done.stdout.index("  update  policy")
    assert done.stdout.count("  update  policy") == len(CHANGED) == 2
    assert on_role(account) == documents(NEW)
    assert tags_of_role(account) == NEW.tags
    assert trust_of(account) == trust
    assert all(versions(account, name) == ["v1", "v2"] for name in CHANGED)

    before = everything_in(account)
    again = run(account, run_script, shell=second)
    assert (again.returncode, again.stderr) == (0, "")
    assert "The role has this version already. Nothing was changed." in again.stdout
    assert everything_in(account) == before


def test_a_policy_that_the_new_version_has_no_more_is_taken_off_and_kept(
    account: Account, run_script: Run
) -> None:
    newer = renamed(2)
    iam = create(account)

    done = run(account, run_script, update_shell.script(newer, (newer, OLD)))

    assert (done.returncode, done.stderr) == (0, "")
    assert on_role(account) == documents(newer)
    gone = next(name for name in documents(OLD) if name not in documents(newer))
    assert iam.get_policy(PolicyArn=arn(account, gone))["Policy"]["AttachmentCount"] == 0


def test_a_role_that_terraform_made_is_recognised(account: Account, run_script: Run) -> None:
    """Its texts have the keys in another order."""
    create(account, sort_keys=True)

    done = run(account, run_script)

    assert (done.returncode, done.stderr) == (0, "")
    assert on_role(account) == documents(NEW)


def test_of_five_versions_the_oldest_goes_and_never_the_one_in_force(
    account: Account, run_script: Run
) -> None:
    create(account)
    for _ in range(4):
        put_text(account, CHANGED[0], json.dumps(FOREIGN), default=False)

    done = run(account, run_script)

    assert (done.returncode, done.stderr) == (0, "")
    assert versions(account, CHANGED[0]) == ["v1", "v3", "v4", "v5", "v6"]
    assert f"Deleted version v2 of {CHANGED[0]}, the oldest" in done.stdout
    assert on_role(account) == documents(NEW)


@pytest.mark.parametrize("name", [CHANGED[-1], OLD.policies[1].name], ids=["changed", "equal"])
def test_a_text_that_was_never_published_stops_it_before_anything_is_changed(
    name: str, account: Account, run_script: Run
) -> None:
    create(account)
    put_text(account, name, json.dumps(FOREIGN))
    before = everything_in(account)

    done = run(account, run_script)

    assert done.returncode == 1
    assert f"The policy {name} has a text that Astro did not publish.\nNothing was" in done.stderr
    assert everything_in(account) == before


def test_one_word_more_than_published_is_another_text(account: Account, run_script: Run) -> None:
    create(account)
    content = documents(OLD)[CHANGED[0]]
    content["Statement"][0]["Action"].append("s3:GetObject")
    put_text(account, CHANGED[0], json.dumps(content))

    assert run(account, run_script).returncode == 1
    assert on_role(account)[CHANGED[0]] == content


def test_what_broke_off_goes_on_where_it_stopped(account: Account, run_script: Run) -> None:
    create(account)
    knobs = {"fail": {"iam:CreatePolicyVersion": ["AccessDenied", 1]}}
    request = Request(
        f"{account.endpoint}/_simulator/knobs",
        data=json.dumps(knobs).encode(),
        headers={"Content-Type": "application/json"},
    )
    urlopen(request, timeout=10).close()

    broken = run(account, run_script)

    assert broken.returncode == 1
    assert "Run this again: it goes on from here." in broken.stderr
    assert tags_of_role(account) == OLD.tags, "They do not tell of what is not there yet."
    assert run(account, run_script).returncode == 0
    assert on_role(account) == documents(NEW)
    assert tags_of_role(account) == NEW.tags


def test_without_a_role_it_says_so(account: Account, run_script: Run) -> None:
    before = everything_in(account)
    done = run(account, run_script)
    assert done.returncode == 1
    assert f"There is no role {facts.ROLE_NAME} in the account {account.account_id}" in done.stderr
    assert everything_in(account) == before


def test_a_role_without_a_policy_of_ours_is_left_alone(account: Account, run_script: Run) -> None:
    trust = json.dumps(document.trust_policy(VALID))
    account.client("iam").create_role(RoleName=facts.ROLE_NAME, AssumeRolePolicyDocument=trust)
    before = everything_in(account)
    done = run(account, run_script)
    assert done.returncode == 1
    assert "it is not sure whose it is" in done.stderr
    assert everything_in(account) == before


def test_without_a_tool_for_checksums_it_stops_before_it_asks(
    account: Account, run_script: Run, tmp_path: Path
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("aws", "cut", "tr"):
        (tools / name).write_text("#!/bin/sh\ntouch asked\n")
        (tools / name).chmod(0o755)
    done = run_script(SCRIPT, env={"PATH": str(tools)})
    assert done.returncode == 1
    assert "Neither sha256sum, shasum nor openssl" in done.stderr
