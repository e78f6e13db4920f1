"""An opt-in Region is turned on for the account; the others always are."""

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish, enable_region
from onboarding.aws.errors import Denied, Refused
from onboarding.facts import CONSOLE_REGION
from onboarding.facts.regions import regions

# Account Management API, GetRegionOptStatus; EC2 API, DescribeRegions.
ON = frozenset({"ENABLED", "ENABLED_BY_DEFAULT", "opted-in", "opt-in-not-required"})
OFF = frozenset({"DISABLED", "not-opted-in"})


def run(account: Account, wish: Wish) -> Finding:
    region = regions()[wish.region]
    if not region.opt_in:
        return Finding(Status.PASSED, saw=f"{region.label} is always on.")
    status = _opt_status(account, wish.region)
    needed = f"{region.label} turned on for the account"
    if status in ON:
        return Finding(Status.PASSED, saw=f"{region.label} is on.", needed=needed)
    if status == "ENABLING":
        return Finding(
            Status.WAITING,
            saw=f"AWS is turning {region.label} on.",
            needed=needed,
            cause="This takes AWS some minutes, at times hours.",
            turn=Turn.AWS,
            fix=Fix(("You need do nothing until AWS is done. Then ask us to check again.",)),
        )
    return Finding(
        Status.FAILED,
        saw=f"{region.label} is off for this account.",
        needed=needed,
        cause="AWS keeps this Region off until an account turns it on.",
        turn=Turn.CUSTOMER,
        fix=_turn_on(wish.region, can_ask=status in OFF),
    )


def _opt_status(account: Account, region: str) -> str:
    """As Account Management says, or EC2 where that may not be asked; both in us-east-1."""
    try:
        answer = account.ask("account", "get_region_opt_status", CONSOLE_REGION, RegionName=region)
        return str(answer["RegionOptStatus"])
    except (Denied, Refused):
        listed = account.ask(
            "ec2",
            "describe_regions",
            CONSOLE_REGION,
            AllRegions=True,
            RegionNames=[region],
        )
        return str(listed["Regions"][0]["OptInStatus"])


def _turn_on(region: str, *, can_ask: bool) -> Fix:
    """`can_ask`: AWS takes the request now. It takes none while it turns the Region off."""
    return Fix(
        steps=(
            "Open your account's page in the AWS console and scroll to AWS Regions.",
            f"Choose {region}, then Enable. AWS takes some minutes, at times hours.",
            "Then ask us to check again.",
        ),
        command=f"aws account enable-region --region-name {region}",
        link=console.account_regions(),
        link_label="Open AWS Regions of your account",
        offer=enable_region(region) if can_ask else None,
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command=f"aws account get-region-opt-status --region-name {wish.region}",
        link=console.account_regions(),
        link_label="Open AWS Regions of your account",
    )


CHECK = Check(
    code="region_enabled",
    title="Region turned on",
    blocking=True,
    relies_on=("aws_account_id", "region"),
    run=run,
    subject="{region} is turned on",
    look_up=_look_up,
)
