"""Writes the list of leaked passwords that the portal knows, from text files."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from onboarding.facts import passwords


class Command(BaseCommand):
    help = (
        "Write onboarding/facts/data/leaked_passwords.bin, or another file, from lists with one "
        "password a line. Shorter ones than may be chosen are left out."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("lists", nargs="+", type=Path)
        parser.add_argument("--to", type=Path, default=passwords.LIST)

    def handle(self, *args: Any, lists: list[Path], to: Path, **options: Any) -> None:
        to.write_bytes(passwords.packed(lines(lists)))
        count = to.stat().st_size // passwords.WIDTH
        self.stdout.write(f"{count} passwords are in {to}.")


def lines(lists: list[Path]) -> Iterator[str]:
    for each in lists:
        with each.open(encoding="utf-8", errors="replace", newline="\n") as file:
            yield from (line.rstrip("\r\n") for line in file)
