"""The simulated AWS as a test sees it: what stands in an account, what is turned, what was called."""

import json
import re
from collections.abc import Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import boto3

from onboarding.aws.account import Account
from onboarding.aws.actions.create_role import Credentials
from onboarding.aws.calls import Call, forget
from onboarding.aws.clients import Opener
from onboarding.facts import POLICY_NAME, ROLE_NAME

if TYPE_CHECKING:
    from tests.harness.simulator import Simulator

READ_ALL = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "account:GetRegionOptStatus",
                "ec2:Describe*",
                "iam:GetRole",
                "servicequotas:Get*",
                "servicequotas:List*",
            ],
            "Resource": "*",
        }
    ],
}
_numbers = count(700000000001)


class SimulatedAws:
    """Each test takes a new account, so that none sees what another has done."""

    def __init__(self, simulator: "Simulator") -> None:
        self.simulator = simulator

    def new_account(self) -> str:
        """A healthy account of its own for one test."""
        account_id = str(next(_numbers))
        self.simulator.add_account(account_id)
        return account_id

    def set_quota(self, account_id: str, code: str, value: float | None, region: str) -> None:
        wanted = {"account": account_id, "region": region, "code": code, "value": value}
        self.simulator.knobs(quotas=[wanted])

    def set_region(self, account_id: str, region: str, status: str) -> None:
        self.simulator.knobs(regions=[{"account": account_id, "region": region, "status": status}])

    def fail(self, action: str, code: str, times: int = 12, message: str = "") -> None:
        """Have the next calls refused. The default outlasts botocore's retries of three calls."""
        self.simulator.knobs(fail={action: [code, times, *([message] if message else [])]})

    def lose(self, action: str, times: int = 1) -> None:
        """Have the next calls take effect, and their connection closed without an answer."""
        self.simulator.knobs(lose={action: times})

    def limit(self, account_id: str, *documents: Mapping[str, Any]) -> None:
        """Put the account under service control policies; none takes them away."""
        self.simulator.knobs(scps=[{"account": account_id, "documents": list(documents)}])

    def join_organization(self, account_id: str, management_account: str = "") -> None:
        joined = {"account": account_id, "member": True, "management_account": management_account}
        self.simulator.knobs(organizations=[joined])

    def end_sessions(self, account_id: str, after_calls: int = 0) -> None:
        """The administrators' sessions are over after so many more calls."""
        self.simulator.knobs(expire=[{"account": account_id, "after_calls": after_calls}])

    def credentials(self, account_id: str, seconds: int = 3600, kind: str = "admin") -> Credentials:
        """An administrator's temporary credentials, or those of a kind IAM does not take."""
        given = self.simulator.credentials(account_id, seconds, kind)
        return Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    def admin(self, account_id: str, service: str, region: str = "us-east-1") -> Any:
        """A client as the customer's administrator has it."""
        given = self.credentials(account_id)
        keys = {
            "aws_access_key_id": given.access_key_id,
            "aws_secret_access_key": given.secret_access_key,
            "aws_session_token": given.session_token,
        }
        opener = Opener(boto3.Session, account_id, forget, credentials=keys)
        return opener.open(service, region)

    def account(self, account_id: str, region: str = "us-east-1", **more: Any) -> Account:
        """The account seen with its administrator's credentials."""
        given = self.credentials(account_id)
        boto = {
            "aws_access_key_id": given.access_key_id,
            "aws_secret_access_key": given.secret_access_key,
            "aws_session_token": given.session_token,
        }
        return Account(account_id, region, boto, **more)

    def make_role(
        self,
        account_id: str,
        trust: Mapping[str, Any],
        permissions: Mapping[str, Any] | None = READ_ALL,
    ) -> None:
        iam = self.admin(account_id, "iam")
        iam.create_role(RoleName=ROLE_NAME, AssumeRolePolicyDocument=json.dumps(trust))
        if permissions:
            text = json.dumps(permissions)
            made = iam.create_policy(PolicyName=POLICY_NAME, PolicyDocument=text)
            iam.attach_role_policy(RoleName=ROLE_NAME, PolicyArn=made["Policy"]["Arn"])

    def journal(self, account_id: str) -> list[dict[str, Any]]:
        return self.simulator.journal(account_id)

    def calls(self, account_id: str, pattern: str) -> list[str]:
        """`service:Action` of the calls about an account that match, in order."""
        names = [f"{one['service']}:{one['action']}" for one in self.journal(account_id)]
        return [name for name in names if re.search(pattern, name)]


class Spy:
    """A session factory that keeps what is sent to STS and what STS gives, to look for leaks."""

    def __init__(self) -> None:
        self.assumed: list[dict[str, Any]] = []
        self.secrets: list[str] = []

    def __call__(self, **settings: Any) -> boto3.Session:
        session = boto3.Session(**settings)
        session.events.register("provide-client-params.sts.AssumeRole", self._sent)
        session.events.register("after-call.sts.AssumeRole", self._given)
        return session

    def _sent(self, params: dict[str, Any], **_: Any) -> None:
        self.assumed.append(dict(params))

    def _given(self, parsed: dict[str, Any], **_: Any) -> None:
        given = parsed.get("Credentials", {})
        names = ("AccessKeyId", "SecretAccessKey", "SessionToken")
        self.secrets += [given[name] for name in names if name in given]


class Log:
    """A recorder that keeps."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __call__(self, call: Call) -> None:
        self.calls.append(call)

    def outcomes(self) -> list[tuple[str, str]]:
        return [(f"{call.service}:{call.action}", call.outcome) for call in self.calls]
