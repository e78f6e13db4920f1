"""The pre-flight as a shell script: what an account says of itself before Astro has any access."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from shlex import quote
from typing import Any

from onboarding.facts import CONTROL_PLANE_ACCOUNT
from onboarding.facts.node_types import node_types
from onboarding.facts.preflight import EXPLICIT, LAYERS, NO_ANSWER
from onboarding.facts.preflight_questions import VERSION, Question, questions
from onboarding.facts.regions import regions
from onboarding.facts.shapes import query

READS_ONLY = re.compile("(?:get|list|describe)_[a-z_]+")
"""The names of the calls that change nothing."""
PLAIN = re.compile(r"[\w :,.?=|'{}\[\]-]+", re.ASCII)
"""Of a query: it stands between double quotes, and a shell expands nothing of this."""
CLI_NAMES = {("describe_nat_gateways", "Filters"): "filter"}
"""Options that the AWS CLI names otherwise than boto3."""


def file_name(account_id: str) -> str:
    """Of the report that the script writes."""
    return f"astro-preflight-{account_id}.json"


def script(account_id: str, region: str, node_type: str) -> str:
    """A POSIX script that asks AWS with the AWS CLI, changes nothing, and writes one JSON file.

    Raises ValueError for no account ID, Astro's own account, a Region or a node type Astro does not
    have: nothing a person typed is in it otherwise.
    """
    if not re.fullmatch("[0-9]{12}", account_id) or account_id == CONTROL_PLANE_ACCOUNT:
        raise ValueError("no AWS account ID of a customer")
    if region not in regions() or node_type not in node_types():
        raise ValueError("no Region or node type of Astro's")
    asked = questions(region, node_type)
    # One function in a subshell: pasted into a terminal, it can stop without closing the terminal.
    parts = (
        _heading(account_id),
        "astro_preflight() (\nset -eu",
        _settings(account_id, region, node_type),
        _denial(),
        "list_of_questions() {\ncat <<'LIST'\n" + "\n".join(_listed(asked)) + "\nLIST\n}",
        f"ask_everything() {{\n{_all_asked(asked)}\n}}",
        (files(__package__) / "data" / "preflight.sh").read_text("ascii").rstrip(),
        ")\n\nastro_preflight\n",
    )
    return "\n\n".join(parts[:-1]) + "\n" + parts[-1]


def calls(region: str, node_type: str) -> tuple[str, ...]:
    """`ec2 describe-vpcs` and so on: every call of the script, once, in order."""
    asked = ("sts get-caller-identity", *map(_call, questions(region, node_type)))
    return tuple(dict.fromkeys(asked))


def _heading(account_id: str) -> str:
    return f"""#!/bin/sh
# Pre-flight for Astro, version {VERSION}: is the AWS account {account_id} ready for a cluster?
# It only reads: every call of AWS below is a get, a list or a describe. It writes what AWS
# answers to one file, {file_name(account_id)}, sends it nowhere, and keeps
# no secret, no user data, and no tag but the name of a VPC."""


def _settings(account_id: str, region: str, node_type: str) -> str:
    values = {
        "version": str(VERSION),
        "account_id": account_id,
        "region": region,
        "node_type": node_type,
        "file_name": file_name(account_id),
        "no_answer": NO_ANSWER,
    }
    lines = [f"{name}={quote(value)}" for name, value in values.items()]
    # Neither a pager nor a prompt may wait for a key that nobody presses, nor a call for minutes.
    aws = {"PAGER": "", "CLI_AUTO_PROMPT": "off", "RETRY_MODE": "standard", "MAX_ATTEMPTS": "3"}
    lines += [f"export AWS_{name}={quote(value)}" for name, value in aws.items()]
    return "\n".join(lines)


def _denial() -> str:
    """Which kind of policy AWS says denied: all that is kept of its message."""
    texts = (*(f"{EXPLICIT} in a {layer}" for layer in LAYERS), EXPLICIT, *LAYERS)
    branches = "".join(f"*{quote(text)}*) printf %s {quote(text)} ;;\n" for text in texts)
    return f"denial() {{\ncase $1 in\n{branches}esac\n}}"


def _listed(asked: tuple[Question, ...]) -> Iterator[str]:
    for call in dict.fromkeys(map(_call, asked)):
        places = dict.fromkeys(one.region for one in asked if _call(one) == call)
        yield f"  aws {call} ({', '.join(places)})"


def _all_asked(asked: tuple[Question, ...]) -> str:
    """Each in turn; one that stands in for the one before only if that was not answered."""
    next_ones = (*asked[1:], None)
    return "\n".join(
        f"{_asked(one)} ||{'' if after and after.otherwise else ' :'}"
        for one, after in zip(asked, next_ones, strict=True)
    )


def _asked(question: Question) -> str:
    kept = query(question.shape)
    if not READS_ONLY.fullmatch(question.method) or not PLAIN.fullmatch(kept):
        raise ValueError(f"{question.name} is no question for the script")
    options = "".join(f" {option}" for option in _options(question))
    return (
        f"ask {quote(question.name)} \\\n"
        f"  {_call(question)} --region {question.region}{options} \\\n"
        f'  --query "{kept}"'
    )


def _call(question: Question) -> str:
    return f"{question.service} {question.method.replace('_', '-')}"


def _options(question: Question) -> Iterator[str]:
    for name, value in question.params.items():
        option = CLI_NAMES.get((question.method, name)) or re.sub("(?<!^)([A-Z])", r"-\1", name)
        yield f"--{option.lower()}{_written(value)}"


def _written(value: Any) -> str:
    """A parameter's value in the AWS CLI's shorthand."""
    match value:
        case True:
            return ""
        case str():
            return f" {quote(value)}"
        case Mapping():
            return f" Name={quote(value['Name'])},Values={','.join(map(quote, value['Values']))}"
        case _:
            return "".join(map(_written, value))
