"""The role as a shell script, for the command line and AWS CloudShell."""

import json
from collections.abc import Iterable
from importlib.resources import files
from shlex import quote
from typing import Any

from onboarding import facts
from onboarding.policy import document
from onboarding.policy.document import Edition

FILE_NAME = "create-astro-role.sh"

_KEEP = "It holds your Organization's external ID: keep it to yourselves."
_EXPORT = "First copy the external ID from the portal:  export EXTERNAL_ID=astro-..."


def script(edition: Edition, external_id: str | None = None) -> str:
    """A POSIX script that creates policies, role and attachments, and overwrites nothing.

    Without `external_id` the script takes it from the environment variable EXTERNAL_ID; either way
    the script checks it before use. Raises ValueError, which does not repeat the value, for an
    external ID the portal did not make.
    """
    # One function in a subshell: pasted into a terminal, it can stop without closing the terminal.
    parts = (
        _heading(edition, _EXPORT if external_id is None else _KEEP),
        "create_astro_role() (\nset -eu",
        _settings(
            edition, "${EXTERNAL_ID:-}" if external_id is None else document.checked(external_id)
        ),
        _functions(edition),
        (files(__package__) / "data" / "create_role.sh").read_text("ascii").rstrip(),
        ")\n\ncreate_astro_role\n",
    )
    return "\n\n".join(parts[:-1]) + "\n" + parts[-1]


def _heading(edition: Edition, external_id_line: str) -> str:
    return f"""#!/bin/sh
# Creates the IAM role {facts.ROLE_NAME}, through which Astro installs and
# looks after its clusters in your AWS account. It says first what it will do. Run it
# twice and nothing happens twice; what it finds and did not make stays as it is.
#
# {external_id_line}
# If your organization asks for a permissions boundary on roles, first run
#   export PERMISSIONS_BOUNDARY_ARN=arn:aws:iam::...:policy/...
#
# {edition.line}"""


def _settings(edition: Edition, external_id: str) -> str:
    values = {
        "astro_account": facts.CONTROL_PLANE_ACCOUNT,
        "role_name": facts.ROLE_NAME,
        "role_description": document.ROLE_DESCRIPTION,
        "policy_version": str(edition.number),
        "policy_checksum": edition.checksum,
    }
    values |= {
        f"tag_{number}": f"Key={key},Value={value}"
        for number, (key, value) in enumerate(edition.tags.items(), start=1)
    }
    lines = [f"{name}={quote(value)}" for name, value in values.items()]
    # Neither a pager nor a prompt may wait for a key that nobody presses.
    lines += ["AWS_PAGER=''", "AWS_CLI_AUTO_PROMPT=off", "export AWS_PAGER AWS_CLI_AUTO_PROMPT"]
    names = " ".join(quote(policy.name) for policy in edition.policies)
    taken = [f"external_id={external_id}", "boundary=${PERMISSIONS_BOUNDARY_ARN:-}"]
    return "\n".join([f"set -- {names}", *taken, *lines])


def _functions(edition: Edition) -> str:
    policies = edition.policies
    described = ((each.name, f"printf '%s' {quote(each.description)}") for each in policies)
    written = ((each.name, here_document("'JSON'", each.document)) for each in policies)
    # The one expansion: a value of [a-z2-7] and a hyphen, checked before this is called.
    trust = here_document("JSON", document.trust_document("$external_id"))
    return "\n\n".join(
        (
            case("policy_description", described),
            case("policy_document", written),
            f"trust_policy() {{\n{trust}\n}}",
        )
    )


def case(name: str, branches: Iterable[tuple[str, str]]) -> str:
    """A function that does for its first argument what stands behind that value."""
    lines = "".join(f"{quote(value)})\n{command}\n;;\n" for value, command in branches)
    return f"{name}() {{\ncase $1 in\n{lines}esac\n}}"


def here_document(mark: str, content: dict[str, Any]) -> str:
    """`mark` is quoted where nothing in the content may be expanded."""
    return f"cat <<{mark}\n{json.dumps(content, indent=1)}\nJSON"
