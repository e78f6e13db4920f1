"""Addresses of the desk, and moves to bring an installation to where a test begins."""

from django.db.models.functions import Now
from django.urls import reverse

from onboarding.models import Installation, Status, turn_of

QUEUE = "/admin/onboarding/installation/"
QUERIES = {QUEUE: 9, f"{QUEUE}?q=crowd": 9, "/admin/": 10}
"""How often these pages ask the database, however many rows there are."""


def dossier(installation: Installation) -> str:
    return reverse("admin:onboarding_installation_change", args=[installation.pk])


def act(installation: Installation, slug: str) -> str:
    return reverse("admin:onboarding_installation_act", args=[installation.pk, slug])


def put(installation: Installation, status: Status, **values: object) -> None:
    turn = {"waits_for": turn_of(status), "waits_since": values.get("status_since", Now())}
    Installation.objects.filter(pk=installation.pk).update(status=status, **(turn | values))
    installation.refresh_from_db()
