"""What the pre-flight script asks of AWS, and what of each answer it keeps.

The questions are those of the checks in `onboarding.aws.checks`, with the same parameters: what is
not asked here cannot be answered by a report.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from onboarding.facts import CONSOLE_REGION, ON_DEMAND_QUOTA, SPOT_QUOTA
from onboarding.facts.regions import regions
from onboarding.facts.shapes import Flag, Many, Maybe, Members, Name, Text, Whole

VERSION = 1
"""Of the report. Raise it when what an older script reports no longer answers the checks."""

SAME_EVERYWHERE = frozenset({"account", "iam", "organizations"})
"""Services that answer the same in every Region."""

WORD = Text(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
BYTE = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
CIDR = Text(rf"{BYTE}(?:\.{BYTE}){{3}}/(?:3[0-2]|[12]?[0-9])")
REGION = Text(r"[a-z]{2,4}(?:-[a-z]{3,12}){1,2}-[0-9]{1,2}")
ZONE = Text(r"[a-z]{2,4}(?:-[a-z]{3,12}){1,2}-[0-9]{1,2}[a-z0-9-]{0,20}")
INSTANCE_TYPE = Text(r"[a-z][a-z0-9-]{0,20}\.[a-z0-9-]{1,20}")
QUOTA_CODE = Text(r"L-[0-9A-F]{8}")
CASE = Text(r"[0-9A-Za-z-]{0,80}")
CLUSTER = Text(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
DATABASE = Text(r"[A-Za-z][A-Za-z0-9-]{0,62}")
STACK = Text(r"[A-Za-z][A-Za-z0-9-]{0,127}")
NAME_TAG = Maybe(Many({"Key": Text("Name"), "Value": Name()}, 1, "Key=='Name'"))


def resource_id(kind: str) -> Text:
    return Text(rf"{kind}-(?:[0-9a-f]{{8}}|[0-9a-f]{{17}})")


@dataclass(frozen=True)
class Question:
    """One read-only call, in boto3's names."""

    name: str
    """Under which the report holds the answer."""
    service: str
    method: str
    region: str
    shape: Members
    params: Mapping[str, Any] = field(default_factory=dict)
    otherwise: bool = False
    """Asked only where AWS did not answer the question before."""

    def is_it(self, service: str, method: str, region: str, params: Mapping[str, Any]) -> bool:
        """Whether that call would ask the same."""
        same_place = region == self.region or service in SAME_EVERYWHERE
        call = (service, method, dict(params))
        return same_place and call == (self.service, self.method, dict(self.params))


def questions(region: str, node_type: str) -> tuple[Question, ...]:
    """All that is asked for a cluster in `region` with nodes of `node_type`, in order."""
    found = [*_of_region(region), *_quotas(region), *_room(region, node_type), ORGANIZATION]
    for place in dict.fromkeys((region, CONSOLE_REGION)):
        found += _standing(place)
    return tuple(found)


ORGANIZATION = Question(
    "organization",
    "organizations",
    "describe_organization",
    CONSOLE_REGION,
    {
        "Organization": {
            "Id": Text(r"o-[a-z0-9]{10,32}"),
            "MasterAccountId": Maybe(Text(r"[0-9]{12}")),
        }
    },
)


def _of_region(region: str) -> Iterator[Question]:
    if not regions()[region].opt_in:
        return
    yield Question(
        "region",
        "account",
        "get_region_opt_status",
        CONSOLE_REGION,
        {"RegionOptStatus": WORD},
        {"RegionName": region},
    )
    yield Question(
        "region_in_ec2",
        "ec2",
        "describe_regions",
        CONSOLE_REGION,
        {"Regions": Many({"RegionName": REGION, "OptInStatus": WORD}, 1)},
        {"AllRegions": True, "RegionNames": [region]},
        otherwise=True,
    )
    yield Question(
        "sts_tokens",
        "iam",
        "get_account_summary",
        CONSOLE_REGION,
        {"SummaryMap": {"GlobalEndpointTokenVersion": Maybe(Whole(9))}},
    )


QUOTA: Members = {"QuotaCode": QUOTA_CODE, "Value": Whole()}
VPC_QUOTAS = {
    "default_vpc_quota": "L-F678F1CE",
    "default_nat_gateway_quota": "L-FE5A380F",
    "default_internet_gateway_quota": "L-A4707A72",
}
QUOTA_REQUEST: Members = {
    "ServiceCode": WORD,
    "QuotaCode": QUOTA_CODE,
    "DesiredValue": Whole(),
    "Status": WORD,
    "CaseId": Maybe(CASE),
}


