"""The role as a CloudFormation template, and the console link that opens it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from onboarding import facts
from onboarding.policy import document

_BOUNDARY_PATTERN = "^$|^arn:aws:iam::([0-9]{12}|aws):policy/[\\w+=,.@/-]{1,639}$"
"""IAM's own characters: a path of up to 512 and a name of up to 128."""


def template() -> str:
    """The template as YAML, the same bytes for the same version of the permissions.

    AWS: `CAPABILITY_NAMED_IAM` must be acknowledged, because role and policies have fixed names.
    """
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": (
            "Astro's cross-account role: lets Astro install and look after its clusters "
            f"in this AWS account. Permissions version {document.VERSION}."
        ),
        "Metadata": {"AWS::CloudFormation::Interface": _interface()},
        "Parameters": _parameters(),
        "Conditions": {"HasBoundary": {"Fn::Not": [{"Fn::Equals": [_BOUNDARY, ""]}]}},
        "Resources": _policies() | {"Role": _role()},
        "Outputs": _outputs(),
    }
    return "\n".join(yaml_lines(body)) + "\n"


def quick_create_url(*, console_url: str, template_url: str, external_id: str) -> str:
    """The console's page for creating the stack, filled in.

    AWS: `param_<Name>` fills a parameter, unless it is NoEcho. The template must be in S3.
    Raises ValueError, which does not repeat the value, for an external ID the portal did not make.
    """
    answers = {
        "templateURL": template_url,
        "stackName": facts.STACK_NAME,
        "param_ExternalId": document.checked(external_id),
    }
    region = urlencode({"region": facts.CONSOLE_REGION})
    review = urlencode(answers, quote_via=quote, safe="")
    return f"{console_url}/cloudformation/home?{region}#/stacks/create/review?{review}"


_BOUNDARY = {"Ref": "PermissionsBoundaryArn"}


def _interface() -> dict[str, Any]:
    return {
        "ParameterGroups": [
            {"Label": {"default": "From the Astro install portal"}, "Parameters": ["ExternalId"]},
            {
                "Label": {"default": "If your organization asks for it"},
                "Parameters": ["PermissionsBoundaryArn"],
            },
        ],
        "ParameterLabels": {
            "ExternalId": {"default": "External ID"},
            "PermissionsBoundaryArn": {"default": "Permissions boundary"},
        },
    }


def _parameters() -> dict[str, Any]:
    length = len("astro-") + 32
    return {
        # Not NoEcho: the console ignores such a parameter in a quick-create link.
        "ExternalId": {
            "Type": "String",
            "Description": "The external ID of your Organization, as the install portal shows it.",
            "AllowedPattern": f"^{document.EXTERNAL_ID_PATTERN}$",
            "MinLength": length,
            "MaxLength": length,
            "ConstraintDescription": (
                "The external ID is astro- and 32 letters and digits. Copy it from the portal."
            ),
        },
        "PermissionsBoundaryArn": {
            "Type": "String",
            "Description": (
                "Optional: the ARN of a policy of yours that limits the role further. "
                "Leave it empty if you have none."
            ),
            "Default": "",
            "AllowedPattern": _BOUNDARY_PATTERN,
            "ConstraintDescription": "Leave it empty, or give the ARN of an IAM policy.",
        },
    }


def _policies() -> dict[str, Any]:
    # AWS: AWS::IAM::ManagedPolicy takes no tags.
    return {
        _logical_id(policy): {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": policy.name,
                "Description": policy.description,
                "PolicyDocument": policy.document,
            },
        }
        for policy in document.policies()
    }


def _role() -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": facts.ROLE_NAME,
            "Description": document.ROLE_DESCRIPTION,
            "AssumeRolePolicyDocument": document.trust_document({"Ref": "ExternalId"}),
            "ManagedPolicyArns": [{"Ref": _logical_id(each)} for each in document.policies()],
            "PermissionsBoundary": {"Fn::If": ["HasBoundary", _BOUNDARY, {"Ref": "AWS::NoValue"}]},
            "Tags": [{"Key": key, "Value": value} for key, value in document.tags().items()],
        },
    }


def _outputs() -> dict[str, Any]:
    return {
        "RoleArn": {
            "Description": "The role that Astro assumes",
            "Value": {"Fn::GetAtt": ["Role", "Arn"]},
        },
        "PolicyVersion": {
            "Description": "The version of the permissions",
            "Value": str(document.VERSION),
        },
    }


def _logical_id(policy: document.ManagedPolicy) -> str:
    return f"{policy.name.removesuffix(facts.POLICY_NAME)}Policy"


def yaml_lines(value: Any, indent: str = "") -> Iterator[str]:
    """The lines of a template."""
    # A JSON scalar is a YAML scalar with one meaning only, so nothing needs guessing or quoting.
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        lead = f"{indent}-" if key is None else f"{indent}{key}:"
        if isinstance(item, dict | list) and item:
            yield from _nested(lead, item, indent)
        else:
            yield f"{lead} {json.dumps(item)}"


def _nested(lead: str, item: Any, indent: str) -> Iterator[str]:
    lines = yaml_lines(item, f"{indent}  ")
    if lead.endswith("-"):
        yield f"{lead} {next(lines).lstrip()}"
    else:
        yield lead
    yield from lines
