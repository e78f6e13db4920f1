"""The version of the permissions that is in effect, and every other one in the ledger.

What is shipped with the portal and not in effect yet is used by nothing: it has to be proposed,
and Organization Owners told, first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps as current_apps
from django.db import DEFAULT_DB_ALIAS, IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from onboarding.models import Installation, PolicyVersion
from onboarding.policy import document
from onboarding.policy.document import Edition

State = PolicyVersion.State
Key = tuple[int, str]


class NoEdition(Exception):
    """The ledger has no such version."""


class Altered(Exception):
    """What the ledger holds under a number is not what was recorded under it."""


_read: dict[Key, Edition] = {}
"""By number and checksum: whatever has both is the same document, so none is ever out of date."""


def in_effect() -> Edition:
    """What is made and compared now. One short query; hand it on rather than ask again.

    Raises `NoEdition` before the first migrate and `Altered` for a row that somebody changed.
    """
    return _one(state=State.EFFECTIVE)


def of(number: int) -> Edition:
    """Any version in the ledger, whatever became of it. Raises `NoEdition` and `Altered`."""
    return _one(number=number)


def known() -> tuple[Edition, ...]:
    """All in the ledger, the newest first. Raises `Altered`."""
    return _editions(PolicyVersion.objects.order_by("-number").values_list("number", "checksum"))


def history() -> QuerySet[PolicyVersion]:
    """The rows of the versions that are in effect or were, the newest first, without documents."""
    rows: QuerySet[PolicyVersion] = PolicyVersion.objects.filter(effective_at__isnull=False)
    return rows.only("number", "what", "why", "state", "effective_at").order_by("-number")


def of_row(row: PolicyVersion) -> Edition:
    """The edition of a row at hand. Raises `Altered`."""
    edition = Edition(row.number, row.source)
    if edition.checksum != row.checksum:
        raise Altered(f"Version {row.number} of the permissions is not what was recorded.")
    return _read.setdefault((row.number, row.checksum), edition)


@dataclass(frozen=True)
class RoleVersion:
    """The version of an installation's role, beside the one in effect."""

    number: int | None
    """None where the role has none to the letter, or was not seen yet."""
    in_effect: int

    @property
    def is_older(self) -> bool:
        """The role is to be updated."""
        return self.number is not None and self.number < self.in_effect


def standing_of(installation: Installation, present: Edition | None = None) -> RoleVersion:
    """Which version the role of the account has that is answered now.

    No query where `present`, the version in effect, is given and the results are prefetched.
    """
    account_id = installation.aws_account_id
    was_seen = any(
        each.code == "role_permissions" and each.relied_on.get("aws_account_id") == account_id
        for each in installation.check_results.all()
    )
    number = installation.policy_version if was_seen else None
    return RoleVersion(number, (present or in_effect()).number)


def record_first(using: str = DEFAULT_DB_ALIAS, apps: Any = current_apps, **kwargs: Any) -> None:
    """Where the ledger is empty, record what is shipped as in effect. After every migrate.

    Nobody need be told: no role was made from anything else. Of two processes that migrate at once
    one records it.
    """
    try:
        ledger = apps.get_model("onboarding", "PolicyVersion").objects.using(using)
    except LookupError:  # migrated back to a time before the ledger
        return
    if ledger.exists():
        return
    edition = document.shipped()
    try:
        with transaction.atomic(using=using):
            ledger.create(
                number=edition.number,
                source=edition.source,
                checksum=edition.checksum,
                what="The permissions with which this portal was set up.",
                why="Astro needs them to install and look after its clusters.",
                expands=False,
                state=State.EFFECTIVE,
                effective_at=Now(),
            )
    except IntegrityError:
        if not ledger.exists():
            raise


def _one(**which: Any) -> Edition:
    found = _editions(PolicyVersion.objects.filter(**which).values_list("number", "checksum"))
    if not found:
        raise NoEdition("The ledger of the permissions has no such version. Was it migrated?")
    return found[0]


def _editions(keys: Iterable[Key]) -> tuple[Edition, ...]:
    wanted = list(keys)
    missing = [number for number, checksum in wanted if (number, checksum) not in _read]
    for row in PolicyVersion.objects.filter(number__in=missing) if missing else ():
        of_row(row)
    return tuple(_read[key] for key in wanted)
