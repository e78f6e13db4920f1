"""How people of an Organization sign in: its domains, its single sign-on, and what it asks of them."""

from typing import ClassVar

from allauth.socialaccount.models import SocialApp
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from onboarding.models.organization import Organization


class Domain(models.Model):
    """A mail domain that an Organization says is its own; support confirms it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(max_length=253)
    """In small letters, as ASCII."""
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "mail domain"
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_domain_each"),
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(verified_at__isnull=False),
                name="a_verified_domain_has_one_organization",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SsoConnection(models.Model):
    """An identity provider (OIDC or SAML) of one Organization. Only its verified domains get in."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="sso_connections"
    )
    app = models.OneToOneField(SocialApp, on_delete=models.CASCADE, related_name="sso_connection")
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "single sign-on connection"

    def __str__(self) -> str:
        return f"{self.app} of {self.organization}"


class SharedProvider(SocialApp):
    """GitHub or Google, which belong to no Organization: a row that support wrote at the desk."""

    class Meta:
        proxy = True
        verbose_name = "sign-in provider"
        verbose_name_plural = "sign-in with GitHub and Google"
