"""IAM with a person's temporary credentials: what IAM refuses of them, said in plain words."""

import json
from typing import Any

from onboarding.aws.account import Account
from onboarding.aws.calls import Identity
from onboarding.aws.check import Turn
from onboarding.aws.errors import AwsError, Denied, Expired, Layer, Refused


class CannotUseIam(AwsError):
    """Credentials that are valid but that IAM does not take."""

    whose = Turn.CUSTOMER
    identity = Identity.PASTED


class Iam:
    """Calls to IAM. `caller` is the ARN that STS gave for the same credentials a moment ago.

    IAM User Guide, "Compare AWS STS credentials": what GetSessionToken gives may call IAM only if
    MFA was used, what GetFederationToken gives never.
    """

    def __init__(self, account: Account, *, caller: str) -> None:
        self.account = account
        self.caller = caller
        if ":federated-user/" in caller:
            raise CannotUseIam(
                "Credentials from get-federation-token cannot use IAM. "
                "Take those of a role or of IAM Identity Center.",
                code="FederationToken",
                account_id=account.account_id,
                region=account.region,
            )

    def ask(self, method: str, **params: Any) -> Any:
        try:
            return self.account.ask("iam", method, **params)
        except (Denied, Expired) as error:
            if self._lacks_mfa(error):
                raise _without_mfa(error) from None
            raise

    def created(self, method: str, **params: Any) -> bool:
        """Whether this call made the object; False when one of that name exists."""
        try:
            self.ask(method, **params)
        except Refused as error:
            if error.code != "EntityAlreadyExists":
                raise
            return False
        return True

    def found(self, method: str, **params: Any) -> Any:
        """The answer, or None when there is no such object."""
        try:
            return self.ask(method, **params)
        except Refused as error:
            if error.code != "NoSuchEntity":
                raise
            return None

    def attached(self, role_name: str) -> list[Any]:
        return self.account.ask_all(
            "iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role_name
        )

    def _lacks_mfa(self, error: AwsError) -> bool:
        """STS has just accepted these credentials; an IAM user's own come from GetSessionToken."""
        if error.code == "InvalidClientTokenId":
            return True
        of_user = ":user/" in self.caller or self.caller.endswith(":root")
        return of_user and isinstance(error, Denied) and error.layer is Layer.UNKNOWN


def _without_mfa(error: AwsError) -> CannotUseIam:
    return CannotUseIam(
        "IAM does not accept these credentials, though they are valid. Those from "
        "get-session-token can use IAM only if they were made with MFA: give --serial-number and "
        f"--token-code, or take the credentials of a role. AWS said: {error.message}",
        code=error.code,
        action=error.action,
        account_id=error.account_id,
        region=error.region,
        request_id=error.request_id,
    )


def document_text(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))


def tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
