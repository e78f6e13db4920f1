"""The account itself: not activated, blocked, suspended, closed, or with payment in question.

Sources: EC2 API reference, "Error codes for the Amazon EC2 API" (OptInRequired,
PendingVerification, Blocked); S3 API reference, "Error responses" (AccountProblem, NotSignedUp).
"""

from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, Entry
from onboarding.aws.check import Turn

_CUSTOMER = Turn.CUSTOMER

ENTRIES = (
    Entry(
        codes=("PendingVerification",),
        causes=("AWS is still verifying account {account}, as it does with new ones.",),
        steps=("You need do nothing. It takes minutes, at times up to a day.", AGAIN),
        turn=Turn.AWS,
        look=pages.ACCOUNT,
    ),
    Entry(
        codes=("Blocked", "AccountSuspended", "AccountSuspendedException"),
        causes=(
            "AWS has blocked account {account}.",
            "A bill is overdue, or AWS saw something unusual in the account.",
        ),
        steps=(
            "Sign in to the AWS console as the root user and follow what it asks for, or write "
            "to AWS Support.",
            AGAIN,
        ),
        turn=_CUSTOMER,
        look=pages.ACCOUNT,
    ),
    Entry(
        codes=("AccountProblem", "AccountClosed", "AccountNotFoundException"),
        causes=(
            "Account {account} is closed, or was suspended by AWS.",
            "Its payment details are missing or refused.",
        ),
        steps=("Sign in to the AWS console as the root user and see what it says.", AGAIN),
        turn=_CUSTOMER,
        look=pages.ACCOUNT,
    ),
    Entry(
        codes=("OptInRequired", "NotSignedUp", "SubscriptionRequiredException"),
        causes=(
            "Account {account} is not fully activated: AWS still waits for payment details or "
            "checks them.",
            "The account has never used this service.",
        ),
        steps=("Complete the payment details of the account in the AWS console.", AGAIN),
        turn=_CUSTOMER,
        look=pages.ACCOUNT,
    ),
)
