"""SAML 2.0: the single sign-on of Organizations."""

from typing import Any, ClassVar

from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml2

from onboarding.views.providers.leaving import Leaving
from onboarding.views.providers.saml import assertion

STRICT: dict[str, Any] = {
    "strict": True,
    "want_assertion_signed": True,
    "want_name_id": True,
    "reject_deprecated_algorithm": True,  # SHA-1
    "reject_idp_initiated_sso": True,  # every answer answers a question of ours, once
    "name_id_format": Saml2.NAMEID_PERSISTENT,
    "allow_single_label_domains": True,  # a portal inside a network may be called `portal`
}
SUBJECTS = (
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",  # Entra ID sends it always
)
"""Attributes that name a person for good. Without one, the NameID does, if it is made to last."""


class NobodyToKnowAgain(ValueError):
    """The assertion names its subject by something that changes hands, or changes each time."""


class Saml(Leaving, SAMLProvider):
    default_attribute_mapping: ClassVar[dict[str, list[str]]] = {
        "uid": list(SUBJECTS),
        "email": [
            *SAMLProvider.default_attribute_mapping["email"],
            "email", "mail", "Email", "emailAddress", "User.email",
        ],
        "email_verified": SAMLProvider.default_attribute_mapping["email_verified"],
        "first_name": [*SAMLProvider.default_attribute_mapping["first_name"], "firstName"],
        "last_name": [
            *SAMLProvider.default_attribute_mapping["last_name"],
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "lastName",
        ],
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only who the provider is comes from the row; how strict we are does not.
        self.app.settings = {"idp": self.app.settings.get("idp"), "advanced": STRICT}

    def sociallogin_from_response(self, request: HttpRequest, response: Any) -> Any:
        assertion.check(response)
        return super().sociallogin_from_response(request, response)

    def extract_uid(self, data: Any) -> str:
        """Raises `NobodyToKnowAgain`."""
        found = self._extract(data)
        named, kind = data.get_nameid() or "", data.get_nameid_format()
        lasting = kind == Saml2.NAMEID_PERSISTENT or (
            kind in (Saml2.NAMEID_UNSPECIFIED, None) and "@" not in named
        )
        uid = found.get("uid") or (named if lasting else "")
        if not 1 <= len(uid) <= 191 or uid.lower() == str(found.get("email", "")).lower():
            raise NobodyToKnowAgain("The assertion names nobody we could know again.")
        return str(uid)

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        """What we keep: the address, to recognise the identity by, and whether it is confirmed."""
        found = self._extract(data)
        return {name: found[name] for name in ("email", "email_verified") if name in found}
