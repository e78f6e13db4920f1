"""Nothing else runs in the account: Astro wants one of its own.

Looked at are the Regions in use: the cluster's, and us-east-1, where most accounts begin.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onboarding.aws import console, standing
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.aws.errors import AwsError
from onboarding.aws.together import at_once
from onboarding.facts import CONSOLE_REGION

SHOWN = 3
# The stack that makes our role, whatever became of its name over the years, and that of its alarm.
OURS = re.compile(r"Astro\w*(?:CrossAcc|Monitoring)\w*")


@dataclass(frozen=True)
class Kind:
    """Something that may stand in an account."""

    one: str
    several: str
    listed: Callable[[Account, str], list[str]]
    """What people know it by, in a Region."""
    command: str
    link: Callable[[str], str]


@dataclass(frozen=True)
class Found:
    kind: Kind
    region: str
    names: list[str]
    refusal: AwsError | None = None

    @property
    def words(self) -> str:
        count = len(self.names)
        more = f" and {count - SHOWN} more" if count > SHOWN else ""
        shown = ", ".join(self.names[:SHOWN])
        what = self.kind.one if count == 1 else self.kind.several
        return f"{count} {what} in {self.region} ({shown}{more})"


def run(account: Account, wish: Wish) -> Finding:
    places = dict.fromkeys((account.region, CONSOLE_REGION))
    found = at_once(*(_looking(account, kind, place) for place in places for kind in KINDS))
    stands = [each for each in found if each.names]
    silent = [each for each in found if each.refusal]
    if silent and not stands:
        raise silent[0].refusal
    where = " and ".join(places)
    needed = f"An account of Astro's own, with nothing else in {where}"
    if not stands:
        saw = f"Nothing else is in {where}: no instances, clusters, databases, VPCs or stacks."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    unread = ", ".join(f"{each.kind.several} in {each.region}" for each in silent)
    return Finding(
        Status.WARNING,
        saw="; ".join(each.words for each in stands)
        + "."
        + (f" We could not read: {unread}." if unread else ""),
        needed=needed,
        cause="What stands here shares quotas with the cluster, and Astro's role could reach it.",
        turn=Turn.CUSTOMER,
        fix=_fix(stands[0]),
    )


def _looking(account: Account, kind: Kind, region: str) -> Callable[[], Found]:
    def look() -> Found:
        try:
            return Found(kind, region, kind.listed(account, region))
        except AwsError as error:
            return Found(kind, region, [], error)

    return look


def _instances(account: Account, region: str) -> list[str]:
    return [one["InstanceId"] for one in standing.instances(account, region)]


def _databases(account: Account, region: str) -> list[str]:
    listed = account.ask_all("rds", "describe_db_instances", "DBInstances", region)
    return [one["DBInstanceIdentifier"] for one in listed]


def _vpcs(account: Account, region: str) -> list[str]:
    return [
        standing.vpc_name(vpc) for vpc in standing.vpcs(account, region) if not vpc.get("IsDefault")
    ]


def _stacks(account: Account, region: str) -> list[str]:
    listed: list[dict[str, Any]] = account.ask_all(
        "cloudformation", "describe_stacks", "Stacks", region
    )
    return [one["StackName"] for one in listed if not OURS.fullmatch(one["StackName"])]


KINDS = (
    Kind(
        "EC2 instance",
        "EC2 instances",
        _instances,
        "aws ec2 describe-instances --query 'Reservations[].Instances[].InstanceId' --output text",
        console.instances,
    ),
    Kind(
        "EKS cluster",
        "EKS clusters",
        standing.clusters,
        "aws eks list-clusters --query clusters --output text",
        console.clusters,
    ),
    Kind(
        "RDS database",
        "RDS databases",
        _databases,
        "aws rds describe-db-instances --query 'DBInstances[].DBInstanceIdentifier' --output text",
        console.databases,
    ),
    Kind(
        "VPC",
        "VPCs",
        _vpcs,
        "aws ec2 describe-vpcs --filters Name=is-default,Values=false"
        " --query 'Vpcs[].VpcId' --output text",
        console.vpcs,
    ),
    Kind(
        "CloudFormation stack",
        "CloudFormation stacks",
        _stacks,
        "aws cloudformation describe-stacks --query 'Stacks[].StackName' --output text",
        console.stacks,
    ),
)


def _fix(first: Found) -> Fix:
    return Fix(
        steps=(
            "Remove what nothing uses any more, or move it to another account.",
            "Or choose another AWS account in the step Your AWS account: a new one is best.",
            "If it is to stay, go on as it is. This stops nothing, and support sees it too.",
        ),
        command=f"{first.kind.command} --region {first.region}",
        link=first.kind.link(first.region),
        link_label=f"{first.kind.several} in {first.region}",
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=f"{KINDS[0].command} --region {wish.region}",
        link=console.instances(wish.region),
        link_label=f"EC2 instances in {wish.region}",
    )


CHECK = Check(
    code="account_is_clean",
    title="The account is empty",
    blocking=False,
    relies_on=("aws_account_id", "region"),
    run=run,
    look_up=_look_up,
)
