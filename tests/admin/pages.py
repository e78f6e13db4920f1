"""Addresses of the desk, and moves to bring an installation to where a test begins."""

from django.urls import reverse

from onboarding.models import Installation, Status

QUEUE = "/admin/onboarding/installation/"


def dossier(installation: Installation) -> str:
    return reverse("admin:onboarding_installation_change", args=[installation.pk])


def act(installation: Installation, slug: str) -> str:
    return reverse("admin:onboarding_installation_act", args=[installation.pk, slug])


def put(installation: Installation, status: Status, **values: object) -> None:
    Installation.objects.filter(pk=installation.pk).update(status=status, **values)
    installation.refresh_from_db()
