"""What a failed AWS call means for the customer: likely causes, whose turn, steps, where to look.

The causes and steps themselves are data: `onboarding.aws.catalogue`.
"""

from dataclasses import dataclass

from onboarding.aws import console
from onboarding.aws.calls import Identity
from onboarding.aws.catalogue import Look, changes_something, entry_for
from onboarding.aws.check import Fix, Offer, Report, Turn, enable_region
from onboarding.aws.errors import AwsError, Denied, RegionOff
from onboarding.facts import ON_DEMAND_QUOTA, ROLE_NAME

_WHO = {
    Identity.PORTAL: "Astro",
    Identity.ROLE: f"the role {ROLE_NAME}",
    Identity.PASTED: "the person whose credentials you pasted",
    Identity.REPORTED: "whoever ran the script",
}
_PASTE_AGAIN = "paste credentials again; nothing is created twice."
_AGAIN = {
    Identity.PORTAL: "Then ask us to look again.",
    Identity.ROLE: "Then ask us to check again.",
    Identity.PASTED: f"Then {_PASTE_AGAIN}",
    Identity.REPORTED: "Then run the script again and hand in the new report.",
}
_WAIT = {
    Identity.PORTAL: "We try again by ourselves.",
    Identity.ROLE: "It passes by itself: ask us to check again in a minute.",
    Identity.PASTED: f"Wait a minute, then {_PASTE_AGAIN}",
    Identity.REPORTED: "Wait a minute, then run the script again and hand in the new report.",
}


@dataclass(frozen=True)
class Explanation:
    """A failed call, in the words the customer reads."""

    cause: str
    """The likeliest cause, a sentence."""
    turn: Turn
    fix: Fix
    report: Report


def explain(error: AwsError) -> Explanation:
    """What was tried, what AWS said, why that may be, whose turn it is and what to do."""
    entry = entry_for(error)
    words = _words(error)
    causes = tuple(cause.format_map(words) for cause in entry.causes)
    look = entry.look or Look()
    by_hand, link, label = _by_hand(error)
    command = look.command.format_map(words)
    return Explanation(
        cause=causes[0],
        turn=entry.turn or error.whose,
        fix=Fix(
            steps=tuple(step.format_map(words) for step in entry.steps),
            command=command or by_hand,
            link=look.link(error.region) if look.link else link,
            link_label=look.label or label,
            offer=_offer(error),
        ),
        report=Report(
            action=error.action,
            account_id=error.account_id,
            region=error.region,
            code=error.code,
            request_id=error.request_id,
            said=error.message,
            layer=str(error.layer) if isinstance(error, Denied) else "",
            causes=causes,
            identity=error.identity,
            command=command,
        ),
    )


def _offer(error: AwsError) -> Offer | None:
    """What the portal can do about it with the role. An STS endpoint that is off it cannot mend."""
    is_sts = error.action.startswith("sts:")
    if not isinstance(error, RegionOff) or error.identity is not Identity.ROLE or is_sts:
        return None
    return enable_region(error.region)


def _words(error: AwsError) -> dict[str, str]:
    policy = error.policy if isinstance(error, Denied) else ""
    return {
        "action": error.action or "the call",
        "service": error.action.partition(":")[0] or "AWS",
        "account": error.account_id,
        "region": error.region,
        "role": ROLE_NAME,
        "policy": f" ({policy})" if policy else "",
        "who": _WHO[error.identity],
        "code": error.code,
        "said": error.message,
        "again": _AGAIN[error.identity],
        "wait": _WAIT[error.identity],
    }


def _by_hand(error: AwsError) -> tuple[str, str, str]:
    """Command, link and label with which the customer sees what we could not."""
    if changes_something(error.action):
        return "", "", ""
    region = error.region
    label = f"Look it up in {region}"
    quota = error.about or ON_DEMAND_QUOTA
    service, _, name = error.action.partition(":")
    places = {
        "servicequotas": (
            "aws service-quotas get-service-quota --service-code ec2"
            f" --quota-code {quota} --region {region}",
            console.quota(region, quota),
        ),
        "account": ("aws account list-regions", console.account_regions()),
        "iam": (f"aws iam get-role --role-name {ROLE_NAME}", console.role()),
    }
    ec2 = {
        "DescribeVpcs": (f"aws ec2 describe-vpcs --region {region}", console.vpcs(region)),
        "DescribeRegions": (
            "aws ec2 describe-regions --all-regions",
            console.account_regions(),
        ),
        "DescribeInstanceTypeOfferings": (
            "aws ec2 describe-instance-type-offerings --location-type availability-zone"
            f" --region {region}",
            console.instance_types(region),
        ),
    }
    command, link = ec2.get(name) or places.get(service) or ("", "")
    return command, link, label if link else ""
