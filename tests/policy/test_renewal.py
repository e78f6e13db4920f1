"""The commands that put a new external ID into a role, run with the customer's own client."""

import subprocess
import sys
from pathlib import Path

import pytest

from onboarding import facts
from onboarding.policy import cloudformation, document, renewal, shell
from tests.policy.conftest import Account, Run
from tests.policy.external_ids import HOSTILE, OTHER, VALID
from tests.policy.test_same_role import role_in, specified

EDITION = document.shipped()

BIN = str(Path(sys.executable).parent)
COMMANDS = {"trust": renewal.trust_command, "stack": renewal.stack_command}


def everything_asked_for(external_id: str) -> dict[str, str]:
    return dict.fromkeys(cloudformation.parameter_names(), "") | {"ExternalId": external_id}


def parameters_in(account: Account) -> dict[str, str]:
    (stack,) = account.client("cloudformation").describe_stacks()["Stacks"]
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}


def make(account: Account, way: str, run_script: Run) -> None:
    if way == "stack":
        # As the console does it: with a value for everything the template asks for.
        given = everything_asked_for(VALID)
        account.client("cloudformation").create_stack(
            StackName=facts.STACK_NAME,
            TemplateBody=cloudformation.template(EDITION),
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value} for name, value in given.items()
            ],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
    else:
        done = run_script(shell.script(EDITION), env=account.env | {"EXTERNAL_ID": VALID}, path=BIN)
        assert done.returncode == 0


@pytest.mark.parametrize("way", COMMANDS)
@pytest.mark.parametrize("sh", ["dash", "bash"])
def test_the_role_gets_the_new_id_and_is_otherwise_as_it_was(
    way: str, sh: str, account: Account, run_script: Run
) -> None:
    make(account, way, run_script)
    command = COMMANDS[way](account.account_id)

    env = account.env | {"EXTERNAL_ID": OTHER}
    done = run_script(command, shell=sh, env=env, path=BIN)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Nothing was changed" not in done.stdout
    assert OTHER not in done.stdout
    if way == "stack":
        # The emulator keeps the new parameter and leaves the role alone; AWS updates it in place.
        assert parameters_in(account) == everything_asked_for(OTHER)
    else:
        assert role_in(account) == specified(OTHER)


@pytest.mark.parametrize("way", COMMANDS)
def test_in_another_account_nothing_is_changed(way: str, account: Account, run_script: Run) -> None:
    make(account, way, run_script)

    env = account.env | {"EXTERNAL_ID": OTHER}
    done = run_script(COMMANDS[way]("720000000001"), env=env, path=BIN)

    assert "Nothing was changed" in done.stdout
    assert role_in(account)["trust_policy"] == specified(VALID)["trust_policy"]


@pytest.mark.parametrize("way", COMMANDS)
@pytest.mark.parametrize("value", ["", *HOSTILE], ids=range(len(HOSTILE) + 1))
def test_what_the_portal_did_not_make_reaches_nobody(
    way: str, value: str, run_script: Run, tmp_path: Path
) -> None:
    program = tmp_path / "aws"
    program.write_text('#!/bin/sh\ntouch "$HOME/CANARY"\n')
    program.chmod(0o755)

    env = {"EXTERNAL_ID": value.replace("\x00", "")}
    done = run_script(COMMANDS[way]("720000000001"), env=env, path=str(tmp_path))

    assert "Nothing was changed" in done.stdout
    assert not (tmp_path / "CANARY").exists()


@pytest.mark.parametrize("way", COMMANDS)
def test_no_command_holds_an_external_id_and_shellcheck_finds_nothing(way: str) -> None:
    text = COMMANDS[way]("720000000001")
    assert "astro-" not in text.replace("astro-[a-z2-7]", "")
    told = subprocess.run(
        [f"{BIN}/shellcheck", "--shell", "sh", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.stdout, told.returncode) == ("", 0)
    assert facts.ROLE_NAME in text or facts.STACK_NAME in text


@pytest.mark.parametrize("account_id", ["", "12345678901", "1234567890123", "$(touch CANARY)"])
def test_no_command_is_made_for_what_is_no_account(account_id: str) -> None:
    for command in COMMANDS.values():
        with pytest.raises(ValueError, match="12 digits"):
            command(account_id)
