"""Turns an opt-in Region of the account on, and looks how far AWS is with it.

Source: Account Management API reference, EnableRegion and GetRegionOptStatus. AWS takes minutes for
most accounts and hours for some. Both are asked in us-east-1.
"""

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Fix
from onboarding.aws.errors import AwsError
from onboarding.facts import CONSOLE_REGION

ON = frozenset({"ENABLED", "ENABLED_BY_DEFAULT"})
OFF = "DISABLED"
# ENABLING and DISABLING are the rest of RegionOptStatus: AWS is at work, and takes no other order.
AT_WORK = "ConflictException"


def opt_status(account: Account, region: str) -> str:
    """Raises `AwsError`."""
    answer = account.ask("account", "get_region_opt_status", CONSOLE_REGION, RegionName=region)
    return str(answer["RegionOptStatus"])


def enable_region(account: Account, region: str) -> str:
    """Turn `region` on unless AWS is at work on it or done; its status after that.

    Raises `AwsError`.
    """
    status = opt_status(account, region)
    if status != OFF:
        return status
    try:
        account.ask("account", "enable_region", CONSOLE_REGION, RegionName=region)
    except AwsError as error:
        # Somebody was quicker by a moment.
        if error.code != AT_WORK:
            raise
    return opt_status(account, region)


def by_hand(region: str) -> Fix:
    """How the customer turns it on without us."""
    return Fix(
        steps=(
            "Open your account's page in the AWS console and scroll to AWS Regions.",
            f"Choose {region}, then Enable. AWS takes some minutes, at times hours.",
            "Then check again here.",
        ),
        command=f"aws account enable-region --region-name {region}",
        link=console.account_regions(),
        link_label="Open AWS Regions of your account",
    )
