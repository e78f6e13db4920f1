"""The Terraform module: that it parses, what it asks for, and that nothing is evaluated in it."""

import re
from typing import Any

import hcl2
import pytest

from onboarding.policy import document, hcl, terraform
from tests.policy import terraform_values
from tests.policy.external_ids import (
    BOUNDARIES,
    HOSTILE,
    HOSTILE_EVERYWHERE,
    TAG_KEYS,
    TAG_VALUES,
    VALID,
)

EDITION = document.shipped()

MODULE = terraform.module(EDITION)


def condition(name: str) -> str:
    variable = terraform_values.blocks(MODULE, "variable")[name]
    return str(variable["validation"][0]["condition"])


def patterns(name: str) -> list[str]:
    """The regular expressions of a variable's validation, in order; RE2 reads them as re does."""
    return re.findall(r'regex\("(.*?)", ', condition(name))


def taken(pattern: str, value: str) -> bool:
    # In RE2 the $ is the end of the text alone; in re it may stand before a last newline.
    return re.search(pattern.replace("$", r"\Z"), value) is not None


def test_every_file_begins_with_its_version_and_checksum() -> None:
    heading = MODULE.partition("\n\n")[0]
    assert heading.splitlines()[-1] == f"# {EDITION.line}"
    assert all(line.startswith("#") for line in heading.splitlines())


def test_module_is_ascii_and_holds_no_external_id() -> None:
    assert MODULE.isascii()
    assert "\t" not in MODULE
    assert not re.search(r"astro-[a-z2-7]{32}(?![{])", MODULE)


def test_external_id_is_a_sensitive_variable_without_a_default() -> None:
    variable = terraform_values.blocks(MODULE, "variable")["external_id"]
    assert variable["sensitive"] is True
    assert "default" not in variable
    (pattern,) = patterns("external_id")
    assert taken(pattern, VALID)
    assert [value for value in HOSTILE if taken(pattern, value)] == []


def test_boundary_is_a_policy_arn_or_nothing() -> None:
    variable = terraform_values.blocks(MODULE, "variable")["permissions_boundary_arn"]
    assert variable["default"] is None
    assert condition("permissions_boundary_arn").startswith(
        "${var.permissions_boundary_arn == null || can("
    )
    (pattern,) = patterns("permissions_boundary_arn")
    good, bad = BOUNDARIES
    assert all(taken(pattern, value) for value in good)
    assert [value for value in (*bad, *HOSTILE_EVERYWHERE) if taken(pattern, value)] == []


def test_tags_are_a_map_whose_keys_and_values_have_the_shape_of_tags() -> None:
    assert terraform_values.blocks(MODULE, "variable")["tags"]["default"] == {}
    key, reserved, tag_value = patterns("tags")
    assert "&& !can(regex" in condition("tags")

    def fits(text: str) -> bool:
        return taken(key, text) and not taken(reserved, text)

    assert all(fits(text) for text in TAG_KEYS[0])
    assert [text for text in (*TAG_KEYS[1], *HOSTILE_EVERYWHERE) if fits(text)] == []
    assert all(taken(tag_value, text) for text in ("", *TAG_VALUES[0]))
    hostile = (*TAG_VALUES[1], *HOSTILE_EVERYWHERE)
    assert [text for text in hostile if taken(tag_value, text)] == []


def test_outputs_say_which_role_and_which_permissions() -> None:
    outputs = terraform_values.blocks(MODULE, "output")
    told = {name: terraform_values.value(block["value"], {}) for name, block in outputs.items()}
    assert told == {
        "role_arn": "${aws_iam_role.astro.arn}",
        "policy_version": str(EDITION.number),
        "policy_checksum": EDITION.checksum,
    }


def test_awss_own_variables_are_not_evaluated_by_terraform() -> None:
    assert "$${aws:PrincipalAccount}" in MODULE
    assert not re.search(r"(?<!\$)\$\{", MODULE)
    assert "%{" not in MODULE


@pytest.mark.parametrize("value", [*HOSTILE, "$${a}", "%{if x}", 'a"b', "a\\b"], ids=repr)
def test_any_text_comes_back_as_it_was(value: str) -> None:
    parsed: dict[str, Any] = hcl2.loads(f"x = {{\n{hcl.body({value or 'k': value})}\n}}\n")
    assert terraform_values.value(parsed["x"], {}) == {value or "k": value}


def test_neighbours_on_one_line_have_their_equals_signs_below_each_other() -> None:
    written = hcl.body({"a": "x", "long": 1, "list": ["y"], "b": {}})
    assert written == '  a    = "x"\n  long = 1\n  list = [\n    "y",\n  ]\n  b = {}'