def _quotas(region: str) -> Iterator[Question]:
    def ask(
        name: str, method: str, shape: Members, *about: str, otherwise: bool = False
    ) -> Question:
        params = dict(zip(("ServiceCode", "QuotaCode"), about, strict=False))
        return Question(name, "service-quotas", method, region, shape, params, otherwise)

    default = "get_aws_default_service_quota"
    for name, code in (
        ("on_demand_quota", ON_DEMAND_QUOTA),
        ("spot_quota", SPOT_QUOTA),
        ("elastic_ip_quota", "L-0263D0A3"),
    ):
        yield ask(name, "get_service_quota", {"Quota": QUOTA}, "ec2", code)
        yield ask(f"default_{name}", default, {"Quota": QUOTA}, "ec2", code, otherwise=True)
    # Other quotas, and of other services, may be of any size.
    ours = " || ".join(f"QuotaCode=='{code}'" for code in VPC_QUOTAS.values())
    yield ask("vpc_quotas", "list_service_quotas", {"Quotas": Many(QUOTA, 3, ours)}, "vpc")
    # That list may leave out a quota that nobody ever changed.
    for name, code in VPC_QUOTAS.items():
        yield ask(name, default, {"Quota": QUOTA}, "vpc", code)
    ours = "ServiceCode=='ec2' || ServiceCode=='vpc'"
    yield ask(
        "quota_requests",
        "list_requested_service_quota_change_history",
        {"RequestedQuotas": Many(QUOTA_REQUEST, 500, ours)},
    )


def _room(region: str, node_type: str) -> Iterator[Question]:
    def ask(name: str, method: str, shape: Members, **params: Any) -> Question:
        return Question(name, "ec2", method, region, shape, params)

    yield ask(
        "node_type",
        "describe_instance_type_offerings",
        {"InstanceTypeOfferings": Many({"InstanceType": INSTANCE_TYPE, "Location": ZONE}, 100)},
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": [node_type]}],
    )
    yield ask("elastic_ips", "describe_addresses", {"Addresses": Many({"Domain": Maybe(WORD)})})
    yield ask(
        "nat_gateways",
        "describe_nat_gateways",
        {"NatGateways": Many({"SubnetId": Maybe(resource_id("subnet"))})},
        Filters=[{"Name": "state", "Values": ["pending", "available", "deleting"]}],
    )
    yield ask(
        "subnets",
        "describe_subnets",
        {"Subnets": Many({"SubnetId": resource_id("subnet"), "AvailabilityZone": ZONE})},
    )
    yield ask(
        "internet_gateways",
        "describe_internet_gateways",
        {"InternetGateways": Many({"InternetGatewayId": resource_id("igw")})},
    )


VPC: Members = {
    "VpcId": resource_id("vpc"),
    "IsDefault": Maybe(Flag()),
    "CidrBlockAssociationSet": Maybe(
        Many({"CidrBlock": CIDR, "CidrBlockState": Maybe({"State": WORD})}, 50)
    ),
    "Tags": NAME_TAG,
}
INSTANCE: Members = {
    "InstanceId": resource_id("i"),
    "InstanceType": INSTANCE_TYPE,
    "State": {"Name": WORD},
    "InstanceLifecycle": Maybe(WORD),
    "CpuOptions": Maybe({"CoreCount": Whole(4096), "ThreadsPerCore": Whole(64)}),
}


def _standing(region: str) -> Iterator[Question]:
    """What stands in a Region. The cluster's is asked, and the one where the console opens."""

    def ask(name: str, service: str, method: str, shape: Members, **params: Any) -> Question:
        return Question(f"{name} {region}", service, method, region, shape, params)

    yield ask("vpcs", "ec2", "describe_vpcs", {"Vpcs": Many(VPC, 200)})
    yield ask(
        "instances",
        "ec2",
        "describe_instances",
        {"Reservations": Many({"Instances": Many(INSTANCE)})},
        Filters=[
            {
                "Name": "instance-state-name",
                "Values": ["pending", "running", "stopping", "stopped"],
            }
        ],
    )
    yield ask("clusters", "eks", "list_clusters", {"clusters": Many(CLUSTER)})
    databases = {"DBInstances": Many({"DBInstanceIdentifier": DATABASE})}
    yield ask("databases", "rds", "describe_db_instances", databases)
    stacks = {"Stacks": Many({"StackName": STACK})}
    yield ask("stacks", "cloudformation", "describe_stacks", stacks)
