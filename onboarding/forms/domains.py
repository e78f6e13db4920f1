"""The mail domains of Organizations, as support confirms them."""

from importlib.resources import files
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from onboarding.facts import email
from onboarding.forms.fields import TypedField
from onboarding.forms.providers import long_line
from onboarding.models import Domain

PUBLIC_MAIL = frozenset(
    (files("onboarding.facts") / "data" / "public_mail_domains.txt").read_text("ascii").split()
)
"""Where anybody gets an address: no Organization's own."""


class DomainForm(forms.ModelForm):
    confirmed = forms.BooleanField(
        required=False,
        help_text="Tick it when somebody of the Organization has proved that the domain is "
        "theirs. From then on, their single sign-on may vouch for its addresses.",
    )
    name = TypedField(
        email.domain,
        label="Domain",
        missing="Type a domain, such as example.com.",
        widget=long_line(),
        help_text="The part of their e-mail addresses behind the @.",
    )

    class Meta:
        model = Domain
        fields: ClassVar = ["organization", "name", "confirmed"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].initial = self.instance.verified_at is not None

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name in PUBLIC_MAIL:
            raise forms.ValidationError("Anybody can have an address there: it is nobody’s own.")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        before = self.instance.verified_at
        self.instance.verified_at = (before or timezone.now()) if cleaned["confirmed"] else None
        others = Domain.objects.filter(
            name__iexact=cleaned.get("name", ""), verified_at__isnull=False
        )
        if cleaned["confirmed"] and others.exclude(pk=self.instance.pk).exists():
            self.add_error("confirmed", "Another Organization has this domain confirmed.")
        return cleaned
