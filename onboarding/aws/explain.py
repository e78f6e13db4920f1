"""What a failed AWS call means for the customer: likely causes, whose turn, steps, where to look."""

from dataclasses import dataclass

from onboarding.aws import console
from onboarding.aws.check import Fix, Report, Turn
from onboarding.aws.errors import (
    AwsError,
    Denied,
    Expired,
    Layer,
    Misconfigured,
    RegionOff,
    Unavailable,
)
from onboarding.facts import ON_DEMAND_QUOTA, ROLE_NAME

_BY_LAYER = {
    Layer.SCP: "A service control policy of your AWS Organization denies {action}. "
    "Ask whoever manages AWS Organizations to allow it for the role {role}.",
    Layer.BOUNDARY: "The permissions boundary of the role {role} does not allow {action}. "
    "Add it to the boundary.",
    Layer.EXPLICIT_DENY: "A policy denies {action} explicitly. "
    "Look for that Deny in the policies of the role {role}.",
}
_NOT_GRANTED = (
    "The policies of the role {role} do not allow {action}. Attach the policies shown "
    "in the step Access as they are."
)


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
    cause, steps = _cause_and_steps(error, error.action or "this")
    command, link, label = _look_up(error)
    return Explanation(
        cause=cause,
        turn=error.whose,
        fix=Fix(steps=steps, command=command, link=link, link_label=label),
        report=Report(
            action=error.action,
            account_id=error.account_id,
            region=error.region,
            code=error.code,
            request_id=error.request_id,
            said=error.message,
            layer=str(error.layer) if isinstance(error, Denied) else "",
            causes=(cause,),
        ),
    )


def _cause_and_steps(error: AwsError, action: str) -> tuple[str, tuple[str, ...]]:
    again = "Then ask us to check again."
    match error:
        case Denied():
            words = _BY_LAYER.get(error.layer, _NOT_GRANTED)
            step = words.format(action=action, role=ROLE_NAME)
            by = "" if error.layer is Layer.UNKNOWN else f" ({error.layer})"
            return f"AWS denied {action} to the role{by}.", (step, again)
        case RegionOff():
            cause = f"The Region {error.region} is off for this account."
            return cause, (f"Turn {error.region} on for the account.", again)
        case Unavailable():
            cause = "AWS is busy or could not be reached."
            return cause, ("You need do nothing. We try again by ourselves.",)
        case Expired():
            cause = "The credentials for this run are no longer valid."
            return cause, ("Ask us to check again: we then get new ones.",)
        case Misconfigured():
            cause = "The portal's own AWS set-up is at fault, not your account."
            return cause, ("You need do nothing. Our support team looks into it.",)
    return f"AWS refused {action} ({error.code}).", (
        "Look it up yourself with the link or command, or write to support.",
    )


def _look_up(error: AwsError) -> tuple[str, str, str]:
    """Command, link and label with which the customer sees what we could not."""
    region = error.region
    if isinstance(error, RegionOff):
        return (
            f"aws account enable-region --region-name {region}",
            console.account_regions(),
            "Open AWS Regions of your account",
        )
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
