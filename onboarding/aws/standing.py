"""What stands in an account: the listings that several checks read."""

from typing import Any

from onboarding.aws.account import Account

NOT_GONE = ["pending", "running", "stopping", "stopped"]
"""An instance's states but for those of one that is being terminated, or has been."""


def instances(account: Account, region: str | None = None) -> list[dict[str, Any]]:
    """The EC2 instances that are not terminated."""
    reservations = account.ask_all(
        "ec2",
        "describe_instances",
        "Reservations",
        region,
        Filters=[{"Name": "instance-state-name", "Values": NOT_GONE}],
    )
    return [instance for item in reservations for instance in item["Instances"]]


def vpcs(account: Account, region: str | None = None) -> list[dict[str, Any]]:
    return account.ask_all("ec2", "describe_vpcs", "Vpcs", region)


def clusters(account: Account, region: str | None = None) -> list[str]:
    """The names of the EKS clusters."""
    return account.ask_all("eks", "list_clusters", "clusters", region)


def vpc_name(vpc: dict[str, Any]) -> str:
    """Its id, and the name people know it by."""
    tags = {tag["Key"]: tag["Value"] for tag in vpc.get("Tags", ())}
    kind = "the default VPC " if vpc.get("IsDefault") else ""
    named = f" “{tags['Name']}”" if tags.get("Name") else ""
    return f"{kind}{vpc['VpcId']}{named}"
