"""Credentials that AWS does not take, or that the portal does not: the customer's own.

What is wrong with the portal's credentials stands in `ours`.
"""

from onboarding.aws.calls import Identity
from onboarding.aws.catalogue import pages
from onboarding.aws.catalogue.entry import AGAIN, Entry, Look
from onboarding.aws.check import Turn

PASTED, ROLE = (Identity.PASTED,), (Identity.ROLE,)
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
_UNKNOWN = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
    "InvalidAccessKeyId",
    "MissingAuthenticationToken",
)
_SIGNATURE = ("SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature")

ENTRIES = (
    Entry(
        kinds=("LongTermKeys",),
        causes=("The access key is a permanent one; Astro takes temporary credentials alone.",),
        steps=(
            "Take temporary credentials: their access key ID begins with ASIA, and a session "
            "token belongs to them. The command below makes some in CloudShell.",
            AGAIN,
        ),
        look=Look("aws configure export-credentials --format env"),
    ),
    Entry(
        kinds=("WrongAccount",),
        causes=("{said}",),
        steps=(
            "Sign in to account {account} and take credentials there, or change the account in "
            "the step Account.",
            AGAIN,
        ),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=("CannotUseIam",),
        codes=("FederationToken",),
        causes=("The credentials come from get-federation-token, and IAM never takes those.",),
        steps=("Take those of a role, or of IAM Identity Center.", AGAIN),
        look=pages.WHO_AM_I,
    ),
    Entry(
        kinds=("CannotUseIam",),
        causes=(
            "The credentials come from get-session-token and were made without MFA; IAM takes "
            "such ones with MFA alone.",
            "They were copied incompletely.",
        ),
        steps=(
            "Make them with MFA: give --serial-number and --token-code, as in the command below. "
            "Or take the credentials of a role.",
            AGAIN,
        ),
        look=Look(
            "aws sts get-session-token"
            " --serial-number arn:aws:iam::{account}:mfa/YOUR-DEVICE --token-code YOUR-CODE"
        ),
    ),
    Entry(
        kinds=("Expired",),
        codes=_EXPIRED,
        identities=PASTED,
        causes=(
            "The credentials you pasted have expired.",
            "They last an hour or less where the role they come from says so.",
        ),
        steps=("Take fresh credentials of account {account}.", AGAIN),
        look=Look("aws configure export-credentials --format env"),
    ),
    Entry(
        kinds=("Expired",),
        codes=_SIGNATURE,
        identities=PASTED,
        causes=(
            "The secret access key does not belong to the access key ID: one of them was copied "
            "incompletely, or from elsewhere.",
            "A character was changed on the way, such as by an editor or a chat.",
        ),
        steps=("Copy all three values once more, from one place.", AGAIN),
    ),
    Entry(
        kinds=("Expired",),
        codes=_UNKNOWN,
        identities=PASTED,
        causes=(
            "AWS does not know the credentials you pasted: a value was copied incompletely.",
            "The session they belong to was revoked.",
            "They were made in another partition of AWS, such as China or GovCloud.",
        ),
        steps=("Copy all three values once more, from one place.", AGAIN),
    ),
    Entry(
        kinds=("Expired",),
        codes=_EXPIRED,
        causes=("The session with the role {role} has ended; it lasts fifteen minutes.",),
        steps=("Ask us to check again: we then get a new one.",),
    ),
    Entry(
        kinds=("Expired",),
        causes=(
            "AWS does not take the credentials the role {role} gave us any more.",
            "Its sessions were revoked, or the role was deleted and made anew, while we checked.",
        ),
        steps=("Ask us to check again: we then get new ones.",),
        turn=Turn.CUSTOMER,
        look=pages.ROLE,
    ),
)
