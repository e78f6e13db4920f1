"""The Availability Zones that can hold the cluster's nodes."""

import re

from onboarding.aws.account import Account


def zones_with(account: Account, node_type: str) -> list[str]:
    """The Availability Zones of the Region in which EC2 offers the node type."""
    offerings = account.ask_all(
        "ec2",
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": [node_type]}],
    )
    # Local and Wavelength Zones have longer names (us-east-1-bos-1a) and hold no EKS nodes of ours.
    zone = re.compile(re.escape(account.region) + "[a-z]")
    return sorted(item["Location"] for item in offerings if zone.fullmatch(item["Location"]))
