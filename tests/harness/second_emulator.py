"""A second, independent emulator of AWS, which evaluates policies by code that is not ours.

It stands in an environment of its own (`make test` installs it): beside our boto3 its installer
would settle for an old version that evaluates nothing.
"""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from onboarding.aws.actions.create_role import Credentials
from onboarding.facts import CONSOLE_REGION, CONTROL_PLANE_ACCOUNT
from portal.demo.ports import HOST, free_port
from portal.demo.processes import Processes, alive

COMMAND = Path(sys.prefix) / "apart" / "ministack" / "bin" / "ministack"
EVERYTHING = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class SecondAws:
    """Accounts come to be by being named: the emulator takes an account's number as its root's key."""

    url: str

    def client(self, service: str, keys: Credentials) -> Any:
        session: Any = boto3.Session(
            region_name=CONSOLE_REGION,
            aws_access_key_id=keys.access_key_id,
            aws_secret_access_key=keys.secret_access_key,
            aws_session_token=keys.session_token or None,
        )
        return session.client(service, endpoint_url=self.url)

    def root(self, service: str, account_id: str) -> Any:
        return self.client(service, Credentials(account_id, "unused", ""))

    def user(self, account_id: str, name: str) -> Credentials:
        """Long-term keys of a user who may do everything in the account."""
        iam = self.root("iam", account_id)
        iam.create_user(UserName=name)
        iam.put_user_policy(
            UserName=name, PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING)
        )
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"], "")

    def administrator(self, account_id: str) -> Credentials:
        """Temporary credentials of a role that may do everything, as single sign-on gives them."""
        iam = self.root("iam", account_id)
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        role = iam.create_role(RoleName="admin", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(
            RoleName="admin", PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING)
        )
        sts = self.client("sts", self.user(account_id, "somebody"))
        given = sts.assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="administrator")
        return _temporary(given["Credentials"])


def _temporary(given: dict[str, Any]) -> Credentials:
    return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


@contextmanager
def running(folder: Path) -> Generator[SecondAws]:
    """Run it on a free port, with authorization on, its files in `folder`."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings = {
        "AUTH": "true",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "SERVICES": "iam,sts,cloudformation,s3",
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
        "TMPDIR": str(folder),
    }
    with Processes() as processes:
        processes.start("second", [COMMAND], log=folder / "second.log", env=own | settings)
        url = f"http://{HOST}:{port}"
        processes.wait_for(lambda: alive(f"{url}/_ministack/health"), what="The second emulator")
        yield SecondAws(url)


def portal_user(second: SecondAws) -> dict[str, str]:
    """The portal's own identity there, as boto3's variables."""
    keys = second.user(CONTROL_PLANE_ACCOUNT, "astro-install-portal")
    return {
        "AWS_ENDPOINT_URL": second.url,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
    }
