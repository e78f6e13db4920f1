"""Reads the cross-account role and what hangs on it, with the role's own session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, TypeVar

from onboarding.aws.account import Account
from onboarding.aws.errors import AwsError
from onboarding.aws.permissions import Attached, Policy
from onboarding.facts import CONSOLE_REGION, ROLE_NAME

T = TypeVar("T")
MOST_AT_ONCE = 6
"""Calls to IAM under way: its rates are the whole account's, the customer's own work included."""


@dataclass(frozen=True)
class OnRole:
    """What IAM says about the role; None where it was not asked or could not be read."""

    role: dict[str, Any] | None
    """As GetRole gives it: with the trust policy, and when the role was made."""
    attached: Attached | None = None
    error: AwsError | None = None
    """Why something could not be read."""


def read_on_role(account: Account, *, policies: bool) -> OnRole:
    """The role, and if asked its policies in their default versions and its boundary.

    Calls that do not need each other's answer go out together. What AWS refuses is not raised.
    """
    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="role") as pool:

        def start(read: Callable[..., T], *args: Any) -> Callable[[], T]:
            # A context each: the look collects its calls through it.
            return pool.submit(copy_context().run, read, account, *args).result

        role = start(_role)
        attached = _attached(account.account_id, start, role) if policies else None
        try:
            found = role()
        except AwsError as error:
            return OnRole(None, error=error)
        try:
            return OnRole(found, attached() if attached else None)
        except AwsError as error:
            return OnRole(found, error=error)


def _attached(
    account_id: str, start: Callable[..., Any], role: Callable[[], dict[str, Any]]
) -> Callable[[], Attached]:
    """Starts the listings at once; the rest when called, which raises the first `AwsError`."""
    listed = start(_listed, "list_attached_role_policies", "AttachedPolicies")
    named = start(_listed, "list_role_policies", "PolicyNames")

    def rest() -> Attached:
        managed = [start(_managed, each["PolicyArn"], each["PolicyName"]) for each in listed()]
        inline = [start(_inline, name) for name in named()]
        arn = role().get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
        boundary = start(_managed, arn, arn.rpartition("/")[2]) if arn else None
        return Attached(
            account_id,
            managed=tuple(read() for read in managed),
            inline=tuple(read() for read in inline),
            boundary=boundary() if boundary else None,
        )

    return rest


def _role(account: Account) -> dict[str, Any]:
    role: dict[str, Any] = _ask(account, "get_role", RoleName=ROLE_NAME)["Role"]
    return role


def _listed(account: Account, method: str, key: str) -> list[Any]:
    return account.ask_all("iam", method, key, CONSOLE_REGION, RoleName=ROLE_NAME)


def _managed(account: Account, arn: str, name: str) -> Policy:
    version = _ask(account, "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = _ask(account, "get_policy_version", PolicyArn=arn, VersionId=version)
    return Policy(name, answer["PolicyVersion"]["Document"], arn)


def _inline(account: Account, name: str) -> Policy:
    answer = _ask(account, "get_role_policy", RoleName=ROLE_NAME, PolicyName=name)
    return Policy(name, answer["PolicyDocument"])


def _ask(account: Account, method: str, **params: Any) -> Any:
    return account.ask("iam", method, CONSOLE_REGION, **params)
