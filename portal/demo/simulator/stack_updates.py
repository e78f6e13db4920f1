"""What moto's update of a stack leaves out: the text of managed policies, and most of a role.

Source: CloudFormation template reference. Of AWS::IAM::ManagedPolicy the document changes without
interruption, by a new version; of AWS::IAM::Role all but path and name does.
"""

import json
from collections.abc import Mapping
from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.core.exceptions import ServiceException
from moto.iam.models import ManagedPolicy, Role, iam_backends

Properties = Mapping[str, Any]


def repair() -> None:
    """Once: classes are changed in place."""
    original = CloudFormationBackend.update_stack

    def update_stack(backend: CloudFormationBackend, name: str, *args: Any, **more: Any) -> Stack:
        stack = backend.get_stack(name)
        # `UsePreviousValue` of a parameter that was left at its default, too.
        stack.parameters = {**stack.stack_parameters, **stack.parameters}
        return original(backend, name, *args, **more)

    CloudFormationBackend.update_stack = update_stack  # type: ignore[assignment, method-assign]
    ManagedPolicy.update_from_cloudformation_json = classmethod(_update_policy)  # type: ignore
    Role.update_from_cloudformation_json = classmethod(_update_role)  # type: ignore


def _update_policy(
    cls: type,
    original_resource: ManagedPolicy,
    new_resource_name: str,
    cloudformation_json: Mapping[str, Any],
    account_id: str,
    region_name: str,
) -> ManagedPolicy:
    properties: Properties = cloudformation_json["Properties"]
    if properties.get("Description", "") != original_resource.description:
        # The description changes by replacement alone, and the name is taken.
        raise ServiceException(f"{original_resource.name} already exists")
    document = json.dumps(properties["PolicyDocument"])
    backend = iam_backends[account_id]["aws"]
    backend.create_policy_version(original_resource.arn, document, True)
    return original_resource


def _update_role(
    cls: type,
    original_resource: Role,
    new_resource_name: str,
    cloudformation_json: Mapping[str, Any],
    account_id: str,
    region_name: str,
) -> Role:
    properties: Properties = cloudformation_json["Properties"]
    backend, name = iam_backends[account_id]["aws"], original_resource.name
    backend.update_role(name, properties.get("Description", ""), "3600")
    trust = json.dumps(properties["AssumeRolePolicyDocument"])
    backend.update_assume_role_policy(name, trust)
    backend.tag_role(name, properties.get("Tags", []))
    wanted = properties.get("ManagedPolicyArns", [])
    attached = list(original_resource.managed_policies)
    for arn in [each for each in wanted if each not in attached]:
        backend.attach_role_policy(arn, name)
    for arn in [each for each in attached if each not in wanted]:
        backend.detach_role_policy(arn, name)
    return original_resource
