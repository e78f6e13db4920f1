"""Which conditions let a caller in without exactly our external ID."""

from collections.abc import Iterator, Mapping
from typing import Any

KEY = "sts:externalid"

WORDS = {
    "no_condition": "No condition: anyone who can reach Astro could point it at this role.",
    "no_external_id": "No condition asks for the external ID (sts:ExternalId).",
    "wrong_id": "The external ID here is not your Organization's.",
    "several_ids": "More than one external ID opens the role. List your Organization's alone.",
    "wildcard_id": "A pattern accepts many external IDs. Use StringEquals and the exact ID.",
    "ignore_case": "This also accepts the ID in other letter case. Use StringEquals.",
    "null": "Null asks whether an external ID was sent, not which. Use StringEquals.",
    "if_exists": "IfExists opens the role when no external ID is sent. Use StringEquals.",
    "for_all_values": "ForAllValues opens the role when no external ID is sent. Use StringEquals.",
    "for_any_value": "ForAnyValue is for keys with many values. Use StringEquals.",
    "not_equals": "This opens the role to every external ID but the one listed. Use StringEquals.",
    "other_operator": "This operator does not compare the external ID exactly. Use StringEquals.",
}


def condition_faults(
    condition: Any, external_ids: tuple[str, ...]
) -> Iterator[tuple[str, str, Any]]:
    """Why `condition` does not hold the caller to one of `external_ids`: code, path, JSON.

    Conditions are joined by AND, so one exact test of the ID makes the statement safe whatever
    else it asks. Values of one test are joined by OR. Key names ignore letter case.
    """
    if not isinstance(condition, Mapping) or not condition:
        yield "no_condition", ".Condition", {"Condition": condition}
        return
    tests = _tests(condition)
    if not tests:
        yield "no_external_id", ".Condition", {"Condition": condition}
    elif not any(_is_exact(operator, values, external_ids) for operator, values in tests.items()):
        for operator, values in tests.items():
            code = _code(operator, values, external_ids)
            yield code, f".Condition.{operator}", {operator: condition[operator]}


def _tests(condition: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The values asked of sts:ExternalId, by operator."""
    tests: dict[str, list[Any]] = {}
    for operator, keys in condition.items():
        for key, given in keys.items() if isinstance(keys, Mapping) else ():
            if str(key).lower() == KEY:
                tests.setdefault(operator, []).extend(given if isinstance(given, list) else [given])
    return tests


def _is_exact(operator: str, values: list[Any], external_ids: tuple[str, ...]) -> bool:
    # Our IDs hold no wildcard, so StringLike with the bare ID compares like StringEquals.
    listed = set(map(str, values))
    return operator in ("StringEquals", "StringLike") and bool(listed) and listed <= {*external_ids}


def _code(operator: str, values: list[Any], external_ids: tuple[str, ...]) -> str:
    shape = _shape(operator)
    if shape:
        return shape
    if operator == "StringLike" and any(sign in str(value) for value in values for sign in "*?"):
        return "wildcard_id"
    return "several_ids" if any(each in values for each in external_ids) else "wrong_id"


def _shape(operator: str) -> str:
    """The fault that lies in the operator itself, whatever the values are."""
    name = operator.lower()
    for part, code in (
        ("ifexists", "if_exists"),
        ("forallvalues:", "for_all_values"),
        ("foranyvalue:", "for_any_value"),
        ("not", "not_equals"),
        ("ignorecase", "ignore_case"),
    ):
        if part in name:
            return code
    if name == "null":
        return "null"
    return "" if operator in ("StringEquals", "StringLike") else "other_operator"
