"""The only door into a customer's AWS account."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

import boto3

from onboarding.aws.calls import Identity, Recorder, forget
from onboarding.aws.clients import Opener, SessionFactory, load_models
from onboarding.aws.errors import (
    AwsError,
    Denied,
    Expired,
    Misconfigured,
    OwnAccount,
    translated,
)
from onboarding.aws.external_ids import guarded_external_id
from onboarding.facts import CONSOLE_REGION, CONTROL_PLANE_ACCOUNT, ROLE_NAME, role_arn
from onboarding.facts.regions import regions

SESSION_SECONDS = 900
"""The shortest session STS gives: the portal needs minutes."""


def sts_region(region: str) -> str:
    """The Region whose STS is asked.

    An opt-in Region's STS answers only accounts that have it on. Credentials from any regional
    endpoint work in every Region, so there the always-on us-east-1 is asked (IAM User Guide,
    "Manage AWS STS in an AWS Region").
    """
    return CONSOLE_REGION if regions()[region].opt_in else region


def refuse_unfit(account_id: str, region: str) -> None:
    """Raise `OwnAccount` for Astro's own account, ValueError for no account ID or Region."""
    if re.fullmatch("[0-9]{12}", account_id) is None:
        raise ValueError("an AWS account ID has 12 digits")
    if region not in regions():
        raise ValueError("not a Region Astro runs in")
    if account_id == CONTROL_PLANE_ACCOUNT:
        raise OwnAccount(
            "This is Astro's own AWS account. Give the ID of your own account.",
            code="OwnAccount",
            account_id=account_id,
            region=region,
        )


class Account:
    """One customer's account, seen with that customer's temporary credentials and no others.

    Safe to share between threads.
    """

    def __init__(
        self,
        account_id: str,
        region: str,
        credentials: dict[str, str],
        *,
        record: Recorder = forget,
        session: SessionFactory = boto3.Session,
        identity: Identity = Identity.ROLE,
    ) -> None:
        """`credentials` are boto3's three `aws_…` arguments; `identity` says whose they are.

        An empty one raises: boto3 would go on with the portal's own credentials.
        """
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        if not all(credentials.get(name) for name in names):
            message = "No complete temporary credentials."
            raise Expired(message, account_id=account_id, region=region, identity=identity)
        self.account_id = account_id
        self.region = region
        self.identity = identity
        kept = {name: credentials[name] for name in names}
        self._opener = Opener(session, account_id, record, identity, kept)
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<Account {self.account_id} {self.region}>"

    def client(self, service: str, region: str | None = None) -> Any:
        """The one client for `service` in `region`. Callers translate its exceptions: see `ask`."""
        where = region or self.region
        with self._lock:  # making a client is not thread-safe, using one is
            if (service, where) not in self._clients:
                self._clients[service, where] = self._opener.open(service, where)
            return self._clients[service, where]

    def ask(self, service: str, method: str, region: str | None = None, **params: Any) -> Any:
        """One call; a failure is an `AwsError`."""
        client = self.client(service, region)
        with self._translated(client, method):
            return getattr(client, method)(**params)

    def ask_all(
        self, service: str, method: str, key: str, region: str | None = None, **params: Any
    ) -> list[Any]:
        """What all pages of a listing hold under `key`; a failure is an `AwsError`."""
        client = self.client(service, region)
        with self._translated(client, method):
            pages = client.get_paginator(method).paginate(**params)
            return [item for page in pages for item in page.get(key, ())]

    def _translated(self, client: Any, method: str) -> Any:
        return translated(
            service=client.meta.service_model.signing_name,
            action=client.meta.method_to_api_mapping[method],
            account_id=self.account_id,
            region=client.meta.region_name,
            identity=self.identity,
        )

    def caller(self) -> str:
        """The ARN these credentials speak for, as STS says.

        Raises `Misconfigured` when they belong to another account: then nothing else may be asked.
        """
        identity = self.ask("sts", "get_caller_identity", sts_region(self.region))
        if identity["Account"] != self.account_id:
            raise Misconfigured(
                "The credentials belong to another AWS account.",
                code="OtherAccount",
                action="sts:GetCallerIdentity",
                account_id=self.account_id,
                region=self.region,
            )
        return str(identity["Arn"])


def own_sts(
    account_id: str, region: str, *, record: Recorder, session: SessionFactory = boto3.Session
) -> Any:
    """STS with the portal's own credentials, to ask about `account_id`."""
    return Opener(session, account_id, record, Identity.PORTAL).open("sts", sts_region(region))


def assume(
    sts: Any, account_id: str, external_id: str | None, *, session_name: str
) -> dict[str, str]:
    """Credentials of the cross-account role, as boto3's arguments. None sends no external ID.

    No session tags and no source identity: the published trust policy allows sts:AssumeRole alone,
    and either of them would make every call fail.
    """
    params = {} if external_id is None else {"ExternalId": guarded_external_id(external_id)}
    with translated(
        service="sts",
        action="AssumeRole",
        account_id=account_id,
        region=sts.meta.region_name,
        identity=Identity.PORTAL,
    ):
        answer = sts.assume_role(
            RoleArn=role_arn(account_id),
            RoleSessionName=session_name,
            DurationSeconds=SESSION_SECONDS,
            **params,
        )
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def assume_with_either(
    sts: Any, account_id: str, external_id: str, former: str, *, session_name: str
) -> dict[str, str]:
    """As `assume`, with the `former` external ID (if there is one) where AWS denies the new one.

    Raises what AWS said to the new one when it denies both.
    """
    try:
        return assume(sts, account_id, external_id, session_name=session_name)
    except Denied:
        if former:
            with suppress(Denied):
                return assume(sts, account_id, former, session_name=session_name)
        raise


def confirm_role(account: Account) -> None:
    """Raise `Misconfigured` unless `account` speaks as the cross-account role of that account."""
    expected = f"arn:aws:sts::{account.account_id}:assumed-role/{ROLE_NAME}/"
    if not account.caller().startswith(expected):
        raise Misconfigured(
            "The credentials are not the cross-account role's.",
            code="OtherIdentity",
            action="sts:GetCallerIdentity",
            account_id=account.account_id,
            region=account.region,
        )


def connect(
    account_id: str,
    external_id: str,
    region: str,
    *,
    former: str = "",
    record: Recorder = forget,
    session_name: str = "astro-portal-check",
    session: SessionFactory = boto3.Session,
    services: Sequence[str] = (),
) -> Account:
    """The customer's account through its cross-account role, or an `AwsError`.

    While the external ID is being renewed, the role may open with the `former` one instead.
    Clients of `services` are made ready while AWS is waited for.

    The role's ARN is computed. The session lasts 900 s and its name is seen in the customer's
    CloudTrail. Raises `OwnAccount` for Astro's account and ValueError for an account ID, Region or
    external ID that has not the right shape.
    """
    refuse_unfit(account_id, region)
    guarded_external_id(external_id)
    _meanwhile(lambda: load_models(services))
    sts = own_sts(account_id, region, record=record, session=session)
    credentials = assume_with_either(
        sts, account_id, external_id, former, session_name=session_name
    )
    account = Account(account_id, region, credentials, record=record, session=session)
    account.client("sts", sts_region(region))  # the first that is needed
    _meanwhile(lambda: [account.client(service) for service in services])
    confirm_role(account)
    return account


def _meanwhile(prepare: Callable[[], object]) -> None:
    """Prepare in a thread. What goes wrong there goes wrong again, and is told, where it counts."""

    def quietly() -> None:
        with suppress(AwsError):
            prepare()

    Thread(target=quietly, name="prepare", daemon=True).start()
