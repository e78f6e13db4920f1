"""The update of a role to another version as a shell script, for the command line and CloudShell.

The script that creates the role overwrites nothing, so this one is another. It holds no external
ID: the trust policy stays as it is.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from importlib.resources import files
from shlex import quote
from typing import Any

from onboarding import facts
from onboarding.policy.document import Edition
from onboarding.policy.shell import case, here_document
from onboarding.policy.update import in_order, published

FILE_NAME = "update-astro-role.sh"


def script(edition: Edition, known: Sequence[Edition]) -> str:
    """A POSIX script that makes a role of any older one of the `known` versions one of `edition`.

    It replaces a policy only if its text is one of theirs: their checksums stand in the script.
    """
    body = (files(__package__) / "data" / "update_role.sh").read_text("ascii").rstrip()
    # One function in a subshell: pasted into a terminal, it can stop without closing the terminal.
    parts = (
        _heading(edition),
        "update_astro_role() (\nset -eu",
        _settings(edition, known),
        _functions(edition, known),
        f"{body}\n)",
        "update_astro_role\n",
    )
    return "\n\n".join(parts)


def _heading(edition: Edition) -> str:
    return f"""#!/bin/sh
# Updates the IAM role {facts.ROLE_NAME}, through which Astro installs and
# looks after its clusters in your AWS account. It says first what it will do. It replaces
# only what Astro published, adds before it takes away, and leaves the trust policy as it
# is. Run it twice and nothing happens twice.
#
# {edition.line}"""


def _settings(edition: Edition, known: Sequence[Edition]) -> str:
    names = [each.name for each in in_order(edition, known)]
    former = [name for name in published(edition, known) if name not in names]
    values = {
        "astro_account": facts.CONTROL_PLANE_ACCOUNT,
        "role_name": facts.ROLE_NAME,
        "policy_version": str(edition.number),
        "policy_checksum": edition.checksum,
        "former_policies": " ".join(former),
    }
    values |= {
        f"tag_{number}": f"Key={key},Value={value}"
        for number, (key, value) in enumerate(edition.tags.items(), start=1)
    }
    lines = [f"{name}={quote(value)}" for name, value in values.items()]
    # Neither a pager nor a prompt may wait for a key that nobody presses.
    lines += ["AWS_PAGER=''", "AWS_CLI_AUTO_PROMPT=off", "export AWS_PAGER AWS_CLI_AUTO_PROMPT"]
    return "\n".join([f"set -- {' '.join(quote(name) for name in names)}", *lines])


def _functions(edition: Edition, known: Sequence[Edition]) -> str:
    policies = edition.policies
    described = ((each.name, f"printf '%s' {quote(each.description)}") for each in policies)
    written = ((each.name, here_document("'JSON'", each.document)) for each in policies)
    current = {(each.name, sum_) for each in policies for sum_ in checksums(each.document)}
    ever = {
        (name, sum_)
        for name, documents in published(edition, known).items()
        for document in documents
        for sum_ in checksums(document)
    }
    return "\n\n".join(
        (
            case("policy_description", described),
            case("policy_document", written),
            "# $1 the policy, $2 the checksum of its text: is it of this version, or of an older one?",
            _is_one_of("is_current", current),
            _is_one_of("is_former", ever - current),
        )
    )


def _is_one_of(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    patterns = " | \\\n".join(quote(f"{policy} {sum_}") for policy, sum_ in sorted(pairs))
    if not patterns:
        return f"{name}() {{ return 1; }}"
    return f'{name}() {{\ncase "$1 $2" in\n{patterns}) return 0 ;;\nesac\nreturn 1\n}}'


def checksums(document: dict[str, Any]) -> tuple[str, ...]:
    """SHA-256 over the text without white space, with its keys in our order, and in the order of
    the alphabet, in which Terraform writes them.
    """
    texts = (json.dumps(document), json.dumps(document, sort_keys=True))
    return tuple(sha256("".join(text.split()).encode("ascii")).hexdigest() for text in texts)
