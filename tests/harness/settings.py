"""The portal's settings for tools that only read them (mypy's Django plugin): nothing to set."""

import os

from tests.harness.environment import PLAIN

os.environ |= {name: value for name, value in PLAIN.items() if name not in os.environ}

from portal.settings import *  # noqa: F403  (reads the variables above)
