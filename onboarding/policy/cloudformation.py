"""The role as a CloudFormation template, and the console link that opens it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from onboarding import facts
from onboarding.policy import document, parameters
from onboarding.policy.document import Edition

FILE_NAME = "astro-role.yaml"


def template(edition: Edition) -> str:
    """The template as YAML, the same bytes for the same version of the permissions.

    AWS: `CAPABILITY_NAMED_IAM` must be acknowledged, because role and policies have fixed names.
    """
    body = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": (
            "Astro's cross-account role: lets Astro install and look after its clusters "
            f"in this AWS account. Permissions version {edition.number}."
        ),
        "Metadata": _metadata(edition),
        "Parameters": _parameters(),
        "Conditions": _conditions(),
        "Resources": _policies(edition) | {"Role": _role(edition)},
        "Outputs": _outputs(edition),
    }
    return "\n".join([f"# {edition.line}", *yaml_lines(body)]) + "\n"


def published_name(edition: Edition) -> str:
    """The file's name where it is published: one a version, so that none is overwritten."""
    return f"astro-role-v{edition.number}-{edition.checksum[:16]}.yaml"


def parameter_names() -> tuple[str, ...]:
    """What the template asks for, in its order."""
    return tuple(_parameters())


def quick_create_url(*, console_url: str, template_url: str, external_id: str | None = None) -> str:
    """The console's page for creating the stack, filled in as far as it is known.

    AWS: `param_<Name>` fills a parameter, unless it is NoEcho. The template must be in S3.
    Raises ValueError, which does not repeat the value, for an external ID the portal did not make.
    """
    answers = {"templateURL": template_url, "stackName": facts.STACK_NAME}
    if external_id is not None:
        answers["param_ExternalId"] = document.checked(external_id)
    region = urlencode({"region": facts.CONSOLE_REGION})
    review = urlencode(answers, quote_via=quote, safe="")
    return f"{console_url}/cloudformation/home?{region}#/stacks/create/review?{review}"


_BOUNDARY = {"Ref": "PermissionsBoundaryArn"}
_NUMBERS = range(1, parameters.OWN_TAGS + 1)
_NOTHING = {"Ref": "AWS::NoValue"}


def _metadata(edition: Edition) -> dict[str, Any]:
    return {
        "AWS::CloudFormation::Interface": _interface(),
        "Astro": {
            "PermissionsVersion": str(edition.number),
            "PermissionsChecksum": edition.checksum,
        },
    }


def _interface() -> dict[str, Any]:
    labels = {"ExternalId": "External ID", "PermissionsBoundaryArn": "Permissions boundary"}
    for number in _NUMBERS:
        labels[f"TagKey{number}"] = f"Tag {number}: key"
        labels[f"TagValue{number}"] = f"Tag {number}: value"
    first, *others = labels
    return {
        "ParameterGroups": [
            {"Label": {"default": "From the Astro install portal"}, "Parameters": [first]},
            {"Label": {"default": "If your organization asks for it"}, "Parameters": others},
        ],
        "ParameterLabels": {name: {"default": label} for name, label in labels.items()},
    }


def _parameters() -> dict[str, Any]:
    taken = {
        # Not NoEcho: the console ignores such a parameter in a quick-create link.
        "ExternalId": {
            "Type": "String",
            "Description": "The external ID of your Organization, as the install portal shows it.",
            "AllowedPattern": f"^{parameters.EXTERNAL_ID_PATTERN}$",
            "MinLength": parameters.EXTERNAL_ID_LENGTH,
            "MaxLength": parameters.EXTERNAL_ID_LENGTH,
            "ConstraintDescription": parameters.EXTERNAL_ID_SHAPE,
        },
        "PermissionsBoundaryArn": _optional(
            "the ARN of a policy of yours that limits the role further",
            parameters.BOUNDARY_PATTERN,
            parameters.BOUNDARY_SHAPE,
        ),
    }
    key = f"(?!(?i:{parameters.RESERVED_TAG_KEYS})){parameters.TAG_KEY_PATTERN}"
    for number in _NUMBERS:
        taken |= {
            f"TagKey{number}": _optional("the key of a tag of yours", key, parameters.TAG_SHAPE),
            f"TagValue{number}": _optional(
                "the value of that tag", parameters.TAG_VALUE_PATTERN, parameters.TAG_SHAPE
            ),
        }
    return taken


def _optional(what: str, pattern: str, shape: str) -> dict[str, Any]:
    return {
        "Type": "String",
        "Description": f"Optional: {what}. Leave it empty if you have none.",
        "Default": "",
        "AllowedPattern": f"^$|^{pattern}$",
        "ConstraintDescription": shape,
    }


def _conditions() -> dict[str, Any]:
    given = {"HasBoundary": _BOUNDARY}
    given |= {f"HasTag{number}": {"Ref": f"TagKey{number}"} for number in _NUMBERS}
    return {name: {"Fn::Not": [{"Fn::Equals": [value, ""]}]} for name, value in given.items()}


def _tags(edition: Edition) -> list[dict[str, Any]]:
    ours = [{"Key": key, "Value": value} for key, value in edition.tags.items()]
    theirs = [
        {"Key": {"Ref": f"TagKey{number}"}, "Value": {"Ref": f"TagValue{number}"}}
        for number in _NUMBERS
    ]
    optional = [
        {"Fn::If": [f"HasTag{number}", tag, _NOTHING]}
        for number, tag in zip(_NUMBERS, theirs, strict=True)
    ]
    return ours + optional


def _policies(edition: Edition) -> dict[str, Any]:
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
        for policy in edition.policies
    }


def _role(edition: Edition) -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": facts.ROLE_NAME,
            "Description": document.ROLE_DESCRIPTION,
            "AssumeRolePolicyDocument": document.trust_document({"Ref": "ExternalId"}),
            "ManagedPolicyArns": [{"Ref": _logical_id(each)} for each in edition.policies],
            "PermissionsBoundary": {"Fn::If": ["HasBoundary", _BOUNDARY, _NOTHING]},
            "Tags": _tags(edition),
        },
    }


def _outputs(edition: Edition) -> dict[str, Any]:
    return {
        "RoleArn": {
            "Description": "The role that Astro assumes",
            "Value": {"Fn::GetAtt": ["Role", "Arn"]},
        },
        "PolicyVersion": {
            "Description": "The version of the permissions",
            "Value": str(edition.number),
        },
        "PolicyChecksum": {
            "Description": "The checksum of the permissions, as the portal shows it",
            "Value": edition.checksum,
        },
    }


def _logical_id(policy: document.ManagedPolicy) -> str:
    return f"{policy.name.removesuffix(facts.POLICY_NAME)}Policy"


def yaml_lines(value: Any, indent: str = "") -> Iterator[str]:
    """The lines of a template."""
    # A JSON scalar is a YAML scalar with one meaning only, so nothing needs guessing or quoting.
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        # `Null`, an operator of IAM's, would be no text in YAML.
        name = json.dumps(key) if key == "Null" else key
        lead = f"{indent}-" if key is None else f"{indent}{name}:"
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
