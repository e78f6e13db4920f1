"""Form fields over the functions in `onboarding.facts`, which judge what was typed.

Django's own number, e-mail and pattern fields accept what must be refused (digits of other
scripts, signs, a line end after the last digit), so none of them is used.
"""

from collections.abc import Callable
from typing import Any

from django import forms

from onboarding.facts import MIN_MAX_NODES, MOST_MAX_NODES, email, networks, text
from onboarding.facts.node_types import node_types
from onboarding.facts.peer_regions import peer_regions
from onboarding.facts.regions import regions

PLAIN: dict[str, Any] = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class TypedField(forms.Field):
    """One line of text, judged by a function that returns what is stored or raises `ValueError`.

    What is shown again is what was typed.
    """

    def __init__(
        self,
        judge: Callable[[str], Any],
        *,
        missing: str = "Fill this in.",
        widget: forms.Widget | None = None,
        **kwargs: Any,
    ) -> None:
        self.judge = judge
        kwargs.setdefault("error_messages", {"required": missing})
        super().__init__(widget=widget or forms.TextInput(attrs=PLAIN), **kwargs)

    def to_python(self, value: Any) -> Any:
        if value in (None, ""):
            return self.empty_typed()
        try:
            return self.judge(value)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="typed") from None

    def empty_typed(self) -> Any:
        return ""


class AccountIdField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "AWS account ID")
        super().__init__(
            text.account_id,
            missing="Type the 12 digits of the AWS account ID.",
            widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric"}),
            **kwargs,
        )


class ClusterNameField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        missing = "Type a name for the cluster, such as analytics-prod."
        super().__init__(text.cluster_name, missing=missing, **kwargs)


class MaxNodesField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        low, high = MIN_MAX_NODES, MOST_MAX_NODES
        super().__init__(
            lambda typed: text.whole_number(typed, low, high),
            missing=f"Type a whole number from {low} to {high}.",
            widget=forms.TextInput(attrs={**PLAIN, "inputmode": "numeric"}),
            **kwargs,
        )

    def empty_typed(self) -> None:
        return None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class AstroCidrField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        missing = "Type a CIDR block, such as 172.20.0.0/19."
        super().__init__(networks.astro_cidr, missing=missing, **kwargs)


class CidrListField(TypedField):
    """Stored with commas between."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            lambda typed: ",".join(networks.cidr_list(typed)),
            missing="Type at least one CIDR block, such as 10.0.0.0/16.",
            widget=forms.Textarea(attrs={**PLAIN, "rows": 2}),
            **kwargs,
        )


class DnsServersField(TypedField):
    """Stored with commas between."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lambda typed: ",".join(networks.dns_servers(typed)), **kwargs)


class VpcField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        missing = "Type the VPC’s ID, such as vpc-0a1b2c3d4e5f60718, or its name."
        super().__init__(text.vpc, missing=missing, **kwargs)


class ShortNameField(TypedField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(text.short_name, missing="Type a short name, such as acme.", **kwargs)


class NameField(TypedField):
    """A name of a person or an Organization, in any script."""

    def __init__(self, least: int, most: int, *, autocomplete: str, **kwargs: Any) -> None:
        super().__init__(
            lambda typed: text.printable(typed, least, most),
            widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
            **kwargs,
        )


class AddressField(TypedField):
    """An e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        # type=email would have the browser change what was typed before we see it.
        attrs = {**PLAIN, "autocomplete": "email", "inputmode": "email"}
        super().__init__(
            email.address,
            missing="Type your e-mail address.",
            widget=forms.TextInput(attrs=attrs),
            **kwargs,
        )


class ListedField(forms.ChoiceField):
    """One of a list, exactly as listed."""

    def __init__(self, choose: str, **kwargs: Any) -> None:
        messages = {"required": choose, "invalid_choice": choose}
        super().__init__(error_messages=messages, **kwargs)


class RegionField(ListedField):
    """The Regions Astro runs in; those an account must enable first say so."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            (code, f"{region.label} · must be enabled first" if region.opt_in else region.label)
            for code, region in regions().items()
        ]
        super().__init__("Choose a Region from the list.", choices=choices, **kwargs)


class PeerRegionField(ListedField):
    def __init__(self, **kwargs: Any) -> None:
        choices = [(code, f"{name} · {code}") for code, name in peer_regions().items()]
        super().__init__("Choose a Region from the list.", choices=choices, **kwargs)


class NodeTypeField(ListedField):
    """All node types, grouped by family."""

    def __init__(self, **kwargs: Any) -> None:
        families: dict[str, list[tuple[str, str]]] = {}
        for name, node in node_types().items():
            families.setdefault(node.family, []).append((name, node.label))
        choices = list(families.items())
        super().__init__("Choose a node type from the list.", choices=choices, **kwargs)
