"""Every check of a customer's account, in the order the customer reads them."""

from onboarding.aws.check import Check
from onboarding.aws.checks import (
    account_is_clean,
    astro_cidr_free,
    cluster_name_free,
    elastic_ip_quota,
    internet_gateway_quota,
    nat_gateway_quota,
    node_quota,
    node_type_offered,
    on_demand_quota,
    organization_policies,
    region_enabled,
    reserved_ranges,
    spot_quota,
    sts_tokens,
    vpc_quota,
)

CHECKS: tuple[Check, ...] = (
    region_enabled.CHECK,
    sts_tokens.CHECK,
    on_demand_quota.CHECK,
    spot_quota.CHECK,
    node_quota.CHECK,
    node_type_offered.CHECK,
    cluster_name_free.CHECK,
    astro_cidr_free.CHECK,
    reserved_ranges.CHECK,
    elastic_ip_quota.CHECK,
    vpc_quota.CHECK,
    nat_gateway_quota.CHECK,
    internet_gateway_quota.CHECK,
    account_is_clean.CHECK,
    organization_policies.CHECK,
)
