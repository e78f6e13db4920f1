"""The On-Demand vCPU quota against the cluster at its largest and what already runs."""

import re
from typing import Any

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.aws.errors import AwsError
from onboarding.aws.quota_findings import ON_DEMAND, increase
from onboarding.aws.quotas import vcpu_quota
from onboarding.facts import ON_DEMAND_QUOTA
from onboarding.facts.node_types import node_types

# EC2 User Guide, "On-Demand Instance quotas": the families that count against this quota.
STANDARD = re.compile(r"(?:a|c|d|h|i|im|is|m|r|t|z)[0-9]")


def run(account: Account, wish: Wish) -> Finding:
    vcpu = node_types()[wish.node_type].vcpu
    cluster = wish.max_nodes * vcpu
    quota = vcpu_quota(account, ON_DEMAND_QUOTA)
    used = _vcpu_in_use(account)
    needed = f"{cluster} vCPU: {wish.max_nodes} {wish.node_type} of {vcpu}" + (
        f", and {used} already in use" if used else ""
    )
    if quota is None:
        return Finding(
            Status.COULD_NOT_CHECK,
            saw=f"AWS lists no quota {ON_DEMAND_QUOTA} in {account.region}.",
            needed=needed,
            turn=Turn.CUSTOMER,
            fix=Fix(
                ("Look the quota up in the console.",),
                link=console.quota(account.region, ON_DEMAND_QUOTA),
                link_label=f"Open the quota in {account.region}",
            ),
        )
    return _judged(account.region, quota, cluster + (used or 0), needed, used)


def _judged(region: str, quota: int, total: int, needed: str, used: int | None) -> Finding:
    in_use = "we could not read what is running" if used is None else f"{used} in use"
    saw = f"{quota} vCPU in {region}, {in_use}"
    if quota >= total:
        return Finding(Status.PASSED, saw=saw, needed=needed)
    return Finding(
        Status.WARNING,
        saw=saw,
        needed=needed,
        cause=f"At its largest the cluster would be {total - quota} vCPU short and stop growing.",
        turn=Turn.CUSTOMER,
        fix=increase(ON_DEMAND, region, total),
    )


def _vcpu_in_use(account: Account) -> int | None:
    """vCPU of the standard On-Demand instances that run; None when that cannot be read."""
    try:
        reservations = account.ask_all(
            "ec2",
            "describe_instances",
            "Reservations",
            Filters=[{"Name": "instance-state-name", "Values": ["pending", "running"]}],
        )
    except AwsError:
        return None
    instances = [instance for item in reservations for instance in item["Instances"]]
    return sum(_vcpu(instance) for instance in instances if _counts(instance))


def _counts(instance: dict[str, Any]) -> bool:
    on_demand = "InstanceLifecycle" not in instance
    return on_demand and STANDARD.match(instance["InstanceType"]) is not None


def _vcpu(instance: dict[str, Any]) -> int:
    options = instance.get("CpuOptions")
    if options:
        return int(options["CoreCount"] * options["ThreadsPerCore"])
    known = node_types().get(instance["InstanceType"])
    return known.vcpu if known else 0


CHECK = Check(
    code="node_quota",
    title="Room for the largest cluster",
    blocking=False,
    relies_on=("aws_account_id", "region", "node_type", "max_nodes"),
    run=run,
)
