"""The On-Demand vCPU quota against the cluster at its largest and what already runs."""

import re
from typing import Any

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Status, Wish
from onboarding.aws.errors import AwsError
from onboarding.aws.quota_findings import judged, look_up, read
from onboarding.aws.quotas import ON_DEMAND
from onboarding.aws.standing import instances
from onboarding.aws.together import at_once
from onboarding.facts.node_types import node_types

# EC2 User Guide, "On-Demand Instance quotas": the families that count against this quota.
STANDARD = re.compile(r"(?:a|c|d|h|i|im|is|m|r|t|z)[0-9]")
RUNNING = frozenset({"pending", "running"})


def run(account: Account, wish: Wish) -> Finding:
    held, used = at_once(lambda: read(account, ON_DEMAND), lambda: _vcpu_in_use(account))
    vcpu = node_types()[wish.node_type].vcpu
    cluster = wish.max_nodes * vcpu
    total = cluster + (used or 0)
    in_use = "we could not read what is running" if used is None else f"{used} in use"
    short = total - (held.value or 0)
    return judged(
        held,
        saw=f"{held.value} vCPU in {account.region}, {in_use}",
        needed=f"{cluster} vCPU: {wish.max_nodes} {wish.node_type} of {vcpu}"
        + (f", and {used} already in use" if used else ""),
        at_least=total,
        short=Status.WARNING,
        cause=f"At its largest the cluster would be {short} vCPU short and stop growing.",
        ask_for=total,
    )


def _vcpu_in_use(account: Account) -> int | None:
    """vCPU of the standard On-Demand instances that run; None when that cannot be read."""
    try:
        return sum(_vcpu(one) for one in instances(account) if _counts(one))
    except AwsError:
        return None


def _counts(instance: dict[str, Any]) -> bool:
    on_demand = "InstanceLifecycle" not in instance
    runs = instance["State"]["Name"] in RUNNING
    return runs and on_demand and STANDARD.match(instance["InstanceType"]) is not None


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
    subject="Room for {max_nodes} nodes of {node_type}",
    look_up=lambda wish: look_up(ON_DEMAND, wish.region),
)
