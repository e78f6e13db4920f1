"""What a pre-flight report could not tell: it does not hold it, or AWS refused it to the script."""

from onboarding.aws.calls import Identity
from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, Entry
from onboarding.aws.check import Turn
from onboarding.aws.errors import Layer

REPORTED = (Identity.REPORTED,)
_WAIT_FOR_ACCESS = "Or go on without it: once Astro has access, we look ourselves."

ENTRIES = (
    Entry(
        kinds=("NotReported",),
        causes=(
            "The report does not hold this answer.",
            "The answers have changed since the script was downloaded, so it asked for another.",
            "AWS could not be reached from there, or the AWS CLI there is too old for the call.",
        ),
        steps=("Download the script again and hand in its new report.", _WAIT_FOR_ACCESS),
        turn=Turn.CUSTOMER,
    ),
    Entry(
        kinds=("Denied",),
        layers=(Layer.SCP, Layer.RCP),
        identities=REPORTED,
        causes=(
            "A policy of your AWS Organization denies {action} in account {account} to whoever "
            "ran the script, and may deny it to Astro's role too.",
        ),
        steps=(
            "Ask whoever manages AWS Organizations whether it will deny {action} to the role "
            "{role} as well.",
            AGAIN,
            _WAIT_FOR_ACCESS,
        ),
        turn=Turn.CUSTOMER,
        look=pages.SCPS,
    ),
    Entry(
        kinds=("Denied",),
        identities=REPORTED,
        causes=("Whoever ran the script may not do {action} in account {account}.",),
        steps=(
            "Have somebody run the script who may read the account, such as with the AWS managed "
            "policy ReadOnlyAccess.",
            AGAIN,
            _WAIT_FOR_ACCESS,
        ),
        turn=Turn.CUSTOMER,
    ),
    Entry(
        kinds=("Expired", "Unavailable", "Misconfigured"),
        identities=REPORTED,
        causes=("The script’s call of {action} failed: {said}",),
        steps=("{wait}", _WAIT_FOR_ACCESS),
        turn=Turn.CUSTOMER,
    ),
)
