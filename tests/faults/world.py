"""One customer's account to which a fault happens, and what the portal then did and said."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.config import Config

from onboarding.aws.actions.create_role import Created, Credentials, create_role
from onboarding.aws.actions.existing import canonical
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError
from onboarding.aws.explain import explain
from onboarding.facts import ROLE_NAME
from tests.aws.actions.wanted import SPEC
from tests.aws.simulated import SimulatedAws

Document = dict[str, Any]
NO_PORT = "http://127.0.0.1:1"
WRITES = re.compile("(Create|Attach|Put|Update|Set|Tag|Delete|Detach|Untag)[A-Z].*")


@dataclass(frozen=True)
class Impatient:
    """A session whose clients ask once, so that no test waits for retries."""

    session: boto3.Session
    seconds: float
    """How long they wait for an answer."""

    def client(self, service: str, *, config: Config, **more: Any) -> Any:
        once = Config(retries={"total_max_attempts": 1}, read_timeout=self.seconds)
        return self.session.client(service, config=config.merge(once), **more)  # type: ignore[call-overload]


@dataclass(frozen=True)
class Told:
    """What the customer reads, in whatever way it came about."""

    cause: str
    turn: Turn
    steps: str
    layer: str = ""


@dataclass
class World:
    aws: SimulatedAws
    account_id: str
    patch: pytest.MonkeyPatch
    pasted: Credentials | None = None
    """What the customer pastes, where it is not an administrator's."""
    region: str = "us-east-1"
    patience: float = 10.0
    """Seconds the portal waits for an answer."""
    _mark: int = field(default=0)

    def admin(self) -> Any:
        return self.aws.admin(self.account_id, "iam")

    def session(self, **settings: Any) -> Impatient:
        return Impatient(boto3.Session(**settings), self.patience)

    def create(self) -> Created:
        """The portal's work, with what was pasted."""
        given = self.pasted or self.aws.credentials(self.account_id)
        return create_role(given, SPEC, account_id=self.account_id, session=self.session)

    def mend(self) -> None:
        """The customer has fresh credentials, and nothing stands in the way any more."""
        self.pasted, self.patience = None, 10.0
        self.aws.limit(self.account_id)
        self.aws.simulator.knobs(outage=[])
        self.patch.undo()

    def begin(self) -> None:
        """What was called so far is not the portal's doing."""
        self._mark = len(self.aws.journal(self.account_id))

    def writes(self) -> Counter[str]:
        """What took effect in IAM since `begin`, by action and name."""
        return Counter(
            f"{one['action']} {' '.join(str(name) for name in one['names'].values())}"
            for one in self.aws.journal(self.account_id)[self._mark :]
            if one["service"] == "iam"
            and one["outcome"] == "ok"
            and WRITES.fullmatch(one["action"])
        )

    def holds(self) -> Mapping[str, Any]:
        """Every role and policy of the account: documents, versions, attachments, tags."""
        found = self.admin().get_account_authorization_details(
            Filter=["Role", "LocalManagedPolicy"]
        )
        return {
            "roles": {role["Arn"]: _role(role) for role in found["RoleDetailList"]},
            "policies": {policy["Arn"]: _policy(policy) for policy in found["Policies"]},
        }

    def is_as_specified(self) -> bool:
        """Exactly one role and each policy once, equal to the specification, all attached."""
        holds = self.holds()
        arn = f"arn:aws:iam::{self.account_id}:role/{ROLE_NAME}"
        policies = {
            f"arn:aws:iam::{self.account_id}:policy/{name}": canonical(document)
            for name, document in SPEC.policies
        }
        same_name = [one for one in holds["roles"] if one.lower().endswith(f"/{ROLE_NAME}")]
        wanted_role = {
            "trust": canonical(SPEC.trust_policy),
            "attached": sorted(policies),
            "tags": SPEC.tags,
        }
        return (
            same_name == [arn]
            and holds["roles"][arn] == wanted_role
            and {one: policy["document"] for one, policy in holds["policies"].items()} == policies
        )


def _role(role: Mapping[str, Any]) -> Document:
    return {
        "trust": canonical(role["AssumeRolePolicyDocument"]),
        "attached": sorted(one["PolicyArn"] for one in role["AttachedManagedPolicies"]),
        "tags": {tag["Key"]: tag["Value"] for tag in role.get("Tags", ())},
    }


def _policy(policy: Mapping[str, Any]) -> Document:
    versions = policy["PolicyVersionList"]
    (in_force,) = [one["Document"] for one in versions if one["IsDefaultVersion"]]
    return {"document": canonical(in_force), "versions": len(versions)}


def told(error: AwsError) -> Told:
    why = explain(error)
    return Told(why.cause, why.turn, " ".join(why.fix.steps), why.report.layer)
