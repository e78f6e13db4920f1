"""What support types at the desk to let an Organization's people sign in at their company."""

import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.socialaccount.models import SocialAccount, SocialApp
from django import forms
from django.conf import settings
from lxml.etree import LxmlError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser

from onboarding.facts.text import trimmed
from onboarding.facts.web import may_be_asked
from onboarding.forms.fields import TypedField
from onboarding.forms.providers import SEALED, keep, long_line, secret_field, short
from onboarding.models import SsoConnection

KINDS = {"openid_connect": "OpenID Connect", "saml": "SAML"}
FIXED = "People have signed in by it. Another identity provider needs a connection of its own."


def issuer(typed: str) -> str:
    """The issuer of a provider of OpenID Connect, as its own tokens name it."""
    url = trimmed(typed).removesuffix("/.well-known/openid-configuration")
    if not may_be_asked(url, loopback=not settings.SECURE_SITE) or "?" in url or "#" in url:
        raise ValueError("Type the issuer’s address, such as https://acme.okta.com.")
    return url


def identity_provider(xml: str) -> dict[str, str]:
    """Who a SAML provider is, from its metadata."""
    try:
        idp: Mapping[str, Any] = Parser.parse(xml.encode()).get("idp", {})
    except (LxmlError, ValueError, KeyError, AttributeError):
        raise ValueError("This is not the XML of a provider’s metadata.") from None
    several = idp.get("x509certMulti", {}).get("signing", [])
    certificate = idp.get("x509cert", "") or (several[0] if len(set(several)) == 1 else "")
    url = idp.get("singleSignOnService", {}).get("url", "")
    if several and not certificate:
        raise ValueError("There is more than one certificate to sign with. Leave the one in use.")
    if not certificate or not idp.get("entityId"):
        raise ValueError("The metadata lack the provider’s entity ID or certificate.")
    if not may_be_asked(url, loopback=not settings.SECURE_SITE):
        raise ValueError("The metadata name no HTTPS address that takes redirects.")
    return {"entity_id": idp["entityId"], "sso_url": url, "x509cert": certificate}


def name_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(
        max_length=40,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="As people read it, such as Acme’s Okta.",
        **kwargs,
    )


class NewConnectionForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=list(KINDS.items()), widget=forms.RadioSelect)
    name = name_field()

    class Meta:
        model = SsoConnection
        fields: ClassVar = ["organization", "kind", "name"]
        help_texts: ClassVar = {
            "organization": "Save first: the addresses that the customer needs are shown then."
        }

    def save(self, commit: bool = True) -> SsoConnection:
        """A connection that is off, with addresses of its own that are never given out again."""
        made: SsoConnection = super().save(commit=False)
        kind = self.cleaned_data["kind"]
        made.is_enabled = False
        own = f"{made.organization.short_name}-{secrets.token_hex(5)}"
        made.app = SocialApp.objects.create(
            provider=kind,
            provider_id=own,
            client_id=own if kind == "saml" else "",
            name=self.cleaned_data["name"],
        )
        if commit:
            made.save()
        return made


class ConnectionForm(forms.ModelForm):
    """What both kinds have in common."""

    name = name_field()

    class Meta:
        model = SsoConnection
        fields: ClassVar = ["name", "is_enabled"]
        labels: ClassVar = {"is_enabled": "On"}
        help_texts: ClassVar = {"is_enabled": "People see it once it is on."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.app: SocialApp = self.instance.app
        self.fields["name"].initial = self.app.name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("is_enabled") and not self.errors:
            domains = self.instance.organization.domains.filter(verified_at__isnull=False)
            if not self.is_complete():
                self.add_error("is_enabled", "Something is still missing. Fill it in first.")
            elif not domains.exists():
                self.add_error("is_enabled", "Confirm a domain of the Organization first.")
        return cleaned

    def is_complete(self) -> bool:
        raise NotImplementedError

    def is_used(self) -> bool:
        return SocialAccount.objects.filter(provider=self.app.provider_id).exists()

    def save(self, commit: bool = True) -> SsoConnection:
        self.app.name = self.cleaned_data["name"]
        self.app.save()
        saved: SsoConnection = super().save(commit)
        return saved


class OidcForm(ConnectionForm):
    server_url = TypedField(
        issuer,
        label="Issuer",
        required=False,
        widget=long_line(),
        help_text="Such as https://acme.okta.com.",
    )
    client_id = TypedField(short, label="Client ID", required=False, widget=long_line())
    client_secret = secret_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["server_url"].initial = self.app.settings.get("server_url", "")
        self.fields["client_id"].initial = self.app.client_id

    def clean_server_url(self) -> str:
        url: str = self.cleaned_data["server_url"]
        if url != self.app.settings.get("server_url", "") and self.is_used():
            raise forms.ValidationError(FIXED)
        return url

    def is_complete(self) -> bool:
        said = self.cleaned_data
        has_secret = said["client_secret"] or self.app.settings.get(SEALED)
        return bool(said["server_url"] and said["client_id"] and has_secret)

    def save(self, commit: bool = True) -> SsoConnection:
        keep(self.app, self.cleaned_data)
        self.app.settings["server_url"] = self.cleaned_data["server_url"]
        return super().save(commit)


class SamlForm(ConnectionForm):
    metadata = TypedField(
        identity_provider,
        label="The provider’s metadata",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
        help_text="Its XML, as the customer downloads it. Leave it empty to keep what there is.",
    )

    def clean_metadata(self) -> dict[str, str]:
        said: dict[str, str] = self.cleaned_data["metadata"] or {}
        present = self.app.settings.get("idp") or {}
        changed = said and said["entity_id"] != present.get("entity_id", said["entity_id"])
        if changed and self.is_used():
            raise forms.ValidationError(FIXED)
        return said or present

    def is_complete(self) -> bool:
        return bool(self.cleaned_data["metadata"])

    def save(self, commit: bool = True) -> SsoConnection:
        self.app.settings["idp"] = self.cleaned_data["metadata"] or None
        return super().save(commit)
