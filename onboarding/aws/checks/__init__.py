"""Every check of a customer's account, in the order the customer reads them."""

from onboarding.aws.check import Check
from onboarding.aws.checks import (
    astro_cidr_free,
    node_quota,
    node_type_offered,
    on_demand_quota,
    region_enabled,
    spot_quota,
)

CHECKS: tuple[Check, ...] = (
    region_enabled.CHECK,
    on_demand_quota.CHECK,
    spot_quota.CHECK,
    node_quota.CHECK,
    node_type_offered.CHECK,
    astro_cidr_free.CHECK,
)
