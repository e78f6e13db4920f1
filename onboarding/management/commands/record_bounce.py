"""`manage.py record_bounce [recipient] < mail`: for the mail server, which pipes each mail here that
comes to an address `bounces+…@BOUNCE_DOMAIN`.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from onboarding.jobs import bounces

MOST_BYTES = 1024 * 1024


class Command(BaseCommand):
    help = "Record that a mail came back, from the report (RFC 3464) on standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "recipient",
            nargs="?",
            default="",
            help="The address that the report was sent to. Without it, the report's headers count.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Ends well whatever comes: else the mail server would send the bounce back in turn."""
        raw = sys.stdin.buffer.read(MOST_BYTES)
        self.stdout.write(bounces.receive(raw, options["recipient"]))
