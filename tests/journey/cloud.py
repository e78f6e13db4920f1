"""The customer's AWS accounts, and the customer's own AWS CLI in them."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from onboarding.facts import ON_DEMAND_QUOTA, ROLE_NAME, SPOT_QUOTA, TRUST_PRINCIPAL
from onboarding.policy import document
from tests.harness.demo import Demo
from tests.harness.simulator import Simulator

EDITION = document.shipped()

numbers = count(720_000_000_001)


def trust(external_id: str | None) -> str:
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
    }
    if external_id is not None:
        statement["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def simulator_of(demo: Demo) -> Simulator:
    port = json.loads((demo.folder / "ports.json").read_text())["simulator"]
    return Simulator(f"http://127.0.0.1:{port}")


@dataclass(frozen=True)
class CustomerAccount:
    """An AWS account, and a terminal signed in to it with temporary credentials."""

    simulator: Simulator
    account_id: str

    def credentials(self) -> dict[str, str]:
        return self.simulator.credentials(self.account_id)

    def environment(self) -> dict[str, str]:
        """What a terminal has in which somebody signed in to AWS, and nothing of ours."""
        keys = self.credentials()
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": os.devnull,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": self.simulator.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["SessionToken"],
            "NO_PROXY": "127.0.0.1",
        }

    def run(self, *command: str) -> str:
        """What the command said. Its arguments may hold an external ID, so a failure hides them."""
        done = subprocess.run(
            command,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, f"{Path(command[0]).name} failed: {done.stderr}"
        return done.stdout

    def run_script(self, script: Path) -> str:
        return self.run(shutil.which("sh") or "sh", str(script))

    def create_role_as_the_guide_says(self, external_id: str) -> None:
        """Role, policies and attachments, one AWS CLI command each."""
        self.run(
            "aws", "iam", "create-role", "--role-name", ROLE_NAME,
            "--assume-role-policy-document", trust(external_id),
        )  # fmt: skip
        for policy in EDITION.policies:
            made = self.run(
                "aws", "iam", "create-policy", "--policy-name", policy.name,
                "--policy-document", json.dumps(policy.document),
            )  # fmt: skip
            self.run(
                "aws", "iam", "attach-role-policy", "--role-name", ROLE_NAME,
                "--policy-arn", json.loads(made)["Policy"]["Arn"],
            )  # fmt: skip

    def trust_policy(self) -> str:
        """Of the role, as it is. It holds the external ID."""
        role = json.loads(self.run("aws", "iam", "get-role", "--role-name", ROLE_NAME))["Role"]
        return json.dumps(role["AssumeRolePolicyDocument"])

    def set_trust_policy(self, document: str) -> None:
        self.run(
            "aws", "iam", "update-assume-role-policy", "--role-name", ROLE_NAME,
            "--policy-document", document,
        )  # fmt: skip

    def trust_everyone_at_the_vendor(self) -> None:
        """Loosen the role: it opens without the external ID."""
        self.set_trust_policy(trust(None))


def new_account(simulator: Simulator) -> CustomerAccount:
    """An account nobody has touched, with enough quota."""
    account_id = str(next(numbers))
    simulator.add_account(account_id)
    return CustomerAccount(simulator, account_id)


def with_small_quotas(account: CustomerAccount) -> CustomerAccount:
    """Both vCPU quotas of us-east-1 at 5, as AWS sets them for a new account."""
    where = {"account": account.account_id, "region": "us-east-1"}
    quotas = [{**where, "code": code, "value": 5} for code in (ON_DEMAND_QUOTA, SPOT_QUOTA)]
    account.simulator.knobs(quotas=quotas)
    return account
