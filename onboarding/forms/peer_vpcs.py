"""The rows in which a customer names the VPCs to peer with: any number of them, in one form."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from onboarding.facts import networks
from onboarding.facts.text import trimmed
from onboarding.forms.fields import AccountIdField, CidrListField, PeerRegionField, VpcField

MOST_PEERS = 50
"""As many active peering connections as a VPC has by default (VPC quotas, L-7E9ECCDB)."""

Row = dict[str, str]
COLUMNS = ("vpc", "account_id", "region", "cidrs")


class PeerForm(forms.Form):
    """One VPC to peer with."""

    use_required_attribute = False

    vpc = VpcField(label="VPC ID or name")
    account_id = AccountIdField(label="AWS account ID")
    region = PeerRegionField(label="AWS Region")
    cidrs = CidrListField(
        label="CIDR blocks", help_text="As in the VPC console, with commas or new lines between."
    )

    def __init__(
        self,
        number: int,
        row: Row,
        warnings: dict[str, list[str]],
        *,
        bound: bool,
        partial: bool = False,
    ) -> None:
        self.number = number
        """As people count: from 1."""
        prefix = f"peers-{number - 1}"
        data = {f"{prefix}-{name}": value for name, value in row.items()} if bound else None
        super().__init__(data, prefix=prefix, initial=row)
        self.all_warnings = warnings
        """Of every row, by the name of the input."""
        for field in self.fields.values():
            field.required = not partial

    @property
    def warnings(self) -> dict[str, list[str]]:
        return {name: self.all_warnings.get(self.add_prefix(name), []) for name in self.fields}

    def warn(self, name: str, sentence: str) -> None:
        self.all_warnings.setdefault(self.add_prefix(name), []).append(sentence)


class PeersWidget(forms.Widget):
    """Gathers the rows out of what was posted (`peers-0-vpc`, …), whatever their numbers are."""

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Nothing: a page draws the rows of its form one by one."""
        return SafeString("")

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Row]:
        given = data.get(name)
        if isinstance(given, list) and all(isinstance(row, dict) for row in given):
            return given
        pattern = re.compile(rf"{name}-([0-9]{{1,3}})-(?:{'|'.join(COLUMNS)})")
        numbers = {int(match[1]) for match in map(pattern.fullmatch, data) if match}
        rows = [
            {column: str(data.get(f"{name}-{number}-{column}", "")) for column in COLUMNS}
            for number in sorted(numbers)
        ]
        return rows[: MOST_PEERS + 1]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False


class PeersField(forms.Field):
    """All rows as typed. Judging them is the form's work: it knows the other answers."""

    widget = PeersWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [_comparable(row) for row in initial or []] != [_comparable(row) for row in data]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "; ".join(described(row) for row in value)


def described(row: Row) -> str:
    """A row as one line for people."""
    place = ", ".join(each for each in (row["account_id"], row["region"]) if each)
    cidrs = ", ".join(row["cidrs"].split(","))
    return f"{row['vpc'] or 'Unnamed VPC'} ({place}): {cidrs}"


def is_blank(row: Row, own_account: str) -> bool:
    """Nobody has typed here: a row comes with a Region, and with the account of the cluster."""
    vpc, account_id, _, cidrs = _comparable(row)
    return not (vpc or cidrs) and account_id in ("", own_account)


def blocks(rows: list[PeerForm]) -> list[tuple[PeerForm, str]]:
    """Each block of each row whose blocks are typed rightly, with its row."""
    found: list[tuple[PeerForm, str]] = []
    for row in rows:
        try:
            text = row.fields["cidrs"].clean(row["cidrs"].value())
        except forms.ValidationError:
            continue
        found += [(row, block) for block in text.split(",") if block]
    return found


def refuse_twins(rows: list[PeerForm]) -> None:
    """The same VPC twice is an error of the later row."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if not row.is_valid():
            continue
        key = tuple(row.cleaned_data[name] for name in COLUMNS[:3])
        if all(key) and seen.setdefault(key, row.number) != row.number:
            row.add_error("vpc", f"This is VPC {seen[key]} again. List each VPC once.")


def refuse_overlaps(rows: list[PeerForm], astro: str | None) -> None:
    """No block may overlap the Astro VPC's or another VPC's (VPC Peering Guide, "Limitations")."""
    typed = blocks(rows)
    services = networks.service_range(astro) if astro else None
    for row, block in typed:
        if astro and networks.overlaps(block, astro):
            row.add_error("cidrs", f"{block} overlaps {astro}, the block of the Astro VPC.")
        elif warning := networks.reserved_warning(block, services):
            row.warn("cidrs", warning)
    for earlier, later in networks.clashes([block for _, block in typed]):
        (other, theirs), (row, block) = typed[earlier], typed[later]
        row.add_error("cidrs", f"{block} overlaps {theirs} of VPC {other.number}.")


def _comparable(row: Row) -> list[str]:
    return [trimmed(row.get(column, "")) for column in COLUMNS]
