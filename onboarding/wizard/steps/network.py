"""Step 3: how the cluster reaches the customer's systems, and which addresses it takes."""

from typing import Any, ClassVar

from django import forms

from onboarding.facts import networks
from onboarding.forms.address_plan import AddressPlan, Range
from onboarding.forms.fields import AstroCidrField, DnsServersField, ListedField
from onboarding.forms.peer_vpcs import (
    COLUMNS,
    MOST_PEERS,
    PeerForm,
    PeersField,
    Row,
    blocks,
    described,
    is_blank,
    refuse_overlaps,
    refuse_twins,
)
from onboarding.models import Installation, PeerVpc
from onboarding.wizard.step import Answer, Step, StepForm

Connectivity = Installation.Connectivity
HINTS = {
    Connectivity.PUBLIC: "Astro reaches your systems over the internet; you allow its addresses.",
    Connectivity.PEERING: "Your VPCs and the Astro VPC are connected privately. You accept the "
    "connection within 7 days of our request.",
}

TITLES = {"connectivity": "Connection", "astro_cidr": "Astro VPC", "dns_servers": "DNS servers"}
FOR_PEERING = ("peers", "dns_servers")


class ConnectivitySelect(forms.RadioSelect):
    """Choices with a line below each."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "hint": HINTS.get(value)}


class NetworkForm(StepForm):
    class Meta(StepForm.Meta):
        fields: ClassVar[list[str]] = ["connectivity", "astro_cidr", "dns_servers"]

    connectivity = ListedField(
        "Choose how Astro reaches your systems.",
        label="How should Astro reach your systems?",
        choices=Connectivity.choices,
        widget=ConnectivitySelect,
    )
    astro_cidr = AstroCidrField(
        label="CIDR block of the Astro VPC",
        help_text="A private block, /16 to /19, that none of your networks uses.",
    )
    peers = PeersField(label="VPCs to peer with", required=False)
    dns_servers = DnsServersField(
        label="DNS servers (optional)",
        help_text="Up to four IPv4 addresses, with commas between, for names that only your "
        "network knows.",
        required=False,
    )

    field_order = ("connectivity", "astro_cidr", "peers", "dns_servers")

    def __init__(self, installation: Installation, *args: Any, **kwargs: Any) -> None:
        super().__init__(installation, *args, **kwargs)
        # Called when somebody asks: most forms never show what is stored.
        self.initial["peers"] = lambda: stored_rows(self.installation)
        self._rows: list[PeerForm] | None = None

    @classmethod
    def stored_data(cls, installation: Installation, blank: StepForm) -> dict[str, Any]:
        return super().stored_data(installation, blank) | {"peers": stored_rows(installation)}

    @property
    def rows(self) -> list[PeerForm]:
        """The rows of the page: the judged ones, or those to begin with."""
        if self._rows is None:
            typed = self["peers"].data if self.is_bound else self["peers"].initial
            self._rows = self._forms(typed or [self._fresh_row()], bound=False)
        return self._rows

    def rows_changed(self) -> StepForm | None:
        """The unbound form with all that was typed, and one row more or less."""
        asked = self.data.get("row")
        if asked is None:
            return None
        rows = list(self["peers"].data)
        if asked == "add" and len(rows) < MOST_PEERS:
            rows.append(self._fresh_row())
        elif asked in (removals := {f"remove-{place}": place for place in range(1, len(rows) + 1)}):
            del rows[removals[asked] - 1]
        form = type(self)(self.installation)
        form.initial = {name: self[name].data for name in self.fields} | {"peers": rows}
        return form

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("connectivity") == Connectivity.PUBLIC:
            # Neither is used over the internet: what was typed is dropped, right or wrong.
            cleaned |= {"peers": [], "dns_servers": ""}
            self.errors.pop("dns_servers", None)
        else:
            cleaned["peers"] = self._judge_peers(cleaned)
        self._warn(cleaned)
        return cleaned

    def _judge_peers(self, cleaned: dict[str, Any]) -> list[Row]:
        own = self.installation.aws_account_id
        typed = [row for row in cleaned.get("peers") or [] if not is_blank(row, own)]
        must = cleaned.get("connectivity") == Connectivity.PEERING and not self.partial
        if must and not typed:
            self.add_error("peers", "Name at least one VPC to peer with.")
        if len(typed) > MOST_PEERS:
            self.add_error("peers", f"Name at most {MOST_PEERS} VPCs here, and tell support.")
        if not typed:
            return []
        self._rows = self._forms(typed, bound=True)
        refuse_twins(self._rows)
        refuse_overlaps(self._rows, cleaned.get("astro_cidr"))
        if self.more_errors:
            # Counted under a name that is no field: they are shown in their rows.
            sentences = [sentence for _, sentence in self.more_errors]
            self.errors["rows"] = self.error_class(sentences)
        return [{name: row.cleaned_data.get(name, "") for name in COLUMNS} for row in self._rows]

    def _warn(self, cleaned: dict[str, Any]) -> None:
        astro, servers = cleaned.get("astro_cidr"), cleaned.get("dns_servers")
        if astro and (warning := networks.reserved_warning(astro)):
            self.warn("astro_cidr", warning)
        if servers:
            peers = [block for _, block in blocks(self.rows)]
            for warning in networks.dns_warnings(servers.split(","), peers):
                self.warn("dns_servers", warning)

    @property
    def more_errors(self) -> list[tuple[str, str]]:
        """What is wrong in the rows, for the summary: the input's id, and a sentence."""
        return [
            (row[name].auto_id, f"VPC {row.number}: {sentence}")
            for row in self.rows
            for name, sentences in row.errors.items()
            for sentence in sentences
        ]

    @property
    def plan(self) -> AddressPlan:
        """The ranges typed so far, as far as they are right."""
        peers = []
        if self["connectivity"].value() != Connectivity.PUBLIC:
            peers = [Range(f"VPC {row.number}", block) for row, block in blocks(self.rows)]
        try:
            astro = self.fields["astro_cidr"].clean(self["astro_cidr"].value())
        except forms.ValidationError:
            astro = ""
        return AddressPlan(Range("Astro VPC", astro) if astro else None, peers)

    def _forms(self, typed: list[Row], *, bound: bool) -> list[PeerForm]:
        """The rows as forms; they share the warnings of this form, which outlive them."""
        return [
            PeerForm(number, row, self.warnings, bound=bound, partial=self.partial)
            for number, row in enumerate(typed, start=1)
        ]

    def _fresh_row(self) -> Row:
        here = self.installation
        return {"vpc": "", "account_id": here.aws_account_id, "region": here.region, "cidrs": ""}

    def save(self, commit: bool = True) -> Installation:
        """Store the answers, and the peers in place of those before."""
        saved = super().save(commit)
        saved.peers.all().delete()
        PeerVpc.objects.bulk_create(
            PeerVpc(installation=saved, **row) for row in self.cleaned_data["peers"]
        )
        return saved

    def answers(self) -> list[Answer]:
        left_out = () if self.initial.get("connectivity") == Connectivity.PEERING else FOR_PEERING
        return [
            Answer(each.field, TITLES.get(each.field, each.label), each.value)
            for each in super().answers()
            if each.field not in left_out
        ]

    def display(self, name: str) -> str:
        if name == "peers":
            return "; ".join(described(row) for row in stored_rows(self.installation))
        return super().display(name)


def stored_rows(installation: Installation) -> list[Row]:
    return [{name: getattr(peer, name) for name in COLUMNS} for peer in installation.peers.all()]


STEP = Step(slug="network", title="Network", subtitle="Public or VPC peering", form=NetworkForm)
