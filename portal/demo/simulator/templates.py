"""A template's text as CloudFormation reads it."""

from typing import Any

import yaml

from portal.demo.simulator.wire import Fault


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags. moto's own loader would build any Python object."""


def _short_tag(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    if isinstance(node, yaml.MappingNode):
        return {name: loader.construct_mapping(node, deep=True)}
    return {name: str(node.value)}


_Loader.add_multi_constructor("!", _short_tag)


def read(body: str) -> dict[str, Any]:
    """Raises `Fault` for what is no template."""
    try:
        template = yaml.load(body, Loader=_Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError:
        template = None
    if not isinstance(template, dict):
        raise Fault("ValidationError", "Template format error: unsupported structure.")
    if not isinstance(template.get("Resources"), dict):
        raise Fault(
            "ValidationError",
            "Template format error: At least one Resources member must be defined.",
        )
    return template
