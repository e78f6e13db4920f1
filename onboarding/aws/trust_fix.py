"""What to change in a trust policy that is not as it should be."""

from onboarding.aws import console
from onboarding.aws.check import Finding, Fix, Status, Turn
from onboarding.facts import ROLE_NAME

CORRECT_TRUST = Fix(
    steps=(
        f"Open the role {ROLE_NAME} in the IAM console and choose Trust relationships.",
        "Choose Edit trust policy and replace all of it with the trust policy shown on this page.",
        "Choose Update policy. We look again by ourselves; AWS can take a minute.",
    ),
    link=console.role() + "?section=trust_relationships",
    link_label="Open the role's trust policy",
)


def opens_with_former(alone: bool, request_ids: tuple[str, ...]) -> Finding:
    """While the external ID is renewed: `alone`, or beside the new one. Safe, but to be updated."""
    if alone:
        saw = "The role still opens with the former external ID: update it."
        first = "Put the new external ID into the role, in the way in which you created it."
    else:
        saw = "The role opens with the new external ID, and still with the former one."
        first = "Take the former external ID out of the role's trust policy."
    return Finding(
        Status.WARNING,
        saw=saw,
        needed="A trust policy with the new external ID alone",
        turn=Turn.CUSTOMER,
        fix=Fix(
            steps=(first, "Then choose Look now. AWS can take a minute to obey."),
            link=CORRECT_TRUST.link,
            link_label=CORRECT_TRUST.link_label,
        ),
        request_ids=request_ids,
    )
