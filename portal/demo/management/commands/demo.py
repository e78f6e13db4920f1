"""`manage.py demo`: the whole portal on this machine, with nothing to set up."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from portal.demo.environment import directory
from portal.demo.folder import DemoProblem, in_one_sentence, reset
from portal.demo.ports import demo_port
from portal.demo.processes import Died
from portal.demo.supervisor import run


class Command(BaseCommand):
    help = "Run the portal on loopback with a simulated AWS. DEMO_PORT and DEMO_DIR may be set."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="remove what the demo stored")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = directory()
        if options["reset"]:
            reset(folder)
            self.stdout.write("The demo's data is removed; `make demo` begins again.")
            return
        try:
            run(folder, demo_port(), settings.REDIS_URL, self.say)
        except Died as problem:
            sys.exit(f"The demo's {problem}{end_of_log(problem)}")
        except DemoProblem as problem:
            sys.exit(str(problem))
        except TimeoutError as problem:
            sys.exit(f"{problem} The logs are in {folder / 'log'}.")
        except OSError as problem:
            sys.exit(in_one_sentence(problem, folder))
        except DatabaseError as problem:
            sys.exit(f"The demo's database cannot be used: {problem}.")

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def end_of_log(problem: Died) -> str:
    return f" Its log, {problem.log}, ends with:\n{problem.last_lines()}" if problem.log else ""
