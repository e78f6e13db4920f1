"""The sample AWS accounts, and what stands in them from the start."""

import json
from collections.abc import Callable

from onboarding.facts import ON_DEMAND_QUOTA, ROLE_NAME, SPOT_QUOTA, TRUST_PRINCIPAL
from portal.demo.simulator import inside
from portal.demo.simulator.accounts import Account

Sample = Account

HEALTHY = "210987654321"
BRAND_NEW = "320987654321"
NOT_CLEAN = "430987654321"
HONG_KONG_OFF = "540987654321"
UNSAFE_ROLE = "650987654321"

SAMPLES: tuple[Sample, ...] = (
    Account(
        HEALTHY,
        "Healthy",
        "Empty, with enough vCPU quota everywhere. Hong Kong is enabled.",
        opted_in=("ap-east-1",),
    ),
    Account(
        BRAND_NEW,
        "Brand new",
        "Both vCPU quotas still stand at 5, as AWS sets them for a new account.",
        vcpu_quotas={ON_DEMAND_QUOTA: 5.0, SPOT_QUOTA: 5.0},
    ),
    Account(
        NOT_CLEAN,
        "Not clean",
        "An EC2 instance runs in us-east-1, and a VPC there takes 172.20.0.0/16.",
    ),
    Account(
        HONG_KONG_OFF,
        "Hong Kong off",
        "Healthy, but the Region ap-east-1 (Hong Kong) is not enabled.",
    ),
    Account(
        UNSAFE_ROLE,
        "Unsafe role",
        f"The role {ROLE_NAME} is there already, and asks for no external ID.",
    ),
)

Ask = Callable[..., str]
"""ask(account_id, service, action, **parameters): makes a query call and gives back the answer."""


def furnish(ask: Ask) -> None:
    """What stands there from the start."""
    ask(
        UNSAFE_ROLE,
        "iam",
        "CreateRole",
        RoleName=ROLE_NAME,
        AssumeRolePolicyDocument=json.dumps(_open_to_everyone_at_the_vendor()),
    )


def fill_network(ask: Ask) -> None:
    """What stands in the account that is not clean. Made at the first look, for it is slow."""
    made = ask(NOT_CLEAN, "ec2", "CreateVpc", CidrBlock="172.20.0.0/16")
    vpc = inside.text_of(made, "vpcId")
    ask(
        NOT_CLEAN,
        "ec2",
        "CreateTags",
        **{"ResourceId.1": vpc, "Tag.1.Key": "Name", "Tag.1.Value": "warehouse"},
    )
    made = ask(NOT_CLEAN, "ec2", "CreateSubnet", VpcId=vpc, CidrBlock="172.20.0.0/24")
    ask(
        NOT_CLEAN,
        "ec2",
        "RunInstances",
        ImageId="ami-12c6146b",
        InstanceType="m5.large",
        MinCount="1",
        MaxCount="1",
        SubnetId=inside.text_of(made, "subnetId"),
    )


def _open_to_everyone_at_the_vendor() -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
