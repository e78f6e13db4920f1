"""Founding and renaming an Organization, and inviting somebody into it."""

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from onboarding.facts import email, text
from onboarding.forms.fields import AddressField, ListedField, NameField, ShortNameField
from onboarding.models import Membership, Organization

IN_ANOTHER_SCRIPT = (
    "This address has an internationalised domain: {address}. Check that it is spelt right."
)


def name_field() -> NameField:
    return NameField(
        2,
        80,
        autocomplete="organization",
        label="Name of your Organization",
        missing="Type the name of your Organization.",
    )


class OrganizationForm(forms.Form):
    name = name_field()
    short_name = ShortNameField(
        label="Short name",
        help_text="It becomes part of your addresses, such as acme.astronomer.run. Small letters, "
        "digits and hyphens. Leave it empty, and we suggest one.",
        required=False,
    )

    def clean_short_name(self) -> str:
        short_name: str = self.cleaned_data["short_name"]
        if not short_name:
            raise forms.ValidationError(self._suggest(), code="required")
        near = Organization.objects.looking_like(short_name).values_list("short_name", flat=True)
        if short_name in near:
            raise forms.ValidationError(f"“{short_name}” is taken. Choose another.", code="taken")
        if near:
            raise forms.ValidationError(
                f"“{short_name}” looks too much like one that is taken. Choose another.",
                code="taken",
            )
        return short_name

    def _suggest(self) -> str:
        """Fill in a short name made from the name, for the person to keep or to change."""
        suggestion = text.suggest_short_name(self.cleaned_data.get("name", ""))
        if not suggestion:
            return "Type a short name, such as acme."
        filled = MultiValueDict({name: [value] for name, value in self.data.items()})
        filled["short_name"] = suggestion
        self.data = filled
        return f"We suggest “{suggestion}”. Keep it, or type another."


class RenameForm(forms.Form):
    name = name_field()


class RoleSelect(forms.RadioSelect):
    """Says what each role may."""

    HINTS = {  # noqa: RUF012  (a widget's own constants)
        Membership.Role.MEMBER: "Prepares installations, follows them, creates the role in AWS.",
        Membership.Role.OWNER: "Besides: sees the external ID, decides about people, submits.",
    }

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.HINTS[Membership.Role(value)]
        return option


class InvitationForm(forms.Form):
    email = AddressField(
        label="E-mail address",
        help_text="Only whoever confirms this address can take the invitation up.",
    )
    role = ListedField(
        "Choose a role.",
        label="Role",
        choices=[
            (role.value, role.label) for role in (Membership.Role.MEMBER, Membership.Role.OWNER)
        ],
        initial=Membership.Role.MEMBER,
        widget=RoleSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It is somebody else's address: the browser's own is no help.
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_role(self) -> Membership.Role:
        return Membership.Role(self.cleaned_data["role"])

    @property
    def caution(self) -> str:
        """What to look at twice before the mail goes; empty when nothing is unusual."""
        address = self.cleaned_data["email"]
        return (
            IN_ANOTHER_SCRIPT.format(address=address) if email.is_internationalised(address) else ""
        )
