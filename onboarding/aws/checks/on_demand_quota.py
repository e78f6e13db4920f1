"""The On-Demand vCPU quota in the Region of the cluster against what Astro needs at least."""

from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Wish
from onboarding.aws.quota_findings import against_minimum, look_up
from onboarding.aws.quotas import ON_DEMAND
from onboarding.facts import MINIMUM_VCPU_QUOTA
from onboarding.facts.node_types import node_types


def run(account: Account, wish: Wish) -> Finding:
    full_size = wish.max_nodes * node_types()[wish.node_type].vcpu
    return against_minimum(account, ON_DEMAND, ask_for=max(MINIMUM_VCPU_QUOTA, full_size))


CHECK = Check(
    code="on_demand_quota",
    title="On-Demand vCPU quota",
    blocking=True,
    # The node type and count do not change the verdict but the increase that is advised.
    relies_on=("aws_account_id", "region", "node_type", "max_nodes"),
    run=run,
    look_up=lambda wish: look_up(ON_DEMAND, wish.region),
)
