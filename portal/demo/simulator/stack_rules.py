"""The Rules of a template, which are looked at before anything is made.

Source: CloudFormation User Guide, "Template Rules syntax" and "Rule-specific intrinsic functions".
"""

from collections.abc import Mapping
from typing import Any

from portal.demo.simulator.conditions import as_list
from portal.demo.simulator.wire import Fault


def check(template: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """`values`: of the parameters, and of AWS::Region. Raises `Fault` for an assertion that does
    not hold."""
    for name, rule in template.get("Rules", {}).items():
        if not _true(rule.get("RuleCondition", True), values):
            continue
        for assertion in rule["Assertions"]:
            if not _true(assertion["Assert"], values):
                said = assertion.get("AssertDescription", "an assertion does not hold")
                raise Fault("ValidationError", f"Template error: Rule {name} failed: {said}")


def _true(node: Any, values: Mapping[str, str]) -> bool:
    if isinstance(node, bool):
        return node
    ((function, words),) = node.items()
    if function == "Fn::And":
        return all(_true(one, values) for one in words)
    if function == "Fn::Or":
        return any(_true(one, values) for one in words)
    if function == "Fn::Not":
        return not _true(words[0], values)
    left, right = _value(words[0], values), _value(words[1], values)
    if function == "Fn::Equals":
        return bool(left == right)
    if function == "Fn::Contains":
        return right in as_list(left)
    raise Fault("ValidationError", f"Template error: the simulator does not know {function}")


def _value(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict) and "Ref" in node:
        return values.get(node["Ref"], "")
    if isinstance(node, list):
        return [_value(one, values) for one in node]
    return node if isinstance(node, list) else str(node)
