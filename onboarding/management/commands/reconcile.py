"""`manage.py reconcile`: send out again what is due, without waiting for the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from onboarding import tasks


class Command(BaseCommand):
    help = "Send out again the operations and mails that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        tasks.reconcile()
