"""Into a customer's account with the temporary credentials that the customer pasted."""

import re
from dataclasses import dataclass, field

import boto3

from onboarding.aws.account import Account
from onboarding.aws.calls import Identity, Recorder, forget
from onboarding.aws.check import Turn
from onboarding.aws.clients import SessionFactory
from onboarding.aws.errors import AwsError


@dataclass(frozen=True)
class Credentials:
    """A customer's temporary credentials, for one run. Their repr shows nothing."""

    access_key_id: str = field(repr=False)
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)


class LongTermKeys(AwsError, ValueError):
    """Not temporary credentials. Nothing was asked of AWS with them."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


class WrongAccount(AwsError):
    """The credentials belong to another account than the installation. Nothing was changed."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


def enter(
    given: Credentials,
    account_id: str,
    region: str,
    *,
    record: Recorder = forget,
    session: SessionFactory = boto3.Session,
) -> Account:
    """The account, as `given` sees it. Asks nothing of AWS. Raises `LongTermKeys`."""
    temporary = re.fullmatch("ASIA[A-Z0-9]{12,124}", given.access_key_id)
    if not temporary or not given.session_token:
        raise LongTermKeys(
            "Only temporary credentials are taken: an access key ID that begins with ASIA, "
            "its secret and its session token.",
            account_id=account_id,
            region=region,
        )
    boto = {
        "aws_access_key_id": given.access_key_id,
        "aws_secret_access_key": given.secret_access_key,
        "aws_session_token": given.session_token,
    }
    return Account(
        account_id, region, boto, record=record, session=session, identity=Identity.PASTED
    )


def confirmed_caller(account: Account) -> str:
    """The ARN behind the credentials: the first thing to ask with them.

    Raises `WrongAccount` when they belong to another account; then nothing else may be asked.
    """
    identity = account.ask("sts", "get_caller_identity")
    if identity["Account"] != account.account_id:
        raise WrongAccount(
            f"These credentials belong to the account {identity['Account']}, and this "
            f"installation is for {account.account_id}. Nothing was changed.",
            action="sts:GetCallerIdentity",
            account_id=account.account_id,
            region=account.region,
        )
    return str(identity["Arn"])
