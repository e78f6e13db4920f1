"""What the Terraform module says, as plain values: parsed with python-hcl2, evaluated as far as
it is used here. No Terraform is to be had in the tests, so nothing is planned."""

import json
import re
from functools import cache
from typing import Any

import hcl2

VARIABLES = {
    "var.external_id": "external_id",
    "var.permissions_boundary_arn": "permissions_boundary_arn",
    "var.tags": "tags",
}


@cache
def _parsed(text: str) -> dict[str, Any]:
    return hcl2.loads(text)


def blocks(text: str, kind: str) -> dict[str, Any]:
    """Blocks of one kind by their labels, with a dot between."""
    found = {}
    for block in _parsed(text)[kind]:
        labels = []
        while len(block) == 1 and next(iter(block)).startswith('"'):
            (label, block) = next(iter(block.items()))
            labels.append(json.loads(label))
        found[".".join(labels)] = block
    return found


def value(written: Any, given: dict[str, Any]) -> Any:
    """An attribute's value, with `given` for the variables."""
    if isinstance(written, list):
        return [value(item, given) for item in written]
    if isinstance(written, dict):
        pairs = ((value(k, given), value(v, given)) for k, v in written.items())
        return {key: item for key, item in pairs if key != "__is_block__"}
    if not isinstance(written, str):
        return written
    expression = re.fullmatch(r"\$\{(?!aws:)(.*)\}", written, re.DOTALL)
    return _evaluated(expression[1], given) if expression else _plain(written)


def _evaluated(expression: str, given: dict[str, Any]) -> Any:
    if expression in VARIABLES:
        return given[VARIABLES[expression]]
    if call := re.fullmatch(r"jsonencode\((.*)\)", expression, re.DOTALL):
        return value(hcl2.loads(f"x = {call[1]}\n")["x"], given)
    if call := re.fullmatch(r"merge\(var\.tags, (.*)\)", expression, re.DOTALL):
        return given["tags"] | value(hcl2.loads(f"x = {call[1]}\n")["x"], given)
    return f"${{{expression}}}"


def _plain(written: str) -> str:
    text: str = json.loads(written) if written.startswith('"') else written
    return re.sub(r"([$%])\1(?=\{)", r"\1", text)


def role(text: str, given: dict[str, Any]) -> dict[str, Any]:
    """The role with what is attached to it."""
    resources = blocks(text, "resource")
    made = value(resources["aws_iam_role.astro"], given)
    policies = {
        f"${{{label}.arn}}": value(block, given)
        for label, block in resources.items()
        if label.startswith("aws_iam_policy.")
    }
    attached = value(resources["aws_iam_role_policy_attachment.astro"], given)
    assert attached["role"] == "${aws_iam_role.astro.name}"
    assert attached["policy_arn"] == "${each.value}"
    assert set(attached["for_each"].values()) == set(policies)
    assert {attached["for_each"][row["name"]] for row in policies.values()} == set(policies)
    return {
        "name": made["name"],
        "description": made["description"],
        "trust_policy": made["assume_role_policy"],
        "tags": made["tags"],
        "boundary": made["permissions_boundary"],
        "policies": {row["name"]: (row["description"], row["policy"]) for row in policies.values()},
    }
