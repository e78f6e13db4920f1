"""The sample AWS accounts, and what stands in them from the start."""

import json
from collections.abc import Callable

from werkzeug.wrappers import Request

from onboarding.facts import ON_DEMAND_QUOTA, ROLE_NAME, SPOT_QUOTA, TRUST_PRINCIPAL
from portal.demo.simulator import inside
from portal.demo.simulator.accounts import Account
from portal.demo.simulator.evaluate import Document

Sample = Account

HEALTHY = "210987654321"
BRAND_NEW = "320987654321"
NOT_CLEAN = "430987654321"
HONG_KONG_OFF = "540987654321"
UNSAFE_ROLE = "650987654321"
IN_ORGANIZATION = "760987654321"

NO_WAY_TO_THE_INTERNET: Document = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "TheNetworkTeamAlone",
            "Effect": "Deny",
            "Action": [
                "ec2:AttachInternetGateway",
                "ec2:CreateInternetGateway",
                "ec2:CreateNatGateway",
            ],
            "Resource": "*",
        }
    ],
}
"""A service control policy as many organizations have it."""
_REGION = "us-east-1"

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
        "In us-east-1 an EC2 instance, a database, an EKS cluster and a stack stand already, and a "
        "VPC takes 172.20.0.0/16.",
    ),
    Account(
        HONG_KONG_OFF,
        "Hong Kong off",
        "Healthy, but the Region ap-east-1 (Hong Kong) is not enabled, and STS gives tokens of "
        "version 1.",
    ),
    Account(
        UNSAFE_ROLE,
        "Unsafe role",
        f"The role {ROLE_NAME} is there already, and asks for no external ID.",
    ),
    Account(
        IN_ORGANIZATION,
        "In an organization",
        "Healthy, but its AWS Organization denies NAT and internet gateways.",
        service_control_policies=(NO_WAY_TO_THE_INTERNET,),
    ),
)

Ask = Callable[[str, Request], str]
"""ask(account_id, request): makes the call as the account's administrator; gives the answer."""


def furnish(ask: Ask) -> None:
    """What stands there from the start."""
    _query(
        ask,
        UNSAFE_ROLE,
        "iam",
        "CreateRole",
        RoleName=ROLE_NAME,
        AssumeRolePolicyDocument=json.dumps(_open_to_everyone_at_the_vendor()),
    )
    _query(
        ask,
        HEALTHY,
        "iam",
        "SetSecurityTokenServicePreferences",
        GlobalEndpointTokenVersion="v2Token",
    )


def _fill_network(ask: Ask) -> None:
    made = _query(ask, NOT_CLEAN, "ec2", "CreateVpc", CidrBlock="172.20.0.0/16")
    vpc = inside.text_of(made, "vpcId")
    name = {"ResourceId.1": vpc, "Tag.1.Key": "Name", "Tag.1.Value": "warehouse"}
    _query(ask, NOT_CLEAN, "ec2", "CreateTags", **name)
    made = _query(ask, NOT_CLEAN, "ec2", "CreateSubnet", VpcId=vpc, CidrBlock="172.20.0.0/24")
    _query(
        ask,
        NOT_CLEAN,
        "ec2",
        "RunInstances",
        ImageId="ami-12c6146b",
        InstanceType="m5.large",
        MinCount="1",
        MaxCount="1",
        SubnetId=inside.text_of(made, "subnetId"),
    )


def _make_database(ask: Ask) -> None:
    _query(
        ask,
        NOT_CLEAN,
        "rds",
        "CreateDBInstance",
        DBInstanceIdentifier="warehouse",
        DBInstanceClass="db.r5.large",
        Engine="postgres",
        AllocatedStorage="100",
        MasterUsername="owner",
        MasterUserPassword="made-up-words",
    )


def _make_cluster(ask: Ask) -> None:
    body = {
        "name": "warehouse",
        "roleArn": f"arn:aws:iam::{NOT_CLEAN}:role/warehouse",
        "resourcesVpcConfig": {},
    }
    ask(NOT_CLEAN, inside.json_request("eks", "/clusters", _REGION, body))


def _make_stack(ask: Ask) -> None:
    template = {"Resources": {"Alerts": {"Type": "AWS::SNS::Topic"}}}
    body = json.dumps(template)
    _query(
        ask, NOT_CLEAN, "cloudformation", "CreateStack", StackName="warehouse", TemplateBody=body
    )


LATER: dict[tuple[str, str], Callable[[Ask], None]] = {
    (NOT_CLEAN, "ec2"): _fill_network,
    (NOT_CLEAN, "rds"): _make_database,
    (NOT_CLEAN, "eks"): _make_cluster,
    (NOT_CLEAN, "cloudformation"): _make_stack,
}
"""By account and service, what is made when somebody first looks there: each takes a second."""


def _query(ask: Ask, account_id: str, service: str, action: str, **params: str) -> str:
    return ask(account_id, inside.query_request(service, action, _REGION, params))


def _open_to_everyone_at_the_vendor() -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": TRUST_PRINCIPAL},
        "Action": "sts:AssumeRole",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
