"""The role as a Terraform module of one file, for the customer's own repository."""

import re
from typing import Any

from onboarding import facts
from onboarding.policy import document, parameters
from onboarding.policy.document import Edition
from onboarding.policy.hcl import Expression, body, text

FILE_NAME = "astro-role.tf"


def module(edition: Edition) -> str:
    """The module, the same bytes for the same version of the permissions.

    It holds no external ID: that is its variable `external_id`, so that the file can be committed.
    """
    parts = (
        _heading(edition),
        _VERSIONS,
        _external_id(),
        _boundary(),
        _tags(),
        *(_policy(edition, policy) for policy in edition.policies),
        _role(edition),
        _attachments(edition),
        *_outputs(edition),
    )
    return "\n\n".join(parts) + "\n"


def _heading(edition: Edition) -> str:
    return f"""# Creates the IAM role {facts.ROLE_NAME}, through which Astro installs and
# looks after its clusters in your AWS account.
#
# Copy the external ID from the portal into the environment, where no file keeps it:
#   export TF_VAR_external_id=astro-...
#   terraform init
#   terraform apply
#
# {edition.line}"""


_VERSIONS = """terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0"
    }
  }
}"""


def _external_id() -> str:
    return _variable(
        "external_id",
        "The external ID of your Organization, as the install portal shows it.",
        {"type": Expression("string"), "sensitive": True},
        f"can(regex({text(f'^{parameters.EXTERNAL_ID_PATTERN}$')}, var.external_id))",
        parameters.EXTERNAL_ID_SHAPE,
    )


def _boundary() -> str:
    # Terraform evaluates both sides of ||; can() makes an error of the second one false.
    pattern = text(f"^({parameters.BOUNDARY_PATTERN})$")
    return _variable(
        "permissions_boundary_arn",
        "Optional: the ARN of a policy of yours that limits the role further.",
        {"type": Expression("string"), "default": None},
        f"var.permissions_boundary_arn == null || can(regex({pattern}, var.permissions_boundary_arn))",
        parameters.BOUNDARY_SHAPE,
    )


def _tags() -> str:
    key = f"can(regex({text(f'^{parameters.TAG_KEY_PATTERN}$')}, key))"
    reserved = f"can(regex({text(f'^(?i:{parameters.RESERVED_TAG_KEYS})$')}, key))"
    value = f"can(regex({text(f'^{parameters.TAG_VALUE_PATTERN}$')}, value))"
    return _variable(
        "tags",
        "Optional: tags of your own for the role and its policies.",
        {"type": Expression("map(string)"), "default": {}},
        f"alltrue([for key, value in var.tags : {key} && !{reserved} && {value}])",
        parameters.TAG_SHAPE,
    )


def _variable(name: str, what: str, settings: dict[str, Any], condition: str, shape: str) -> str:
    checks = body({"condition": Expression(condition), "error_message": shape}, "    ")
    return (
        f'variable "{name}" {{\n{body({"description": what} | settings)}\n\n'
        f"  validation {{\n{checks}\n  }}\n}}"
    )


def _policy(edition: Edition, policy: document.ManagedPolicy) -> str:
    return _resource(
        "aws_iam_policy",
        _label(policy),
        {
            "name": policy.name,
            "description": policy.description,
            "policy": _json(policy.document),
            "tags": _all_tags(edition),
        },
    )


def _role(edition: Edition) -> str:
    return _resource(
        "aws_iam_role",
        "astro",
        {
            "name": facts.ROLE_NAME,
            "description": document.ROLE_DESCRIPTION,
            "assume_role_policy": _json(document.trust_document(Expression("var.external_id"))),
            "permissions_boundary": Expression("var.permissions_boundary_arn"),
            "tags": _all_tags(edition),
        },
    )


def _attachments(edition: Edition) -> str:
    arns = {
        policy.name: Expression(f"aws_iam_policy.{_label(policy)}.arn")
        for policy in edition.policies
    }
    return _resource(
        "aws_iam_role_policy_attachment",
        "astro",
        {
            "for_each": arns,
            "role": Expression("aws_iam_role.astro.name"),
            "policy_arn": Expression("each.value"),
        },
    )


def _outputs(edition: Edition) -> tuple[str, ...]:
    values = {
        "role_arn": ("The role that Astro assumes", Expression("aws_iam_role.astro.arn")),
        "policy_version": ("The version of the permissions", str(edition.number)),
        "policy_checksum": (
            "The checksum of the permissions, as the portal shows it",
            edition.checksum,
        ),
    }
    return tuple(
        f'output "{name}" {{\n{body({"description": what, "value": value})}\n}}'
        for name, (what, value) in values.items()
    )


def _resource(kind: str, label: str, attributes: dict[str, Any]) -> str:
    return f'resource "{kind}" "{label}" {{\n{body(attributes)}\n}}'


def _json(content: dict[str, Any]) -> Expression:
    written = body({"x": content}).partition(" = ")[2]
    return Expression(f"jsonencode({written})")


def _all_tags(edition: Edition) -> Expression:
    written = body({"x": edition.tags}).partition(" = ")[2]
    return Expression(f"merge(var.tags, {written})")


def _label(policy: document.ManagedPolicy) -> str:
    """`DataPlaneAstronomerCrossAccountRole` is `data_plane`, and the first one `core`."""
    own = policy.name.removesuffix(facts.POLICY_NAME)
    return re.sub("(?<=[a-z])(?=[A-Z])", "_", own).lower() or "core"
