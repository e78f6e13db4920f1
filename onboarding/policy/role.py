"""The role as plain values, for whoever creates it call by call."""

from dataclasses import dataclass, field
from typing import Any

from onboarding import facts
from onboarding.policy import document
from onboarding.policy.document import Edition


@dataclass(frozen=True)
class RoleSpec:
    role_name: str
    description: str
    trust_policy: dict[str, Any] = field(repr=False)
    """Kept out of the repr: it holds the external ID."""
    policies: tuple[tuple[str, dict[str, Any]], ...] = field(repr=False)
    """Name and document of each managed policy to create and attach."""
    tags: dict[str, str]
    descriptions: dict[str, str]
    """Of the role and of each policy, by name."""


def role_spec(edition: Edition, external_id: str) -> RoleSpec:
    """The role that Astro needs, the same as the template's and the script's.

    Raises ValueError, which does not repeat the value, for an external ID the portal did not make.
    """
    policies = edition.policies
    return RoleSpec(
        role_name=facts.ROLE_NAME,
        description=document.ROLE_DESCRIPTION,
        trust_policy=document.trust_policy(external_id),
        policies=tuple((policy.name, policy.document) for policy in policies),
        tags=edition.tags,
        descriptions={facts.ROLE_NAME: document.ROLE_DESCRIPTION}
        | {policy.name: policy.description for policy in policies},
    )
