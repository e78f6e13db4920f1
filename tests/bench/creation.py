"""“Create it for me” against the calls of the guide's script, made by the AWS CLI."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from onboarding.aws.actions.create_role import Credentials, RoleSpec, create_role
from onboarding.facts import POLICY_NAME, ROLE_NAME
from onboarding.policy import document
from onboarding.policy.role import role_spec
from tests.aws.simulated import Log, SimulatedAws
from tests.bench.measure import Measure, side_by_side
from tests.bench.world import EXTERNAL_ID, slowly

EDITION = document.shipped()

MOST_RATIO = 1 / 3
MOST_CALLS = 24
AWS_CLI = str(Path(sys.executable).parent / "aws")
ROUNDS = 5


def measures(aws: SimulatedAws) -> Iterator[Measure]:
    """Each round in accounts of its own: both make a role where there is none."""
    ours = iter([aws.new_account() for _ in range(ROUNDS + 1)])
    theirs = iter([aws.new_account() for _ in range(ROUNDS)])
    log = Log()
    create(aws, next(ours), log)
    with slowly(aws):
        portal, guide = side_by_side(
            lambda: create(aws, next(ours), Log()),
            lambda: by_the_guide(aws, next(theirs)),
            rounds=ROUNDS,
        )
    yield Measure(
        f"role creation / the guide's way by the AWS CLI ({guide:.2f} s)",
        portal / guide,
        MOST_RATIO,
    )
    yield Measure("AWS calls of a role creation", len(log.calls), MOST_CALLS)


def create(aws: SimulatedAws, account_id: str, log: Log) -> None:
    spec = role_spec(EDITION, EXTERNAL_ID)
    wanted = RoleSpec(
        spec.role_name, spec.trust_policy, spec.policies, spec.tags, spec.descriptions
    )
    create_role(aws.credentials(account_id), wanted, account_id=account_id, record=log)


def by_the_guide(aws: SimulatedAws, account_id: str) -> None:
    """The same four commands in the same order: who am I, policy, role, attachment.

    One policy that fits, as the guide has it. What the guide downloads is here already.
    """
    spec = role_spec(EDITION, EXTERNAL_ID)
    run = _command_line(aws.credentials(account_id))
    run("sts", "get-caller-identity", "--query", "Account", "--output", "text")
    run(
        "iam",
        "create-policy",
        "--policy-name",
        POLICY_NAME,
        "--policy-document",
        json.dumps(spec.policies[0][1]),
        "--description",
        "As the guide has it",
    )
    run(
        "iam",
        "create-role",
        "--role-name",
        ROLE_NAME,
        "--assume-role-policy-document",
        json.dumps(spec.trust_policy),
    )
    run(
        "iam",
        "attach-role-policy",
        "--role-name",
        ROLE_NAME,
        "--policy-arn",
        f"arn:aws:iam::{account_id}:policy/{POLICY_NAME}",
    )


def _command_line(given: Credentials) -> Callable[..., None]:
    env = os.environ | {
        "AWS_ACCESS_KEY_ID": given.access_key_id,
        "AWS_SECRET_ACCESS_KEY": given.secret_access_key,
        "AWS_SESSION_TOKEN": given.session_token,
        "AWS_PAGER": "",
    }

    def run(*words: str) -> None:
        subprocess.run([AWS_CLI, *words], env=env, check=True, capture_output=True)

    return run
