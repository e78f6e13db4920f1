"""The customer: an Organization, the people in it, and its external ID."""

import base64
import secrets
import uuid
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from onboarding.facts.text import LOOK_ALIKES, looks_like
from onboarding.models.sealed import fingerprint, seal, unseal
from onboarding.models.user import User


def _look() -> Any:
    """How `short_name` looks at a glance, as the database works it out."""
    look: Any = F("short_name")
    for one, other in LOOK_ALIKES:
        look = Replace(look, Value(one), Value(other))
    return look


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def looking_like(self, short_name: str) -> Self:
        """Those whose short name is easily taken for `short_name`, or is it."""
        return self.alias(look=_look()).filter(look=looks_like(short_name))

    def of(self, user: User) -> Self:
        """The Organizations `user` belongs to."""
        return self.filter(memberships__user=user).order_by("name")


class Organization(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, unique=True)
    """A DNS label: it stands in the domains the customer must allow."""
    external_id_sealed = models.TextField(editable=False)
    external_id_fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    retiring_external_id_sealed = models.TextField(blank=True, editable=False)
    """The one before, while the roles of the Organization are updated to the new one."""
    external_id_rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    requires_second_factor = models.BooleanField(default=False)
    """Of everybody in the Organization; an Owner decides."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar = OrganizationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # Names that are read one for the other would let one customer pass for another.
            models.UniqueConstraint(_look(), name="no_short_name_looks_like_another"),
        ]

    def __str__(self) -> str:
        return self.name

    def make_external_id(self) -> None:
        """Give the Organization its external ID: `astro-` and 160 random bits in base32.

        AWS asks that the vendor makes it, at random, and the customer never does
        (IAM User Guide, "Access to AWS accounts owned by third parties").
        """
        value = "astro-" + base64.b32encode(secrets.token_bytes(20)).decode().lower()
        self.external_id_sealed = seal(value)
        self.external_id_fingerprint = fingerprint(value)

    def reveal_external_id(self) -> str:
        """The external ID in clear. Who calls this for a person records the look."""
        return unseal(self.external_id_sealed)

    @property
    def is_renewing_external_id(self) -> bool:
        """Two are valid: roles may still have the former one."""
        return bool(self.retiring_external_id_sealed)

    def reveal_former_external_id(self) -> str:
        """The one before, in clear, as long as roles may still have it; else empty."""
        sealed = self.retiring_external_id_sealed
        return unseal(sealed) if sealed else ""

    @property
    def external_id_version(self) -> str:
        """Tells the external IDs of an Organization apart without saying them; empty is the first."""
        made_at = self.external_id_rotated_at
        return made_at.isoformat() if made_at else ""

    def owners(self) -> models.QuerySet["Membership"]:
        return self.memberships.filter(role=Membership.Role.OWNER).select_related("user")

    def is_owned_by(self, user: User) -> bool:
        return self.memberships.filter(role=Membership.Role.OWNER, user=user).exists()


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", "Organization Owner"
        MEMBER = "member", "Member"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_founder = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="one_membership_each"),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_founder=True), name="one_founder"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"
