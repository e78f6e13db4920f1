"""In an opt-in Region, AWS STS gives tokens that are valid there: those of version 2.

Source: IAM User Guide, "Manage AWS STS in an AWS Region"; IAM API, GetAccountSummary.
"""

from onboarding.aws import console
from onboarding.aws.account import Account
from onboarding.aws.check import Check, Finding, Fix, Status, Turn, Wish
from onboarding.facts.regions import regions

VALID_EVERYWHERE = 2


def run(account: Account, wish: Wish) -> Finding:
    region = regions()[wish.region]
    if not region.opt_in:
        return Finding(Status.PASSED, saw=f"{region.label} takes the tokens of every account.")
    summary = account.ask("iam", "get_account_summary")["SummaryMap"]
    version = summary.get("GlobalEndpointTokenVersion", 1)
    needed = f"Tokens of version {VALID_EVERYWHERE}, which are valid in {wish.region} too"
    if version >= VALID_EVERYWHERE:
        saw = f"The account's tokens are of version {version}: valid in all Regions."
        return Finding(Status.PASSED, saw=saw, needed=needed)
    where = _look_up(wish)
    return Finding(
        Status.FAILED,
        saw=f"The account's tokens are of version {version}: not valid in {wish.region}.",
        needed=needed,
        cause="Accounts begin with tokens that opt-in Regions do not take.",
        turn=Turn.CUSTOMER,
        fix=Fix(
            steps=(
                "Open Account settings in the IAM console and scroll to Security Token Service.",
                "Beside Global endpoint choose Change, then Valid in all AWS Regions, and save.",
                "Or run the command. It takes effect at once. Then ask us to check again.",
            ),
            command="aws iam set-security-token-service-preferences"
            " --global-endpoint-token-version v2Token",
            link=where.link,
            link_label=where.link_label,
        ),
    )


def _look_up(wish: Wish) -> Fix:
    return Fix(
        command="aws iam get-account-summary"
        " --query SummaryMap.GlobalEndpointTokenVersion --output text",
        link=console.token_settings(),
        link_label="Open Account settings in IAM",
    )


CHECK = Check(
    code="sts_tokens",
    title="AWS STS tokens",
    blocking=True,
    relies_on=("aws_account_id", "region"),
    run=run,
    subject="AWS STS tokens are valid in {region}",
    look_up=_look_up,
)
