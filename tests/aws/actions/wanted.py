"""A role to make, smaller than the published one."""

from typing import Any

from onboarding.aws.actions.create_role import Created, RoleSpec, create_role
from onboarding.facts import POLICY_NAME, ROLE_NAME
from tests.aws.simulated import READ_ALL, SimulatedAws
from tests.aws.trust_documents import policy, statement

SECOND_NAME = "Network" + POLICY_NAME
SECOND: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "eks:ListClusters", "Resource": "*"}],
}
SPEC = RoleSpec(
    role_name=ROLE_NAME,
    trust_policy=policy(statement()),
    policies=((POLICY_NAME, READ_ALL), (SECOND_NAME, SECOND)),
    tags={"astro:installation": "0190-abcd", "astro:managed-by": "astro-install-portal"},
)


def create(aws: SimulatedAws, account_id: str, spec: RoleSpec = SPEC, **more: Any) -> Created:
    credentials = more.pop("credentials", None) or aws.credentials(account_id)
    return create_role(credentials, spec, account_id=account_id, **more)
