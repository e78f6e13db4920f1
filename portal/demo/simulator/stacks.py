"""CloudFormation in front of moto's: capabilities and parameters asked for, failures rolled back.

Source: CloudFormation User Guide, "Stack failure options" and "Parameters"; API reference,
CreateStack.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.cloudformation import models as cloudformation_models
from moto.cloudformation import parsing
from moto.cloudformation import responses as cloudformation_responses
from moto.cloudformation.models import CloudFormationBackend, Stack, cloudformation_backends
from moto.cloudformation.parsing import OutputMap
from moto.core.exceptions import ServiceException

from portal.demo.simulator import (
    buckets,
    stack_models,
    stack_rules,
    stack_updates,
    templates,
    wire,
)

_installed: list[bool] = []


def install(utcnow: Callable[[], datetime]) -> None:
    """moto answers a failing resource with an error and leaves the rest; AWS rolls back."""
    cloudformation_models.utcnow = utcnow  # type: ignore[attr-defined]
    if _installed:
        return
    _installed.append(True)
    original = CloudFormationBackend.create_stack

    def create_stack(backend: CloudFormationBackend, name: str, *args: Any, **kwargs: Any) -> Stack:
        before = set(backend.stacks)
        try:
            return original(backend, name, *args, **kwargs)
        except ServiceException as fault:
            begun = set(backend.stacks) - before
            if not begun:
                raise
            return _roll_back(backend.stacks[begun.pop()], fault)

    CloudFormationBackend.create_stack = create_stack  # type: ignore[assignment, method-assign]
    parsing.clean_json = _without_holes(parsing.clean_json)
    cloudformation_responses.get_stack_from_s3_url = _from_s3  # type: ignore[assignment, attr-defined]
    stack_models.repair()
    stack_updates.repair()


def _without_holes(original: Callable[..., Any]) -> Callable[..., Any]:
    """moto leaves None where a list has `AWS::NoValue`; AWS leaves the item out."""

    def clean_json(*args: Any) -> Any:
        cleaned = original(*args)
        if isinstance(cleaned, list):
            return [item for item in cleaned if item is not None]
        return cleaned

    return clean_json


def _roll_back(stack: Stack, fault: ServiceException) -> Stack:
    """Deletes what the stack made, and empties it: moto makes the rest when it is described."""
    stack._add_stack_event("CREATE_FAILED", resource_status_reason=str(fault.message))
    stack._add_stack_event("ROLLBACK_IN_PROGRESS", resource_status_reason=str(fault.message))
    stack.resource_map.delete()
    stack.resource_map._resource_json_map = {}
    stack.output_map = OutputMap(stack.resource_map, {}, stack.stack_id)
    stack.status = "ROLLBACK_COMPLETE"
    stack._add_stack_event("ROLLBACK_COMPLETE")
    return stack


def check(account_id: str, call: wire.Call) -> None:
    """Raises `Fault` as CloudFormation does before it makes anything."""
    body = call.text("TemplateBody")
    if call.text("TemplateURL"):
        body = _from_s3(call.text("TemplateURL"), account_id)
    template = templates.read(body) if body else {}
    if call.action != "CreateStack":
        return
    _check_capabilities(call, template)
    given = _parameters(call)
    for name, declared in template.get("Parameters", {}).items():
        _check_parameter(name, declared, given.get(name))
    defaults = {
        name: str(declared.get("Default", ""))
        for name, declared in template.get("Parameters", {}).items()
    }
    stack_rules.check(template, {"AWS::Region": call.region, **defaults, **given})


def _from_s3(url: str, account_id: str, partition: str = "aws") -> str:
    """The same for moto, which would find buckets of the caller's account alone."""
    if buckets.located(url) is None:
        raise wire.Fault("ValidationError", "TemplateURL must be a supported URL.")
    try:
        return buckets.read(account_id, url).decode("utf-8")
    except (buckets.NotReadable, UnicodeDecodeError) as fault:
        raise wire.Fault("ValidationError", str(fault)) from None


def _check_capabilities(call: wire.Call, template: dict[str, Any]) -> None:
    granted = {
        value for key, value in call.params.items() if key.startswith("Capabilities.member.")
    }
    needed = _needed_capability(template)
    if needed and not granted & {needed, "CAPABILITY_NAMED_IAM"}:
        raise wire.Fault("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")


def _needed_capability(template: dict[str, Any]) -> str:
    iam = [
        resource
        for resource in template.get("Resources", {}).values()
        if str(resource.get("Type", "")).startswith("AWS::IAM::")
    ]
    named = {"RoleName", "ManagedPolicyName", "UserName", "GroupName", "InstanceProfileName"}
    if any(named & set(resource.get("Properties", {})) for resource in iam):
        return "CAPABILITY_NAMED_IAM"
    return "CAPABILITY_IAM" if iam else ""


def _parameters(call: wire.Call) -> dict[str, str]:
    keys = {
        name.split(".")[2]: value
        for name, value in call.params.items()
        if re.fullmatch(r"Parameters\.member\.[0-9]+\.ParameterKey", name)
    }
    return {
        key: call.text(f"Parameters.member.{number}.ParameterValue") for number, key in keys.items()
    }


def _check_parameter(name: str, declared: dict[str, Any], value: str | None) -> None:
    if value is None:
        if "Default" not in declared:
            raise wire.Fault("ValidationError", f"Parameters: [{name}] must have values")
        return
    allowed = declared.get("AllowedValues")
    met = (
        re.fullmatch(str(declared.get("AllowedPattern", ".*")), value, re.DOTALL) is not None
        and int(declared.get("MinLength", 0)) <= len(value)
        and len(value) <= int(declared.get("MaxLength", 4096))
        and (allowed is None or value in [str(one) for one in allowed])
    )
    if not met:
        reason = (
            declared.get("ConstraintDescription")
            or f"Parameter {name} failed to satisfy constraint"
        )
        raise wire.Fault("ValidationError", str(reason))


@dataclass(frozen=True)
class SeenResource:
    logical_id: str
    physical_id: str
    type: str


@dataclass(frozen=True)
class SeenEvent:
    at: datetime
    status: str
    reason: str


@dataclass(frozen=True)
class SeenStack:
    name: str
    status: str
    resources: list[SeenResource]
    events: list[SeenEvent]
    """The newest first, as the console lists them."""


def find(account_id: str, region: str, name: str) -> SeenStack | None:
    held = cloudformation_backends[account_id]
    stacks: Iterable[Any] = held[region].stacks.values() if region in held else ()
    for stack in stacks:
        if stack.name == name:
            resources = [
                SeenResource(
                    one.logical_resource_id, one.physical_resource_id, one.cloudformation_type()
                )
                for one in stack.stack_resources
            ]
            events = [
                SeenEvent(one.timestamp, one.resource_status, one.resource_status_reason or "")
                for one in reversed(stack.events)
            ]
            return SeenStack(stack.name, stack.status, resources, events)
    return None
