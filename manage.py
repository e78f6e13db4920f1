#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["demo"]:
        # The demo runs with nothing set; its settings must stand before Django reads them.
        from portal.demo.environment import prepare

        prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A missing setting is explained in a sentence; where it was read helps nobody.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
