"""`manage.py verify_evidence FILE`: whether an evidence pack of the permissions is whole."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.services import policy_evidence


class Command(BaseCommand):
    help = (
        "Checks the chain, the checksums and the wordings of an evidence pack of the permissions."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = json.loads(options["file"].read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"The file cannot be read: {error}") from error
        if wrong := policy_evidence.problems(found):
            raise CommandError("\n".join(wrong))
        count, head = len(found["entries"]), found["head"]
        self.stdout.write(f"Whole: version {found['version']}, {count} entries, head {head}.")
